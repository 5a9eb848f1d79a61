"""The seam for a cross-encoder: a model that reads query and passage together. None is shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from retrieval.near import Near

DEPTH = 32
"""How many of the nearest sources are read again: a cross-encoder's time grows with each."""


class Reranker(Protocol):
    """Reads each passage beside the query."""

    def scores(self, query: str, passages: Sequence[str]) -> Sequence[float]:
        """One score for each passage, higher is nearer; only their order counts."""
        ...


def reranked(query: str, near: Sequence[Near], reranker: Reranker) -> list[Near]:
    """The nearest in the reranker's order, ties as they came. They share out the same scores among themselves.

    Raises:
        ValueError: the reranker gave another number of scores than there are passages.
    """
    first, rest = near[:DEPTH], near[DEPTH:]
    scores = reranker.scores(query, [f"{one.passage.title}. {one.passage.text}" for one in first])
    order = [at for _, at in sorted((-score, at) for at, score in enumerate(scores))]
    if len(order) != len(first):
        raise ValueError(f"the reranker gave {len(order)} scores for {len(first)} passages; it must give one for each")
    return [replace(first[at], score=held.score) for at, held in zip(order, first, strict=True)] + list(rest)
