"""Product codes: vectors in four bits for every two numbers, small enough to look through a good part of a million.

Rows lie in cells, and a code says how a row differs from the mean of its cell. Codes only name candidates, which are
then compared exactly. Method: Jégou, Douze and Schmid, Product Quantization for Nearest Neighbor Search, 2011 (there
IVFADC); cells by direction: Dhillon and Modha, Concept Decompositions for Large Sparse Text Data, 2001.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from math import isqrt
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.base import Vectors
from retrieval.engine.once import once
from retrieval.engine.packed import BITS, Cells, Packed, alone, faiss, lengths
from retrieval.engine.pools import Pool
from retrieval.engine.ranking import united
from retrieval.engine.vectors import Rows

_NUMBERS = 2
"""Numbers of a vector that share a code. Of 2, 3 and 4, two name candidates so well that the fewest need comparing."""
MULTIPLE = 4
"""Numbers that one byte of a code stands for: only vectors of a multiple of them have codes."""
_CELL = 2
"""Bytes that name the cell."""

_MOST_CELLS = 4_096
_OF_A_CELL = 64
"""Rows of each cell that its direction is learnt from."""
_MOVES = 10
_SAMPLE = 16_384
_BATCH = 2**14

_KEPT = 8
"""Pools whose codes are kept packed: 104 bytes for each row of 384 numbers."""


@dataclass(frozen=True)
class ProductCodes:
    """One code for each row, and what the codes stand for."""

    codes: NDArray[np.uint8]
    """(n, 2 + d / 4): the number of the row's cell, low byte first, then two groups of numbers to a byte."""
    codebook: NDArray[np.float32]
    """The means of the cells, then the centroids of every group of numbers, one after another."""
    dimension: int
    _packed: OrderedDict[int, tuple[Pool, Packed]] = field(default_factory=OrderedDict, repr=False)
    _lock: Any = field(default_factory=Lock, repr=False)

    def __post_init__(self) -> None:
        """
        Raises:
            ValueError: these are codes of another kind.
        """
        if self.codes.shape[1:] != (_CELL + self.dimension // _NUMBERS * BITS // 8,):
            raise ValueError(f"codes of shape {self.codes.shape} don't stand for {self.dimension} numbers and a cell")

    @classmethod
    def of(cls, rows: Vectors) -> ProductCodes:
        """Codes of the rows (n, d); the same rows always give the same ones. d must be a multiple of `MULTIPLE`.

        Raises:
            IndexFault: faiss is missing.
        """
        with alone():
            means = _means(rows, max(1, min(_MOST_CELLS, isqrt(len(rows)))))
            groups = faiss().ProductQuantizer(rows.shape[1], rows.shape[1] // _NUMBERS, BITS)
            sample = _sample(rows, _SAMPLE)
            groups.train(sample - means[_cells(sample, means)])
            codes = np.empty((len(rows), _CELL + groups.code_size), dtype=np.uint8)
            for start in range(0, len(rows), _BATCH):
                part, coded = rows[start : start + _BATCH], codes[start : start + _BATCH]
                cells = _cells(part, means)
                coded[:, :_CELL] = cells.astype("<u2")[:, None].view(np.uint8)
                coded[:, _CELL:] = groups.compute_codes(part - means[cells])
        centroids = faiss().vector_to_array(groups.centroids)
        return cls(codes, np.concatenate([means.ravel(), centroids]), rows.shape[1])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is to be stored, by name."""
        return {"codes": self.codes, "codebook": self.codebook}

    def candidates(self, vectors: Vectors, k: int, pool: Pool, rows: Rows) -> NDArray[np.int32]:
        """Places of passages of the pool worth comparing with the vectors, rising, each once."""
        packed = self._of(pool, rows)
        # A passage of several windows has as many rows.
        numbers = packed.likeliest(vectors, -(-k * packed.total // len(pool.places)))
        return united([rows.owners[numbers]])

    @property
    def _of_groups(self) -> int:
        numbers: int = self.dimension * 2**BITS
        return numbers

    @once
    def _cells(self) -> Cells:
        return Cells(np.array(self.codebook[: -self._of_groups]).reshape(-1, self.dimension))

    def _of(self, pool: Pool, rows: Rows) -> Packed:
        """The codes of the pool's rows, packed for searching; kept as long as the pool is."""
        with self._lock:
            if held := self._packed.get(id(pool)):
                self._packed.move_to_end(id(pool))
                return held[1]
            packed = self._packed_of(np.flatnonzero(pool.mask[rows.owners]))
            self._packed[id(pool)] = (pool, packed)
            while len(self._packed) > _KEPT:
                self._packed.popitem(last=False)
            return packed

    def _packed_of(self, numbers: NDArray[np.int64]) -> Packed:
        cells = np.ascontiguousarray(self.codes[numbers, :_CELL]).view("<u2").ravel()
        order = np.argsort(cells, kind="stable")
        numbers = numbers[order]
        return Packed.of(
            self._cells, self.codebook[-self._of_groups :], cells[order], self.codes[numbers, _CELL:], numbers
        )


def _means(rows: Vectors, count: int) -> Vectors:
    """The mean rows (count, d) of cells that part the rows by direction."""
    sample = _sample(rows, count * _OF_A_CELL)
    learning = faiss().Clustering(rows.shape[1], count)
    learning.spherical, learning.niter, learning.seed = True, _MOVES, 1
    learning.min_points_per_centroid, learning.max_points_per_centroid = 1, _OF_A_CELL
    learning.train(sample, faiss().IndexFlatIP(rows.shape[1]))
    means: Vectors = faiss().vector_to_array(learning.centroids).reshape(count, -1)
    cells = _cells(sample, means)
    held = np.split(np.argsort(cells, kind="stable"), np.cumsum(np.bincount(cells, minlength=count))[:-1])
    for cell, among in enumerate(held):
        means[cell] = sample[among].mean(axis=0) if len(among) else means[cell]
    return means


def _cells(rows: Vectors, means: Vectors) -> NDArray[np.intp]:
    """The cell of each row: the one whose mean has the nearest direction."""
    directions = (means / lengths(means)).T
    parts = [(rows[start : start + _BATCH] @ directions).argmax(axis=1) for start in range(0, len(rows), _BATCH)]
    return np.concatenate(parts)


def _sample(rows: Vectors, size: int) -> Vectors:
    picked = np.random.default_rng(0).choice(len(rows), min(size, len(rows)), replace=False)
    return np.ascontiguousarray(rows[np.sort(picked)])
