"""An embedder that stands before another one, as the same model."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.embedders.base import Embedder, Vectors, query_vectors


class WrappedEmbedder:
    """Passes everything on: a base for embedders that remember, or measure, what is asked of the one beneath."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def fingerprint(self) -> str:
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    @property
    def window(self) -> int:
        return self._embedder.window

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As the embedder beneath searches: by its own faster way, where it has one."""
        return query_vectors(self._embedder, texts)
