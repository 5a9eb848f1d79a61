"""Postings: which passages hold a word and how much it says there, as arrays that can be mapped into memory."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from operator import itemgetter
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.engine.adding import adder

K1, B = 1.5, 0.75
"""BM25's constants: how soon repetition stops counting, and how much a long passage is held back."""

_BLOCK = 2**20
"""Passages that are scored at a time: their scores, 4 MB, stay in a large cache."""

_MOST, _SOME = 0.5, 2
"""Share of the passages, and queries, that make it worth while to lay a word's weights out for every passage."""

_APART = 2**22
"""Scores of single queries, all together, up to which they are kept apart: 16 MB."""

_Edges: TypeAlias = dict[str, list[int]]
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
    ) -> Iterator[NDArray[np.float32]]:
        """For every passage (count,) its highest score for any of the queries (word to its factor); then, with weights,
        the sum of its scores for all of them, each times its weight."""
        highest, spare, whole = (np.empty(self.count if wanted else 0, dtype=np.float32) for wanted in (1, 1, weights))
        each = [highest, *([spare] * (len(queries) - 1))]
        for number, these in self._added(queries, each):
            if number:
                np.maximum(highest[these], spare[these], out=highest[these])
            if weights:
                part = np.multiply(each[number][these], np.float32(weights[number]), out=spare[these])
                np.add(whole[these] if number else 0.0, part, out=whole[these])
        yield from (highest, whole) if weights else (highest,)

    def apart(self, queries: Sequence[Mapping[str, float]]) -> list[NDArray[np.float32]] | None:
        """For every passage its score for each of the queries; none where these are too many to be kept."""
        if not 0 < len(queries) <= _APART // max(1, self.count):
            return None
        each = [np.empty(self.count, dtype=np.float32) for _ in queries]
        for _ in self._added(queries, each):
            pass
        return each

    def _added(
        self, queries: Sequence[Mapping[str, float]], each: Sequence[NDArray[np.float32]]
    ) -> Iterator[tuple[int, slice]]:
        """Puts the scores of each query into its place, a block of passages at a time; tells after each block of which
        query it was."""
        edges = self._edges(list(dict.fromkeys(word for query in queries for word in query)))
        rows = self._rows(queries, edges)
        asked = [_ordered(query, edges.keys() - rows.keys(), edges) for query in queries]
        add = adder(sum(ends[-1] - ends[0] for pieces in asked for _, ends in pieces))
        # Some passages at a time, so that their scores stay in the processor's cache for all words of all queries.
        for block, start in enumerate(range(0, self.count, _BLOCK)):
            these = slice(start, start + _BLOCK)
            for word, row in rows.items():
                row[these] = 0.0
                add(row, self.places, self.weights, [(1.0, edges[word][block], edges[word][block + 1])])
            for number, (query, pieces, into) in enumerate(zip(queries, asked, each, strict=True)):
                into[these] = 0.0
                for word in rows:
                    if word in query:
                        into[these] += np.float32(query[word]) * rows[word][these]
                add(into, self.places, self.weights, [(by, ends[block], ends[block + 1]) for by, ends in pieces])
                yield number, these

    def _edges(self, words: Sequence[str]) -> _Edges:
        """Of each word that is there, where its postings of each block of passages start, and where they end; the words
        with the last postings first."""
        starts = np.arange(_BLOCK, self.count, _BLOCK, dtype=np.int32)
        spans = zip(words, *(ends.tolist() for ends in self.spans(words)), strict=True)
        found: _Edges = {}
        for word, first, last in sorted(spans, key=itemgetter(1), reverse=True):
            if first < last:
                inner = self.places[first:last].searchsorted(starts) + first if len(starts) else starts
                found[word] = [first, *inner.tolist(), last]
        return found

    def _rows(self, queries: Sequence[Mapping[str, float]], edges: _Edges) -> dict[str, NDArray[np.float32]]:
        """Room for what each word says in every passage, for words that stand in most passages and some queries: taking
        that times a factor is quicker than going through their postings for each query."""
        often = [word for word, ends in edges.items() if ends[-1] - ends[0] > _MOST * self.count]
        shared = [word for word in often if sum(word in query for query in queries) > _SOME]
        return {word: np.empty(self.count, dtype=np.float32) for word in shared}

    def spans(self, words: Sequence[str]) -> Spans:
        """Where each word's postings start and end; an empty span for a word that stands nowhere."""
        numbers, known = self.numbers(words)
        if not len(self.hashes):
            return numbers, numbers
        return np.where(known, self.starts[numbers], 0), np.where(known, self.starts[numbers + 1], 0)

    def numbers(self, words: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Each word's number among all, and whether it is there at all; the number of one that isn't says nothing."""
        wanted = np.array([hashed(word) for word in words], dtype=np.uint64)
        if not len(self.hashes):
            return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
        at = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        return at, self.hashes[at] == wanted


def _ordered(query: Mapping[str, float], words: Collection[str], edges: _Edges) -> list[tuple[float, list[int]]]:
    """The factors and edges of those of the words that the query has, in the order of their edges."""
    # No word shares its first posting with another.
    found = [(query[word], edges[word]) for word in query if word in words]
    return sorted(found, key=lambda piece: piece[1], reverse=True)


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
