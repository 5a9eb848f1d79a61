"""An embedder that remembers, for runs that embed the same passages for several indexes or folds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval import Embedder
from retrieval.embedders.base import Vectors


class RememberingEmbedder:
    """Embeds each text once. Don't time queries through it: a text that was seen before costs nothing."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._seen: dict[str, Vectors] = {}

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
        new = list(dict.fromkeys(text for text in texts if text not in self._seen))
        if new:
            self._seen.update(zip(new, self._embedder.embed(new), strict=True))
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.array([self._seen[text] for text in texts], dtype=np.float32)
