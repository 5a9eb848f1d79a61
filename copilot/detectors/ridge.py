"""Regularised least squares over a text's vector and its letter groups: all labels in the time of one factorisation.

Sources: Rifkin, Yeo, Poggio, Regularized Least-Squares Classification (2003), which finds it as accurate as support
vector machines. Letter groups, of which there are many more than texts, are hashed with signs, which keeps products of
texts on average: Weinberger et al., Feature Hashing for Large Scale Multitask Learning (2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
import numpy.typing as npt

from copilot.detectors.features import Floats, Grams, Linear, Row

BUCKETS = 1024
_SIGN = 1 << 20
"""A bit of the hash that the bucket doesn't depend on."""


@dataclass(frozen=True)
class Fitted:
    """What a regression found, as weights of features."""

    weights: Floats
    """(features, labels)."""
    intercept: Floats
    """(labels,)."""

    def scores(self, points: Floats) -> Floats:
        """(n, labels) of n points (n, features)."""
        found: Floats = points @ self.weights + self.intercept
        return found


class Solver:
    """Ridge regressions on the same points (n, features): factored once, solved for whatever they are said to show.

    Fewer points than features are solved by the points' products with each other, which gives the same weights: a small
    pack is learned at once. Source: Saunders, Gammerman, Vovk, Ridge Regression Learning Algorithm in Dual Variables
    (1998).
    """

    def __init__(self, points: Floats, penalty: float) -> None:
        from scipy.linalg import cho_factor

        self._few = len(points) < points.shape[1]
        square = points @ points.T if self._few else points.T @ points
        square[np.diag_indices_from(square)] += penalty
        self._points = points
        self._factor = cho_factor(square, overwrite_a=True, check_finite=False)

    def solve(self, shown: Floats) -> Fitted:
        """The regression of what the points show (n, labels)."""
        mean = shown.mean(axis=0)
        centred = shown - mean
        weights = self._points.T @ self._solved(centred) if self._few else self._solved(self._points.T @ centred)
        return Fitted(weights.astype(np.float32), mean.astype(np.float32))

    def _solved(self, right: Floats) -> Floats:
        from scipy.linalg import cho_solve

        solved: Floats = cho_solve(self._factor, right, check_finite=False)
        return solved


@dataclass(frozen=True)
class Hashed:
    """Known letter groups as few columns: each group adds to one of them or takes away from it."""

    grams: Grams

    @cached_property
    def _hashes(self) -> npt.NDArray[np.int64]:
        return np.array([crc32(gram.encode()) for gram in self.grams.index], dtype=np.int64)

    @cached_property
    def _buckets(self) -> npt.NDArray[np.int64]:
        return self._hashes % BUCKETS

    @cached_property
    def _signs(self) -> Floats:
        return np.where(self._hashes & _SIGN, 1, -1).astype(np.float32)

    def row(self, text: str) -> Row:
        """The text's known groups as columns, in the order of the groups: two that share a column stand there twice."""
        return self._columns(self.grams.row(text))

    def _columns(self, row: Row) -> Row:
        places, values = row
        return self._buckets[places], self._signs[places] * values

    def points(self, embeddings: Floats, rows: Sequence[Row]) -> Floats:
        """(n, embedding + BUCKETS) of n texts by their vectors and known letter groups."""
        hashed = np.zeros((len(rows), BUCKETS), dtype=np.float32)
        for number, (columns, values) in enumerate(map(self._columns, rows)):
            np.add.at(hashed[number], columns, values)
        return np.hstack([embeddings, hashed]).astype(np.float32)

    def linear(self, fitted: Fitted) -> Linear:
        """The same weights for vectors and rows of columns (see `row`)."""
        dimension = len(fitted.weights) - BUCKETS
        return Linear(fitted.weights[:dimension], fitted.weights[dimension:], fitted.intercept)
