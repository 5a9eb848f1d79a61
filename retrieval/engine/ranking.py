"""The best of many scores without sorting them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.engine.pools import Pool

Places: TypeAlias = NDArray[np.signedinteger[Any]]

_BLOCK = 128
_GRAIN = 5
"""Decimals that scores are compared by, so that the order is the same whatever batch they were computed in."""

_LARGE = 0.25
"""Share of all passages from which a pool's best are looked for among the best of all."""
_TIMES, _PART = 4, 64
"""How many of all are looked at: so many times what is wanted, or that part of all, mostly hold what every large pool
wants."""
_STEP = 32
_NONE = np.zeros(0, dtype=np.intp)


def best(scores: NDArray[np.float32], k: int, above: float) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Places and rounded scores of the `k` highest scores that exceed `above`, highest first, ties by place.

    The k-th highest of the blocks' maxima is at most the k-th highest score, so only what reaches it is sorted.
    """
    floor = max(above, _floor(scores, k) - 10.0**-_GRAIN)
    places = np.flatnonzero(scores > floor)
    found = in_grains(scores[places])
    order = np.lexsort((places, -found))[:k]
    return places[order], found[order]


def promising(scores: NDArray[np.float32], k: int, pools: Sequence[Pool]) -> Iterator[Places]:
    """For each pool, by place, passages among which are all of its `k` best that score at all."""
    large = any(pool.share > _LARGE for pool in pools)
    floor = max(0.0, _reached_by(scores, max(_TIMES * k, len(scores) // _PART))) if large else 0.0
    places = np.flatnonzero(scores > floor - 10.0**-_GRAIN * (floor > 0)) if large else _NONE
    for pool in pools:
        if pool.share <= _LARGE:
            yield pool.places
            continue
        # Nothing is left out that compares as equal to the floor or higher.
        within = places[pool.mask[places]]
        yield within if floor == 0.0 or np.count_nonzero(scores[within] >= floor) >= k else pool.places


def united(parts: Sequence[Places]) -> NDArray[np.int32]:
    """All places, rising, each once. What np.unique gives, which takes ten times as long."""
    every = np.sort(np.concatenate(parts)).astype(np.int32, copy=False)
    found: NDArray[np.int32] = every[np.concatenate([every[:1] >= 0, every[1:] != every[:-1]])]
    return found


def in_grains(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """Scores as they are compared."""
    return scores.astype(np.float64).round(_GRAIN)


def _floor(scores: NDArray[np.float32], k: int) -> float:
    whole = len(scores) - len(scores) % _BLOCK
    if whole < k * _BLOCK:
        return -np.inf if len(scores) <= k else float(np.partition(scores, len(scores) - k)[len(scores) - k])
    # Any blocks will do; those of scores that stand apart are compared row by row, which takes a fraction of the time.
    maxima = scores[:whole].reshape(_BLOCK, -1).max(axis=0)
    return float(np.partition(maxima, len(maxima) - k)[len(maxima) - k])


def _reached_by(scores: NDArray[np.float32], k: int) -> float:
    """What about `k` of the scores reach, seen from a part of very many."""
    some = scores[::_STEP] if len(scores) > _STEP * 2**9 else scores
    least = len(some) - min(len(some), k * len(some) // len(scores) + 1) if len(some) else 0
    return float(np.partition(some, least)[least]) if least else -np.inf
