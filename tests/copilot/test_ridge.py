"""Ridge regressions: few points and many are solved in different ways, and to the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from copilot.detectors.ridge import Solver


@pytest.mark.parametrize("points", [1, 2, 11, 12, 13, 40])
@pytest.mark.parametrize("penalty", [0.3, 3.0])
def test_weights_are_those_of_the_normal_equations(points: int, penalty: float) -> None:
    random = np.random.default_rng(points)
    features = random.normal(size=(points, 12)).astype(np.float32)
    shown = random.integers(0, 2, size=(points, 3)).astype(np.float32)
    wide, centred = features.astype(np.float64), shown - shown.mean(axis=0)
    expected = np.linalg.solve(wide.T @ wide + penalty * np.eye(12), wide.T @ centred)
    found = Solver(features, penalty).solve(shown)
    assert found.weights == pytest.approx(expected, abs=1e-5)
    assert found.intercept == pytest.approx(shown.mean(axis=0))
    assert found.weights.dtype == np.float32
    assert (found.weights.shape, found.intercept.shape) == ((12, 3), (3,))


def test_one_solver_answers_whatever_the_points_are_said_to_show() -> None:
    random = np.random.default_rng(4)
    features = random.normal(size=(5, 8)).astype(np.float32)
    solver = Solver(features, 1.0)
    one, other = (random.integers(0, 2, size=(5, 2)).astype(np.float32) for _ in range(2))
    first = solver.solve(one)
    solver.solve(other)
    assert np.array_equal(solver.solve(one).weights, first.weights)
    assert np.array_equal(Solver(features, 1.0).solve(one).weights, first.weights)
