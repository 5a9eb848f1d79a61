"""A segment: passages that can be searched by meaning and by words, and never change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from policy_corpus import Passage
from retrieval.embedders.base import Vectors
from retrieval.engine import shortlist, weighing
from retrieval.engine.contents import Contents
from retrieval.engine.once import once
from retrieval.engine.pools import Pool, Pools
from retrieval.engine.postings import Postings, gathered
from retrieval.engine.product import ProductCodes
from retrieval.engine.ranking import Places, best, promising, united
from retrieval.engine.telling import telling
from retrieval.engine.vectors import Rows, highest_in

EXACT_UP_TO = 20_000
"""Rows of a segment up to which every one is compared; above, candidates come from a coarse pass."""
_PICKED_UP_TO = 8_192
"""Passages of a pool up to which every one is compared all the same: picking rows out costs more than comparing."""

_LARGE = 0.25
"""Share of all passages from which a pool is searched by meaning by looking at all."""


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

    @once
    def places(self) -> Mapping[str, int]:
        return {id: place for place, id in enumerate(self.ids)}

    @once
    def _names(self) -> Sequence[str]:
        """The ids as a plain sequence, which is quicker to take from than a file's lines."""
        return self.ids[:]

    @once
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
    ) -> Iterator[list[tuple[str, float]]]:
        """In each pool the `k` passages with the highest BM25 score for any of the queries (word to its factor).

        With weights, one for each query, the same pools follow once more by the weighted sum of the scores; the weights
        may be told only when these are asked for. Above `shortlist.FULL` postings the best are sought among those that
        hold the rarer words, and some are missed.
        """
        if pools and (few := shortlist.rare(self.postings, queries)):
            yield from self._shortlisted(few, queries, k, pools, weights)
            return
        if weights and (each := self.postings.apart(queries)):
            yield from self._weighed(each, k, pools, weights)
            return
        for scores in self.postings.scored(queries, weights):
            for found in self._best_of(scores, k, pools):
                yield self._named(*found)

    def _weighed(
        self, each: weighing.Scores, k: int, pools: Sequence[Pool], weights: Sequence[float]
    ) -> Iterator[list[tuple[str, float]]]:
        """As `worded`, from the scores of each query; all that can be is done before the weights are looked at."""
        plain = cache(lambda: weighing.weighed(each, [1.0] * len(each)))
        ready = [weighing.Ready.of(pool, each, plain) for pool in pools]
        for found in self._best_of(weighing.highest(each), k, pools):
            yield self._named(*found)
        whole = cache(lambda: weighing.weighed(each, weights))
        for pool, those in zip(pools, ready, strict=True):
            yield self._named(*(those.best(k, weights) or next(self._best_of(whole(), k, [pool]))))

    def _shortlisted(
        self,
        few: Sequence[Mapping[str, float]],
        queries: Sequence[Mapping[str, float]],
        k: int,
        pools: Sequence[Pool],
        weights: Sequence[float],
    ) -> Iterator[list[tuple[str, float]]]:
        """As `worded`, among the passages that are the best of their pools by a few words of each query."""
        size = shortlist.listed(k, (2 if weights else 1) * len(pools))
        places = shortlist.chosen(next(self.postings.scored(few)), size, pools)
        if weights:
            # They may be told only later, so that all count alike here.
            evenly = next(self.postings.scored([shortlist.together(few)]))
            places = united([places, shortlist.chosen(evenly, shortlist.EVENLY * size, pools)])
        scores = self._contents.scores(places, queries)
        within = [np.flatnonzero(pool.mask[places]) for pool in pools]
        highest = highest_in(scores)
        for inside in within:
            yield self._named(*best(highest[inside], k, 0.0), places[inside])
        whole = np.vecdot(scores, np.array(weights, np.float32)) if weights else highest
        for inside in within if weights else ():
            yield self._named(*best(whole[inside], k, 0.0), places[inside])

    @once
    def _contents(self) -> Contents:
        return Contents.of(self.postings)

    def _best_of(
        self, scores: NDArray[np.float32], k: int, pools: Sequence[Pool]
    ) -> Iterator[tuple[Places, NDArray[np.float64]]]:
        """The best of each pool, places with scores."""
        for among in promising(scores, k, pools):
            at, found = best(scores[among], k, 0.0)
            yield among[at], found

    def _named(
        self, at: Places, scores: NDArray[np.float64], places: NDArray[np.int32] | None = None
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
