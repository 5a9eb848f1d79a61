"""Weighing: sums of the scores of several queries, each times a weight that may be told only later.

What needs no weights is done before: the best by the plain sum are laid ready, with their scores for each query. No
weighted sum exceeds the plain one times the highest weight, which mostly shows that the best are among them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.engine.pools import Pool
from retrieval.engine.ranking import Places, best, promising

Scores = Sequence[NDArray[np.float32]]
"""Those of each query, for every passage."""

_READY = 4_096
"""Passages of a pool that are laid ready; all, where there are at most `_TIMES` as many."""
_TIMES = 4
_SLACK = 1e-5
"""How far sums of rounded numbers may be off, and the grain that they are compared by."""


def highest(each: Scores) -> NDArray[np.float32]:
    """The highest score for any query."""
    found = each[0].copy()
    for scores in each[1:]:
        np.maximum(found, scores, out=found)
    return found


def weighed(each: Scores, weights: Sequence[float]) -> NDArray[np.float32]:
    """The sum of the scores, each times its weight."""
    whole, part = np.zeros_like(each[0]), np.empty_like(each[0])
    for scores, weight in zip(each, weights, strict=True):
        np.add(whole, np.multiply(scores, np.float32(weight), out=part), out=whole)
    return whole


@dataclass(frozen=True, slots=True)
class Ready:
    """Of a pool the passages that are the best by the plain sum of their scores."""

    places: Places
    each: Scores
    """Of these passages."""
    left: float
    """No other passage of the pool has a higher plain sum."""

    @classmethod
    def of(cls, pool: Pool, each: Scores, plain: Callable[[], NDArray[np.float32]]) -> Ready:
        """
        Args:
            plain: gives the sums.
        """
        places: Places = pool.places
        left = 0.0
        if len(places) > _TIMES * _READY:
            (among,) = promising(plain(), _READY, [pool])
            held = plain()[among]
            left = float(np.partition(held, len(held) - _READY)[len(held) - _READY]) if len(held) > _READY else 0.0
            places = among[held >= left]
        return cls(places, [scores[places] for scores in each], left)

    def best(self, k: int, weights: Sequence[float]) -> tuple[Places, NDArray[np.float64]] | None:
        """Places and scores of the pool's `k` best by the weighted sum, as `ranking.best`; none where there may be
        better ones among the rest."""
        at, found = best(weighed(self.each, weights), k, 0.0)
        most = self.left * max(0.0, *weights) * (1 + _SLACK) + _SLACK * (self.left > 0)
        enough = most == 0.0 or len(found) == k and found[-1] > most
        return (self.places[at], found) if enough else None
