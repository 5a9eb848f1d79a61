"""Postings: which passages hold a word and how much it says there, as arrays that can be mapped into memory."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.engine.adding import adder

K1, B = 1.5, 0.75
"""BM25's constants: how soon repetition stops counting, and how much a long passage is held back."""

_BLOCK = 2**20
"""Passages that are scored at a time: their scores, 4 MB, stay in a large cache."""

Spans: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Where the postings of some words start and end."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The part of BM25 that a passage fixes; how rare a word is comes in with the search.

    Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009. A word is known by a 64-bit
    hash: among 10⁶ words two share one with a probability below 10⁻⁷.
    """

    hashes: NDArray[np.uint64]
    """One for each word, rising."""
    starts: NDArray[np.int64]
    """Where each word's postings start; one more than there are words."""
    places: NDArray[np.int32]
    """Passages by place, rising within a word."""
    weights: NDArray[np.float32]
    """tf·(k1 + 1) / (tf + k1·(1 − b + b·length/average)) for each posting."""
    count: int
    """How many passages there are, with words or without."""
    average: float
    """Words in a passage that the weights were computed with."""

    def spread(self, words: Sequence[str]) -> NDArray[np.int64]:
        """In how many passages each word stands."""
        first, last = self.spans(words)
        return last - first

    def scored(
        self, queries: Sequence[Mapping[str, float]], weights: Sequence[float] = ()
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """For every passage (count,) its highest score for any of the queries (word to its factor), and the sum of its
        scores for all of them, each times its weight; 0 without weights."""
        highest, whole, scores = np.zeros((3, self.count), dtype=np.float32)
        asked = [self._pieces(query) for query in queries]
        add = adder(sum(edges[-1] - edges[0] for pieces in asked for _, edges in pieces))
        # Some passages at a time, so that their scores stay in the processor's cache for all words of all queries.
        for block, start in enumerate(range(0, self.count, _BLOCK)):
            these = slice(start, start + _BLOCK)
            for number, pieces in enumerate(asked):
                into = scores if number else highest
                into[these] = 0.0
                for factor, edges in pieces:
                    first, last = edges[block], edges[block + 1]
                    if first < last:
                        add(into, self.places[first:last], factor, self.weights[first:last])
                if weights:
                    whole[these] += np.float32(weights[number]) * into[these]
                if number:
                    np.maximum(highest[these], scores[these], out=highest[these])
        return highest, whole

    def _pieces(self, words: Mapping[str, float]) -> list[tuple[np.float32, list[int]]]:
        """Each word's factor, and where its postings of each block of passages start."""
        names = list(words)
        starts = np.arange(_BLOCK, self.count, _BLOCK, dtype=np.int32)
        found = []
        for name, first, last in zip(names, *(ends.tolist() for ends in self.spans(names)), strict=True):
            inner = self.places[first:last].searchsorted(starts) + first if len(starts) else ()
            found.append((np.float32(words[name]), [first, *map(int, inner), last]))
        return found

    def held(self, words: Sequence[tuple[int, int]], place: int) -> Iterator[int]:
        """Which of the words, given by their spans, stand in the passage; by number, in order."""
        for number, (first, last) in enumerate(words):
            at = first + int(self.places[first:last].searchsorted(place))
            if at < last and self.places[at] == place:
                yield number

    def spans(self, words: Sequence[str]) -> Spans:
        """Where each word's postings start and end; an empty span for a word that stands nowhere."""
        wanted = np.array([hashed(word) for word in words], dtype=np.uint64)
        if not len(self.hashes):
            return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.int64)
        at = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        known = self.hashes[at] == wanted
        return np.where(known, self.starts[at], 0), np.where(known, self.starts[at + 1], 0)


@lru_cache(maxsize=2**16)
def hashed(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def gathered(texts: Iterable[Sequence[str]], average: float | None = None) -> tuple[Postings, tuple[str, ...]]:
    """Postings of passages given as words, and the words themselves in the order of their hashes.

    Args:
        average: words in a passage to compare lengths with; by default the average of these.
    """
    numbers: dict[str, int] = {}
    words, places, times, lengths = array("i"), array("i"), array("f"), array("f")
    for place, text in enumerate(texts):
        counts = Counter(text)
        words.extend(numbers.setdefault(word, len(numbers)) for word in counts)
        places.extend([place] * len(counts))
        times.extend(counts.values())
        lengths.append(len(text))
    names = np.array([hashed(word) for word in numbers], dtype=np.uint64)
    ranks = np.argsort(names)
    renamed = np.empty(len(ranks), np.int32)
    renamed[ranks] = np.arange(len(ranks), dtype=np.int32)
    numbered, placed = renamed[np.frombuffer(words, np.int32)], np.frombuffer(places, np.int32)
    order = np.argsort(numbered, kind="stable")
    length = np.frombuffer(lengths, np.float32)
    mean = average or (float(length.mean()) if len(length) else 0.0) or 1.0
    made = Postings(
        hashes=names[ranks],
        starts=np.searchsorted(numbered[order], np.arange(len(ranks) + 1)).astype(np.int64),
        places=placed[order],
        weights=_saturated(np.frombuffer(times, np.float32)[order], length[placed[order]] / mean),
        count=len(length),
        average=mean,
    )
    known = list(numbers)
    return made, tuple(known[at] for at in ranks)


def _saturated(times: NDArray[np.float32], length: NDArray[np.float32]) -> NDArray[np.float32]:
    weights: NDArray[np.float32] = (times * (K1 + 1) / (times + K1 * (1 - B + B * length))).astype(np.float32)
    return weights
