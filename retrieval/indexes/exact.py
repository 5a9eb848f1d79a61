"""Exact search over vectors in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from retrieval.embedders.base import Vectors
from retrieval.indexes.base import nearest
from retrieval.subsets import Subset


@dataclass(frozen=True, slots=True)
class ExactRows:
    """Vectors (n, d), and which passage each belongs to."""

    passages: tuple[str, ...]
    rows: Vectors

    def search(self, vectors: Vectors, k: int, allowed: Collection[str] | None) -> list[tuple[str, float]]:
        """As `Index.search`: every row is compared with every vector."""
        if not self.passages or not len(vectors) or k < 1:
            return []
        cosines = (self.rows @ vectors.T).max(axis=1)
        if allowed is None:
            return nearest(zip(self.passages, cosines.tolist(), strict=True), k)
        within = allowed.ids if isinstance(allowed, Subset) else frozenset(allowed)
        places = [place for place, passage in enumerate(self.passages) if passage in within]
        scores = cosines[np.array(places, dtype=np.intp)].tolist()
        return nearest(((self.passages[place], score) for place, score in zip(places, scores, strict=True)), k)
