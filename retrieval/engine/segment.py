"""A segment: passages that can be searched by meaning and by words, and never change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from policy_corpus import Passage
from retrieval.embedders.base import Vectors
from retrieval.engine.pools import Pool, Pools
from retrieval.engine.postings import Postings, gathered
from retrieval.engine.product import ProductCodes
from retrieval.engine.ranking import best
from retrieval.engine.telling import telling
from retrieval.engine.vectors import Rows

EXACT_UP_TO = 20_000
"""Rows of a segment up to which every one is compared; above, candidates come from a coarse pass."""
_PICKED_UP_TO = 8_192
"""Passages of a pool up to which every one is compared all the same: picking rows out costs more than comparing."""

_LARGE = 0.25
"""Share of all passages from which a pool is searched by looking at all."""
_TIMES = 4
_NONE = np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float64)


@dataclass(frozen=True)
class Segment:
    """Passages in the order of their ids, so that equal scores go by id."""

    ids: Sequence[str]
    digests: NDArray[np.bytes_]
    """Of each passage, so that one whose text changed is noticed."""
    rows: Rows
    postings: Postings
    vocabulary: Sequence[str]
    """The words of the postings in the order of their hashes."""
    coarse: ProductCodes | None = None
    exact_up_to: int = _PICKED_UP_TO

    @cached_property
    def places(self) -> Mapping[str, int]:
        return {id: place for place, id in enumerate(self.ids)}

    @cached_property
    def _names(self) -> Sequence[str]:
        """The ids as a plain sequence, which is quicker to take from than a file's lines."""
        return self.ids[:]

    @cached_property
    def pools(self) -> Pools:
        return Pools(self, len(self.ids))

    def digest(self, id: str) -> str | None:
        """The digest of the passage as it is held; none when it isn't."""
        place = self.places.get(id)
        return None if place is None else self.digests[place].decode()

    def near(self, vectors: Vectors, k: int, pool: Pool) -> list[tuple[str, float]]:
        """The `k` passages of the pool that are nearest to any of the vectors: ids with exact cosines."""
        if not len(pool.places):
            return []
        if self.coarse is not None and len(pool.places) > self.exact_up_to:
            places = self.coarse.candidates(vectors, k, pool, self.rows)
            return self._named(*best(self.rows.cosines_of(places, vectors), k, -2.0), places)
        if pool.share > _LARGE:
            cosines = np.where(pool.mask, self.rows.cosines(vectors), np.float32(-2.0))
            return self._named(*best(cosines, k, -2.0))
        return self._named(*best(self.rows.cosines_of(pool.places, vectors), k, -2.0), pool.places)

    def worded(
        self, queries: Sequence[Mapping[str, float]], k: int, pools: Sequence[Pool], weights: Sequence[float] = ()
    ) -> list[list[tuple[str, float]]]:
        """In each pool the `k` passages with the highest BM25 score for any of the queries (word to its factor).

        With weights, one for each query, the same pools follow once more by the weighted sum of the scores.
        """
        highest, whole = self.postings.scored(queries, weights)
        kinds = (highest, whole) if weights else (highest,)
        return [found for scores in kinds for found in self._best_of(scores, k, pools)]

    def _best_of(self, scores: NDArray[np.float32], k: int, pools: Sequence[Pool]) -> Iterator[list[tuple[str, float]]]:
        """The best of each pool. A few times as many as are wanted mostly hold them for all large pools."""
        places, found = best(scores, _TIMES * k, 0.0) if any(pool.share > _LARGE for pool in pools) else _NONE
        for pool in pools:
            if pool.share <= _LARGE:
                yield self._named(*best(scores[pool.places], k, 0.0), pool.places)
                continue
            within = np.flatnonzero(pool.mask[places])[:k]
            if len(within) == k or len(places) < _TIMES * k:
                yield self._named(places[within], found[within])
            else:
                yield self._named(*best(scores * pool.mask, k, 0.0))

    def _named(
        self, at: NDArray[np.intp], scores: NDArray[np.float64], places: NDArray[np.int32] | None = None
    ) -> list[tuple[str, float]]:
        found = at if places is None else places[at]
        names = self._names
        return [(names[place], score) for place, score in zip(found.tolist(), scores.tolist(), strict=True)]


def made(passages: Collection[Passage], vectors: Mapping[str, Sequence[NDArray[np.float32]]], dimension: int,
         average: float | None = None) -> Segment:  # fmt: skip
    """A segment in memory.

    Args:
        vectors: the rows of each passage by its id, at least one each.
        average: words in a passage that BM25 compares lengths with; by default that of these passages.
    """
    held = sorted(passages, key=lambda passage: passage.id)
    sizes = [len(vectors[passage.id]) for passage in held]
    rows = np.array([row for passage in held for row in vectors[passage.id]], dtype=np.float32).reshape(-1, dimension)
    postings, vocabulary = gathered((telling(f"{one.title} {one.text}") for one in held), average)
    return Segment(
        ids=tuple(passage.id for passage in held),
        digests=np.array([passage.digest for passage in held], dtype="S64"),
        rows=Rows(rows, np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])),
        postings=postings,
        vocabulary=vocabulary,
    )
