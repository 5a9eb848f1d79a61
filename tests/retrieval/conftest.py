from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from retrieval.embedders import Embedder, OnnxEmbedder, SentenceTransformerEmbedder
from retrieval.indexes import ChromaIndex
from tests.retrieval import tiny_models
from tests.retrieval import workers as own
from tests.retrieval.counting import CountingEmbedder
from tests.retrieval.index_contract import ALL
from tests.retrieval.snapshots import SMALL, open_index


@pytest.fixture(scope="session")
def minilm() -> SentenceTransformerEmbedder:
    """The real default model, loaded once."""
    embedder = SentenceTransformerEmbedder()
    embedder.embed(["ready"])
    return embedder


@pytest.fixture(scope="session")
def fast() -> OnnxEmbedder:
    """The same model as it is used."""
    return OnnxEmbedder()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes tiny models, each once. What is made here is shared: a test that spoils one copies it."""

    @cache
    def make(kind: str, pooling: str = "mean") -> Path:
        return tiny_models.make(tmp_path_factory.mktemp("model"), kind, pooling)

    return make


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def synced(tmp_path: Path) -> Path:
    """A folder with a snapshot of three passages."""
    with open_index(tmp_path, SMALL) as index:
        index.sync(ALL)
    return tmp_path


@pytest.fixture
def never() -> Callable[[Embedder], ChromaIndex]:
    def refuse(embedder: Embedder) -> ChromaIndex:
        raise AssertionError("the durable store was opened")

    return refuse


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[own.Workers]:
    with own.workers(monkeypatch) as made:
        yield made
