"""An embedder without a model: words and letter groups, hashed. For tests and the smallest deployments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np

from retrieval.embedders.base import Vectors
from retrieval.words import words

_VERSION = 1


class HashingEmbedder:
    """Finds what is worded alike, also with slips of spelling; knows nothing of meaning. The same on every machine."""

    def __init__(self, dimension: int = 512) -> None:
        self._dimension = dimension

    @property
    def name(self) -> str:
        return f"hashing-{self._dimension}"

    @property
    def fingerprint(self) -> str:
        return f"hashing-v{_VERSION}-{self._dimension}"

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def window(self) -> int:
        return 200

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for feature, weight in _features(text):
                code = crc32(feature.encode("utf-8", "replace"))
                row[(code >> 1) % self._dimension] += weight if code & 1 else -weight
        # Features can cancel out; a first coordinate keeps every row comparable.
        rows[~rows.any(axis=1), 0] = 1.0
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def _features(text: str) -> Iterator[tuple[str, float]]:
    """Words, and letter groups of three inside them; long words tell more than short ones."""
    for word in words(text):
        weight = min(len(word), 8) / 8
        yield word, weight * weight
        for start in range(len(word) - 2):
            yield f"~{word[start : start + 3]}", weight * 0.2
