"""Rank fusion: several rankings of the same things made into one."""

from __future__ import annotations

from collections.abc import Iterable

_DAMPING = 60
"""The constant of reciprocal rank fusion as published (Cormack, Clarke, Büttcher 2009)."""


def share(rank: int) -> float:
    """What a place in one ranking (0 is the first) adds to a fused score."""
    return 1.0 / (_DAMPING + rank + 1)


def fused(*rankings: Iterable[str]) -> dict[str, float]:
    """Reciprocal rank fusion: what stands high in several rankings comes first. Higher is better."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, id in enumerate(ranking):
            scores[id] = scores.get(id, 0.0) + share(rank)
    return scores
