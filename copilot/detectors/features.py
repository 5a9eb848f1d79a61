"""What the light classifiers look at: a text's embedding beside its weighted words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copilot.text import plain

Floats = npt.NDArray[np.float32]

_WORD = re.compile(r"\w{2,}")
FEWEST_TEXTS = 2
"""Texts that a word must stand in to count."""


def terms(text: str) -> list[str]:
    """Words and pairs of neighbouring words, case-folded and without invisible characters."""
    words = _WORD.findall(plain(text).text)
    return [*words, *(f"{one} {other}" for one, other in zip(words, words[1:], strict=False))]


@dataclass(frozen=True)
class Words:
    """Term weights learned from texts: inverse document frequency, smoothed as scikit-learn does by default."""

    index: dict[str, int]
    weights: Floats

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Words:
        counts = Counter(term for text in texts for term in set(terms(text)))
        kept = sorted(term for term, count in counts.items() if count >= FEWEST_TEXTS)
        idf = [math.log((1 + len(texts)) / (1 + counts[term])) + 1 for term in kept]
        return cls({term: number for number, term in enumerate(kept)}, np.asarray(idf, dtype=np.float32))

    def vectors(self, texts: Iterable[str]) -> Floats:
        """(n, terms) float32, each row of unit length or all zero."""
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, len(self.index)), dtype=np.float32)

    def _vector(self, text: str) -> Floats:
        row = np.zeros(len(self.index), dtype=np.float32)
        for term, count in Counter(terms(text)).items():
            if (place := self.index.get(term)) is not None:
                row[place] = (1 + math.log(count)) * self.weights[place]
        length = float(np.linalg.norm(row))
        return row / length if length else row
