"""An embedder that counts, for tests of what is embedded and what is not."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.embedders import HashingEmbedder, Vectors


class CountingEmbedder(HashingEmbedder):
    """Hashes, and keeps every text that it was given."""

    def __init__(self) -> None:
        super().__init__(128)
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts.extend(texts)
        return super().embed(texts)
