"""Adding to scores at many places: the loop that search by words spends its time in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

MANY = 2**19
"""Postings from which loading scipy, a tenth of a second once, is worth it: its loop needs less than half the time."""

_SCIPY = "scipy.sparse._sparsetools"

Piece: TypeAlias = tuple[float, int, int]
"""A word's factor, and where its postings start and end."""
Pieces: TypeAlias = Sequence[Piece]
"""Those of some words, each once, the last postings first."""

Add: TypeAlias = Callable[[NDArray[np.float32], NDArray[np.int32], NDArray[np.float32], Pieces], None]
"""Adds, for each piece, its factor times the weights of its postings to the scores at their places."""


def adder(postings: int) -> Add:
    """What adds so many postings the soonest. All ways give the same sums to the last bit."""
    return (_compiled() or plain) if postings >= MANY or _is_loaded() else plain


def _is_loaded() -> bool:
    return _SCIPY in sys.modules


def plain(scores: NDArray[np.float32], places: NDArray[np.int32], weights: NDArray[np.float32], pieces: Pieces) -> None:
    for factor, first, last in pieces:
        np.add.at(scores, places[first:last], np.float32(factor) * weights[first:last])


@cache
def _compiled() -> Add | None:
    """The product of a sparse matrix and a column; none where this release of scipy doesn't have it there."""
    try:
        tools: Any = import_module(_SCIPY)
        product = tools.csc_matvec
        one = np.ones(1, dtype=np.float32)
        product(1, 1, np.array([0, 1], np.int32), np.zeros(1, np.int32), one, one, np.zeros(1, np.float32))
    except (ImportError, AttributeError, TypeError, ValueError):
        return None

    def add(
        scores: NDArray[np.float32], places: NDArray[np.int32], weights: NDArray[np.float32], pieces: Pieces
    ) -> None:
        # A column starts where the one before ends. Between two words lies a column of its own, which would end before
        # it starts, as the words with the last postings come first, and so is empty.
        ends = np.array([end for _, first, last in pieces for end in (first, last)], dtype=np.int32)
        factors = np.zeros(len(ends), dtype=np.float32)
        factors[::2] = [factor for factor, _, _ in pieces]
        product(len(scores), max(0, len(ends) - 1), ends, places, weights, factors, scores)

    return add
