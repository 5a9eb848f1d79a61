"""Vectors of passages: rows that stand side by side for a passage of several windows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.base import Vectors
from retrieval.engine.once import once
from retrieval.later import Later


@dataclass(frozen=True)
class Rows:
    """Vectors (n, d) in the order of the passages; each passage has at least one."""

    rows: Vectors
    starts: NDArray[np.int64]
    """Where each passage's rows start; one more than there are passages."""

    @once
    def owners(self) -> NDArray[np.int32]:
        """The passage of each row."""
        return np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))

    def cosines(self, vectors: Vectors) -> NDArray[np.float32]:
        """For each passage (p,), the highest cosine of its rows with any of the vectors (m, d)."""
        return self._by_passage(_highest(self.rows, vectors), self.starts[:-1])

    def cosines_of(self, places: NDArray[np.int32], vectors: Vectors) -> NDArray[np.float32]:
        """The same for these passages only, in their order."""
        if len(self.rows) == len(self.starts) - 1:
            return _highest_of(self.rows, places, vectors)
        picked, starts = self._picked(places)
        return self._by_passage(_highest_of(self.rows, picked, vectors), starts)

    def each_cosine_of(self, places: NDArray[np.int32], vectors: Vectors) -> NDArray[np.float32]:
        """For these passages, in their order, the highest cosine of their rows with each of the vectors: (p, m)."""
        picked, starts = self._picked(places)
        return self._by_passage(products(self.rows.take(picked, axis=0), vectors), starts)

    def _picked(self, places: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows of these passages, one passage after another, and where among them those of each start."""
        first, size = self.starts[places], self.starts[places + 1] - self.starts[places]
        ends = np.cumsum(size)
        return np.repeat(first - ends + size, size) + np.arange(ends[-1] if len(ends) else 0), ends - size

    def _by_passage(self, cosines: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
        if len(starts) == len(cosines):
            return cosines
        highest: NDArray[np.float32] = np.maximum.reduceat(cosines, starts, axis=0)
        return highest


_ALONE = 2**18
"""Multiplications up to which OpenBLAS stays in the calling thread. Waking another one for so little costs more than it
saves: milliseconds on a machine that is busy."""


_AT_ONCE = 256
"""Rows that are picked out at a time: they stay in a core's cache."""

_SHARED = 2**24
"""Multiplications that are shared with another thread, if one is free."""


def _highest(rows: Vectors, vectors: Vectors) -> NDArray[np.float32]:
    """For each row, the highest cosine with any of the vectors."""
    if len(vectors) == 1:
        single: NDArray[np.float32] = np.vecdot(rows, vectors[0])
        return single
    return highest_in(products(rows, vectors))


def _highest_of(rows: Vectors, numbers: NDArray[np.integer[Any]], vectors: Vectors) -> NDArray[np.float32]:
    """The same for the rows of these numbers only."""
    if len(numbers) * vectors.size < _SHARED:
        return _highest_picked(rows, numbers, vectors)
    # Parts of whole steps, so that every product is computed as it would be in one go.
    middle = len(numbers) // 2 // _step(vectors) * _step(vectors)
    others = Later(partial(_highest_picked, rows, numbers[middle:], vectors))
    return np.concatenate([_highest_picked(rows, numbers[:middle], vectors), others()])


def _highest_picked(rows: Vectors, numbers: NDArray[np.integer[Any]], vectors: Vectors) -> NDArray[np.float32]:
    highest = np.empty(len(numbers), dtype=np.float32)
    size = -(-_AT_ONCE // _step(vectors)) * _step(vectors)
    held = np.empty((min(size, len(numbers)), rows.shape[1]), dtype=np.float32)
    for start in range(0, len(numbers), size):
        these = numbers[start : start + size]
        # Numbers are of rows that are there; clipping only spares the check, and with it a copy.
        picked = np.take(rows, these, axis=0, out=held[: len(these)], mode="clip")
        highest[start : start + size] = _highest(picked, vectors)
    return highest


def highest_in(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """The highest number of each row. Column by column takes a fifth of the time of a maximum over rows so short."""
    highest = cosines[:, 0].copy()
    for column in range(1, cosines.shape[1]):
        np.maximum(highest, cosines[:, column], out=highest)
    return highest


def _step(vectors: Vectors) -> int:
    """How many rows are compared at a time."""
    return max(1, _ALONE // max(1, vectors.size))


def products(rows: Vectors, vectors: Vectors) -> NDArray[np.float32]:
    """The cosine of each row with each of the vectors: (n, m)."""
    size = _step(vectors)
    found = np.empty((len(rows), len(vectors)), dtype=np.float32)
    steps, whole = len(rows) // size, len(rows) // size * size
    # One call for all steps, each of which is a product of its own.
    held = rows[:whole].reshape(steps, size, rows.shape[1])
    np.matmul(held, vectors.T, out=found[:whole].reshape(steps, size, len(vectors)))
    np.matmul(rows[whole:], vectors.T, out=found[whole:])
    return found
