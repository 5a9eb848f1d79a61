"""What the light classifiers look at: a sentence's embedding beside its weighted letter groups."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from copilot.text import plain

Floats = npt.NDArray[np.float32]
Row = tuple[npt.NDArray[np.int64], Floats]
"""A sparse row: places and values."""

_WORD = re.compile(r"\w+")
_LONG_WORD = re.compile(r"\w{2,}")
LENGTHS = (3, 4, 5)
FEWEST_TEXTS = 3
"""Texts that a letter group must stand in to count."""
LONGEST = 2_000
"""Characters of a sentence that are looked at."""
MOST_WORDS = 8192
"""Words whose letter groups are remembered."""
SHARE = 0.7
"""Length of the letter groups' part of a row, beside 1 for the embedding."""


def grams(text: str) -> Iterator[str]:
    """Groups of three to five letters within each word and its edges: a misspelt word keeps most of them."""
    for word in _words(text):
        yield from _grams_of(word)


def _words(text: str) -> list[str]:
    return _WORD.findall(plain(text[:LONGEST]).text)


def _grams_of(word: str) -> Iterator[str]:
    edged = f" {word} "
    for length in LENGTHS:
        for start in range(len(edged) - length + 1):
            yield edged[start : start + length]


def terms(text: str) -> list[str]:
    """Words and pairs of neighbouring words, case-folded and without invisible characters."""
    words = _LONG_WORD.findall(plain(text).text)
    return [*words, *(f"{one} {other}" for one, other in zip(words, words[1:], strict=False))]


@dataclass(frozen=True)
class Grams:
    """Weights of letter groups, learned from texts: smoothed inverse document frequency."""

    index: dict[str, int]
    weights: Floats

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Grams:
        counts = Counter(gram for text in texts for gram in set(grams(text)))
        kept = sorted(gram for gram, count in counts.items() if count >= FEWEST_TEXTS)
        idf = [math.log((1 + len(texts)) / (1 + counts[gram])) + 1 for gram in kept]
        return cls({gram: number for number, gram in enumerate(kept)}, np.asarray(idf, dtype=np.float32))

    @cached_property
    def _known(self) -> Callable[[str], tuple[int, ...]]:
        """The places of a word's known groups: most words come again and again."""
        return lru_cache(maxsize=MOST_WORDS)(
            lambda word: tuple(self.index[gram] for gram in _grams_of(word) if gram in self.index)
        )

    def row(self, text: str) -> Row:
        """The text's known groups, the values of length `SHARE`; empty where none is known."""
        ordered = sorted(Counter(chain.from_iterable(map(self._known, _words(text)))).items())
        places = np.array([place for place, _ in ordered], dtype=np.int64)
        values = np.array([1 + math.log(count) for _, count in ordered], dtype=np.float32) * self.weights[places]
        length = float(np.linalg.norm(values))
        return places, (values * (SHARE / length) if length else values).astype(np.float32)


@dataclass(frozen=True)
class Linear:
    """Linear scores of sentences: one column a label."""

    dense: Floats
    """(embedding, labels)."""
    sparse: Floats
    """(letter groups, or what they are hashed to, labels)."""
    intercept: Floats
    """(labels,)."""

    def scores(self, embeddings: Floats, rows: Sequence[Row]) -> Floats:
        """(n, labels) of n sentences."""
        lexical = [values @ self.sparse[places] for places, values in rows]
        return (embeddings @ self.dense + np.array(lexical, dtype=np.float32) + self.intercept).astype(np.float32)
