"""Rank fusion: several rankings of the same things made into one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_DAMPING = 60
"""The constant of reciprocal rank fusion as published (Cormack, Clarke, Büttcher 2009)."""


def share(rank: int) -> float:
    """What a place in one ranking (0 is the first) adds to a fused score."""
    return 1.0 / (_DAMPING + rank + 1)


def fused(rankings: Iterable[tuple[float, Iterable[str]]]) -> dict[str, float]:
    """Reciprocal rank fusion of rankings with weights: what stands high in several comes first. Higher is better."""
    scores: dict[str, float] = {}
    for weight, ranking in rankings:
        places = list(ranking)
        for id, one in zip(places, _shares(len(places)), strict=True):
            scores[id] = scores.get(id, 0.0) + weight * one
    return scores


@lru_cache(maxsize=512)
def _shares(count: int) -> tuple[float, ...]:
    return tuple(share(rank) for rank in range(count))
