"""Adding to scores at many places: the loop that search by words spends its time in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

MANY = 2**19
"""Postings from which loading scipy, a tenth of a second once, is worth it: its loop needs less than half the time."""

Add: TypeAlias = Callable[[NDArray[np.float32], NDArray[np.int32], np.float32, NDArray[np.float32]], None]
"""Adds factor times weights (m,) to the scores at the places (m,), each of which comes once."""


def adder(postings: int) -> Add:
    """What adds so many postings the soonest. All ways give the same sums to the last bit."""
    return (_compiled() or plain) if postings >= MANY else plain


def plain(
    scores: NDArray[np.float32], places: NDArray[np.int32], factor: np.float32, weights: NDArray[np.float32]
) -> None:
    np.add.at(scores, places, factor * weights)


@cache
def _compiled() -> Add | None:
    """The product of a sparse column and a number; none where this release of scipy doesn't have it there."""
    try:
        product: Any = import_module("scipy.sparse._sparsetools").csc_matvec
    except (ImportError, AttributeError):
        return None

    def add(
        scores: NDArray[np.float32], places: NDArray[np.int32], factor: np.float32, weights: NDArray[np.float32]
    ) -> None:
        ends = np.array([0, len(places)], dtype=np.int32)
        product(len(scores), 1, ends, places, weights, np.array([factor]), scores)

    return add
