"""Layers: a stored segment, and over it a small one in memory for what changed since it was made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.base import Vectors
from retrieval.engine.ranking import in_grains
from retrieval.engine.segment import Segment


@dataclass(frozen=True)
class Layer:
    """A segment without the passages that a later layer replaced or that are gone. They are few, so a search asks for
    so many more and passes over them: what the segment worked out about pools stays good."""

    segment: Segment
    gone: frozenset[str] = frozenset()

    @classmethod
    def of(cls, segment: Segment, gone: Collection[str] = ()) -> Layer:
        return cls(segment, frozenset(id for id in gone if id in segment.places) if gone else frozenset())

    @property
    def count(self) -> int:
        return len(self.segment.ids) - len(self.gone)

    def holds(self, id: str) -> bool:
        return id in self.segment.places and id not in self.gone

    def near(self, vectors: Vectors, k: int, allowed: Collection[str] | None) -> list[tuple[str, float]]:
        return self._left(self.segment.near(vectors, k + len(self.gone), self.segment.pools.of(allowed)), k)

    def worded(
        self,
        queries: Sequence[Mapping[str, float]],
        k: int,
        pools: Sequence[Collection[str] | None],
        weights: Sequence[float],
    ) -> Iterator[list[tuple[str, float]]]:
        held = [self.segment.pools.of(allowed) for allowed in pools]
        return (self._left(found, k) for found in self.segment.worded(queries, k + len(self.gone), held, weights))

    def _left(self, found: list[tuple[str, float]], k: int) -> list[tuple[str, float]]:
        return [pair for pair in found if pair[0] not in self.gone][:k] if self.gone else found


@dataclass(frozen=True)
class Layers:
    """What a search goes through; replaced as a whole, so that a search never sees half a change."""

    layers: tuple[Layer, ...] = field(default=())

    @classmethod
    def of(cls, *segments: Segment) -> Layers:
        return cls(tuple(Layer.of(segment) for segment in segments if len(segment.ids)))

    @property
    def count(self) -> int:
        """How many passages are held."""
        return sum(layer.count for layer in self.layers)

    def digest(self, id: str) -> str | None:
        """The digest of the passage as it is held; none when it isn't."""
        return next((layer.segment.digest(id) for layer in self.layers if layer.holds(id)), None)

    def ids(self) -> frozenset[str]:
        return frozenset(id for layer in self.layers for id in layer.segment.ids if id not in layer.gone)

    def near(self, vectors: Vectors, k: int, allowed: Collection[str] | None) -> list[tuple[str, float]]:
        """As `Index.search`."""
        if not len(vectors) or k < 1:
            return []
        return _merged((layer.near(vectors, k, allowed) for layer in self.layers), k)

    def compare(self, vectors: Vectors, ids: Sequence[str]) -> NDArray[np.float64]:
        """As `Comparing.compare`."""
        cosines = np.zeros((len(ids), len(vectors)))
        for layer in self.layers:
            known, gone = layer.segment.places, layer.gone
            places = np.array([known.get(id, -1) if id not in gone else -1 for id in ids], dtype=np.int32)
            held = np.flatnonzero(places >= 0)
            if len(held):
                cosines[held] = in_grains(layer.segment.rows.each_cosine_of(places[held], vectors))
        return cosines

    def worded(
        self,
        queries: Sequence[Mapping[str, float]],
        k: int,
        pools: Sequence[Collection[str] | None],
        weights: Sequence[float] = (),
    ) -> Iterator[list[tuple[str, float]]]:
        """As `Segment.worded`, across all layers."""
        if not queries or k < 1 or not self.layers:
            return ([] for _ in range(2 if weights else 1) for _ in pools)
        found = [layer.worded(queries, k, pools, weights) for layer in self.layers]
        return (_merged(rankings, k) for rankings in zip(*found, strict=True))

    def spread(self, words: Sequence[str]) -> list[int]:
        """In how many passages each word stands. Those that are gone count until the layers are folded into one."""
        found = np.zeros(len(words), dtype=np.int64)
        for layer in self.layers:
            found += layer.segment.postings.spread(words)
        return [int(number) for number in found]


def _merged(found: Iterable[list[tuple[str, float]]], k: int) -> list[tuple[str, float]]:
    rankings = list(found)
    if len(rankings) == 1:
        return rankings[0]
    return sorted((pair for ranking in rankings for pair in ranking), key=lambda pair: (-pair[1], pair[0]))[:k]
