from __future__ import annotations

import pytest

from retrieval.embedders import SentenceTransformerEmbedder


@pytest.fixture(scope="session")
def minilm() -> SentenceTransformerEmbedder:
    """The real default model, loaded once."""
    embedder = SentenceTransformerEmbedder()
    embedder.embed(["ready"])
    return embedder
