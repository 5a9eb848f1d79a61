"""The product codes of a pool by cell, packed so that many are looked up in registers at once.

Only cells that lie in a vector's direction are looked at, until that is so much of the pool that hardly a near row can
be missed. Method: André, Kermarrec and Le Scouarnec, Quicker ADC, 2019 (faiss).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.base import Vectors
from retrieval.engine.vectors import products
from retrieval.errors import IndexFault

BITS = 4
"""Bits of a code for one group of numbers: so many fit into a register."""

_WIDEN = 6
_LEAST = 500
_OF_MANY = 500
"""Candidates: `_WIDEN` times as many as are wanted, `_LEAST` at least, and one in `_OF_MANY` of all."""

_FEW = 20_000
_SHARE = 4
"""Codes looked at, for all vectors together: `_FEW` (for several vectors up to three times as many), or one in `_SHARE`
of the pool where that is more. With half a million real texts (17,000) and copies of them with noise, a fourth held
.993 of the 10 nearest for one vector (n = 400), and .980 for ten of texts that have nothing in common (n = 40)."""


class Cells:
    """The cells that rows lie in, and which of them are likely for some vectors; those of the last are remembered, as
    several pools are searched for the same."""

    def __init__(self, means: Vectors) -> None:
        """Cells with these mean rows (c, d)."""
        self.means = means
        self._lengths = lengths(means)
        self._last: tuple[bytes, NDArray[np.float32], NDArray[np.intp]] | None = None

    def ranked(self, vectors: Vectors) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """How near each mean is to each vector (c, m), and all pairs of a cell and a vector by their number in (c, m).

        The likeliest pair comes first, by direction: a cell with a short mean is wide, and not less likely.
        """
        asked, last = vectors.tobytes(), self._last
        if last is None or last[0] != asked:
            near = products(self.means, vectors)
            self._last = last = asked, near, np.argsort(-(near / self._lengths).ravel())
        return last[1], last[2]


@dataclass(frozen=True)
class Packed:
    """The codes of some rows."""

    cells: Cells
    sizes: NDArray[np.int64]
    """How many rows lie in each cell."""
    index: Any
    """What faiss searches."""
    coarse: Any
    """What the index points at, so that it stays."""

    @classmethod
    def of(
        cls,
        within: Cells,
        centroids: NDArray[np.float32],
        cells: NDArray[np.integer[Any]],
        codes: NDArray[np.uint8],
        numbers: NDArray[np.int64],
    ) -> Packed:
        """Pack the rows of these numbers with their codes (n, bytes), in the order of their cells.

        Raises:
            IndexFault: faiss is missing.
        """
        lib = faiss()
        count, dimension = within.means.shape
        coarse = lib.IndexFlatIP(dimension)
        plain = lib.IndexIVFPQ(coarse, dimension, count, codes.shape[1] * 8 // BITS, BITS, lib.METRIC_INNER_PRODUCT)
        plain.by_residual, plain.is_trained, plain.ntotal = True, True, len(codes)
        lib.copy_array_to_vector(np.ascontiguousarray(centroids), plain.pq.centroids)
        ends = np.searchsorted(cells, np.arange(count + 1))
        for cell in np.flatnonzero(np.diff(ends)).tolist():
            held = slice(ends[cell], ends[cell + 1])
            ids, content = lib.swig_ptr(numbers[held]), lib.swig_ptr(codes[held])
            plain.invlists.add_entries(cell, len(numbers[held]), ids, content)
        packed = lib.IndexIVFPQFastScan(plain)
        packed.nprobe = count
        return cls(within, np.diff(ends), packed, coarse)

    @property
    def total(self) -> int:
        """How many rows there are."""
        return int(self.index.ntotal)

    def likeliest(self, vectors: Vectors, k: int) -> NDArray[np.int64]:
        """Numbers of rows likely to be among the `k` nearest to any of the vectors, each once; at least `k` of them."""
        several, total = len(vectors), self.total
        size = min(total, max(_LEAST, _WIDEN * k, total // _OF_MANY))
        near, pairs = self.cells.ranked(vectors)
        cells = self._probed(pairs, several, max(_FEW * min(several, 3), total // _SHARE, k * several))
        each = size if several == 1 else min(size, max(k, -(-size // 2)))
        with alone():
            found, numbers = self.index.search_preassigned(
                np.ascontiguousarray(vectors), each, cells, np.ascontiguousarray(near.T)
            )
        return numbers[numbers >= 0] if several == 1 else _merged(numbers.ravel(), found.ravel(), size)

    def _probed(self, pairs: NDArray[np.intp], several: int, most: int) -> NDArray[np.int64]:
        """The cells where each vector is to be looked for (m, c), -1 where it isn't: for all vectors together the
        likeliest pairs, until `most` codes are looked at."""
        looked = np.cumsum(self.sizes[pairs // several])
        first = pairs[: int(np.searchsorted(looked, most)) + 1]
        chosen = np.full((len(self.sizes), several), -1, dtype=np.int64)
        chosen.ravel()[first] = first // several
        return np.ascontiguousarray(chosen.T)


def lengths(rows: Vectors) -> NDArray[np.float32]:
    """Of each row (n, 1), and more than zero."""
    found: NDArray[np.float32] = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-6))
    return found


@contextmanager
def alone() -> Iterator[None]:
    """Lets faiss work in the calling thread: waking another one costs more than it saves, above all on a machine that
    is busy."""
    lib = faiss()
    before = lib.omp_get_max_threads()
    lib.omp_set_num_threads(1)
    try:
        yield
    finally:
        lib.omp_set_num_threads(before)


def faiss() -> Any:
    """The library, which is loaded for large indexes only.

    Raises:
        IndexFault: it is missing.
    """
    try:
        return import_module("faiss")
    except ImportError as error:
        raise IndexFault("an index of this size requires faiss", "pip install faiss-cpu") from error


def _merged(numbers: NDArray[np.int64], estimates: NDArray[np.float32], size: int) -> NDArray[np.int64]:
    """Of what was found for any of the vectors, the `size` rows with the highest estimates, each once."""
    ranked = numbers[np.argsort(-estimates)][: np.count_nonzero(numbers >= 0)]
    # Where each row stands first: of several assignments to one place the last holds, so they go backwards.
    ranks = np.arange(len(ranked), dtype=np.int32)
    first = np.empty(int(ranked.max(initial=0)) + 1, dtype=np.int32)
    first[ranked[::-1]] = ranks[::-1]
    likeliest: NDArray[np.int64] = ranked[first[ranked] == ranks][:size]
    return likeliest
