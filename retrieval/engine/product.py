"""Product codes: vectors in four bits for every four numbers, small enough to look through all of a million.

The codes only name candidates, which are then compared exactly; so all of them are looked through, whatever the filter,
and no cell of an inverted file can be missed. Method: Jégou, Douze and Schmid, Product Quantization for Nearest
Neighbor Search, 2011; looked up in registers as in André, Kermarrec and Le Scouarnec, Quicker ADC, 2019 (faiss).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from importlib import import_module
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.base import Vectors
from retrieval.engine.pools import Pool
from retrieval.engine.vectors import Rows
from retrieval.errors import IndexFault

_BITS = 4
_NUMBERS = 4
"""Numbers of a vector that share a code."""

_SAMPLE = 16_384
_WIDEN = 10
_LEAST = 1_000
_OF_MANY = 120
"""Candidates: `_WIDEN` times as many as are wanted, `_LEAST` at least, and one in `_OF_MANY` of all. In pools of half a
million rows, crowded with near copies, that found .98 of the 10 nearest, where one in 300 found .93."""

_KEPT = 8
"""Pools whose codes are kept packed: 48 bytes for each row of 384 numbers."""


@dataclass(frozen=True)
class ProductCodes:
    """One code for each row, and what the codes stand for."""

    codes: NDArray[np.uint8]
    """(n, d / 8)"""
    codebook: NDArray[np.float32]
    """The centroids of every group of numbers, one after another."""
    dimension: int
    _packed: OrderedDict[int, tuple[Pool, NDArray[np.int64], Any]] = field(default_factory=OrderedDict, repr=False)
    _lock: Any = field(default_factory=Lock, repr=False)

    @classmethod
    def of(cls, rows: Vectors) -> ProductCodes:
        """Codes of the rows (n, d); the same rows always give the same ones. d must be a multiple of 8.

        Raises:
            IndexFault: faiss is missing.
        """
        picked = np.random.default_rng(0).choice(len(rows), min(_SAMPLE, len(rows)), replace=False)
        made = _empty(rows.shape[1])
        made.train(np.ascontiguousarray(rows[np.sort(picked)]))
        for start in range(0, len(rows), 2**16):
            made.add(np.ascontiguousarray(rows[start : start + 2**16]))
        faiss = _faiss()
        codes = faiss.vector_to_array(made.codes).reshape(len(rows), -1)
        return cls(codes, faiss.vector_to_array(made.pq.centroids), rows.shape[1])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is to be stored, by name."""
        return {"codes": self.codes, "codebook": self.codebook}

    def candidates(self, vectors: Vectors, k: int, pool: Pool, rows: Rows) -> NDArray[np.int32]:
        """Places of passages of the pool worth comparing with the vectors, rising, each once."""
        numbers, packed = self._of(pool, rows)
        least = max(_LEAST, len(numbers) // _OF_MANY, _WIDEN * k)
        size = min(len(numbers), least)
        near, places = _alone(packed, vectors, size if len(vectors) == 1 else min(size, max(_LEAST, least) // 2))
        likely = places[0] if len(vectors) == 1 else _likeliest(places.ravel(), near.ravel(), size)
        # What np.unique gives, which takes ten times as long.
        owners = np.sort(rows.owners[numbers[likely]])
        found: NDArray[np.int32] = owners[np.concatenate([owners[:1] >= 0, owners[1:] != owners[:-1]])]
        return found

    def _of(self, pool: Pool, rows: Rows) -> tuple[NDArray[np.int64], Any]:
        """The rows of the pool, and their codes packed for searching; kept as long as the pool is."""
        with self._lock:
            if held := self._packed.get(id(pool)):
                self._packed.move_to_end(id(pool))
                return held[1], held[2]
            numbers = np.flatnonzero(pool.mask[rows.owners])
            packed = _packed(self.codes[numbers], self.codebook, self.dimension)
            self._packed[id(pool)] = (pool, numbers, packed)
            while len(self._packed) > _KEPT:
                self._packed.popitem(last=False)
            return numbers, packed


def _alone(packed: Any, vectors: Vectors, size: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Estimates and places of the `size` likeliest rows for each vector, worked out in the calling thread: waking
    another one costs more than it saves."""
    faiss = _faiss()
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        near, places = packed.search(np.ascontiguousarray(vectors), size)
    finally:
        faiss.omp_set_num_threads(before)
    return near, places


def _likeliest(places: NDArray[np.int64], near: NDArray[np.float32], size: int) -> NDArray[np.int64]:
    """Of what was found for any of the vectors, the `size` places with the highest estimates."""
    ranked = places[np.argsort(-near)]
    # Where each place stands first: of several assignments to one place the last holds, so they go backwards.
    ranks = np.arange(len(ranked), dtype=np.int32)
    first = np.empty(int(ranked.max(initial=0)) + 1, dtype=np.int32)
    first[ranked[::-1]] = ranks[::-1]
    likeliest: NDArray[np.int64] = ranked[first[ranked] == ranks][:size]
    return likeliest


def _packed(codes: NDArray[np.uint8], codebook: NDArray[np.float32], dimension: int) -> Any:
    faiss = _faiss()
    made = _empty(dimension)
    faiss.copy_array_to_vector(np.ascontiguousarray(codebook), made.pq.centroids)
    faiss.copy_array_to_vector(np.ascontiguousarray(codes).ravel(), made.codes)
    made.is_trained, made.ntotal = True, len(codes)
    return faiss.IndexPQFastScan(made)


def _empty(dimension: int) -> Any:
    faiss = _faiss()
    return faiss.IndexPQ(dimension, dimension // _NUMBERS, _BITS, faiss.METRIC_INNER_PRODUCT)


def _faiss() -> Any:
    try:
        return import_module("faiss")
    except ImportError as error:
        raise IndexFault("an index of this size requires faiss", "pip install faiss-cpu") from error
