"""An embedder that recalls the vectors of texts it was told, and asks the real one for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from retrieval.embedders.base import Embedder, Vectors
from retrieval.embedders.wrapped import WrappedEmbedder


class Recalling(WrappedEmbedder):
    """Stands before an embedder while vectors that are known already are put into a store."""

    def __init__(self, embedder: Embedder, known: Mapping[str, Vectors]) -> None:
        super().__init__(embedder)
        self._known = known

    def embed(self, texts: Sequence[str]) -> Vectors:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        made = dict(zip(new, self._embedder.embed(new), strict=True)) if new else {}
        rows = [self._known[text] if text in self._known else made[text] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)
