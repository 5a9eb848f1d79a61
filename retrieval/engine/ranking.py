"""The best of many scores without sorting them all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BLOCK = 128
_GRAIN = 5
"""Decimals that scores are compared by, so that the order is the same whatever batch they were computed in."""


def best(scores: NDArray[np.float32], k: int, above: float) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Places and rounded scores of the `k` highest scores that exceed `above`, highest first, ties by place.

    The k-th highest of the blocks' maxima is at most the k-th highest score, so only what reaches it is sorted.
    """
    floor = max(above, _floor(scores, k) - 10.0**-_GRAIN)
    places = np.flatnonzero(scores > floor)
    found = in_grains(scores[places])
    order = np.lexsort((places, -found))[:k]
    return places[order], found[order]


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
