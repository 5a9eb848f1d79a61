"""What a stretch of a case shows by itself, the case shows, unless it clears somebody."""

from __future__ import annotations

import math

import numpy as np
import pytest

from copilot.detectors.features import Grams, Linear
from copilot.detectors.ridge import BUCKETS, Hashed
from copilot.detectors.stories import Companions, Fusion
from copilot.detectors.training import Model

Scores = list[tuple[float, float]]
"""Of each sentence, of two labels."""
RUNS, AGAINST = (0.0, 1.0, 0.0), (1.0, 0.0, 1.0)
"""What the fusion goes by: the best run alone, or the strongest sentence and what speaks against it."""
NOTHING = np.zeros(2, dtype=np.float32)


def chance(
    scores: Scores, values: tuple[str, str], weights: tuple[float, ...], floor: tuple[float, float] = (0.0, 0.0)
) -> float:
    """Of the first label; in this model what shows one of them speaks against the other."""
    own = Linear(np.eye(2, dtype=np.float32), np.zeros((BUCKETS, 2), np.float32), NOTHING)
    other = np.array([[0, -5], [-5, 0]], dtype=np.float32)
    model = Model(
        labels=(("danger", values[0]), ("threat", values[1])),
        hashed=Hashed(Grams({}, np.zeros(0, np.float32))),
        sentences=own,
        runs=own,
        companions=Companions(np.array(floor, dtype=np.float32), other, NOTHING),
        fusion=Fusion(np.repeat(np.array(weights, dtype=np.float32)[:, None], 2, axis=1), NOTHING),
        thresholds=NOTHING,
    )
    rows = [(np.zeros(0, np.int64), np.zeros(0, np.float32))] * len(scores)
    return float(model.probabilities(np.array(scores, dtype=np.float32), rows)[0][0])


def likely(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


FIRST: Scores = [(1.0, 0.0)] * 4
BESIDE: Scores = [(0.0, 2.0)] * 20


def test_text_beside_it_talks_no_grave_value_away() -> None:
    assert chance(FIRST, ("high", "yes"), AGAINST) == pytest.approx(likely(1))
    assert chance(FIRST + BESIDE, ("high", "yes"), AGAINST) == pytest.approx(likely(1))


def test_what_clears_is_read_off_the_whole_case() -> None:
    assert chance(FIRST + BESIDE, ("none", "yes"), AGAINST) == pytest.approx(likely(1 - 5 * 2), rel=1e-3)


APART: Scores = [row for _ in range(4) for row in ((1.0, 0.0), *[(0.0, 3.0)] * 12)]


@pytest.mark.parametrize(("values", "floor"), [(("high", "yes"), (0.0, 3.0)), (("high", "none"), (0.0, 0.0))])
def test_sentences_that_clear_or_say_what_is_common_are_not_the_telling_ones(
    values: tuple[str, str], floor: tuple[float, float]
) -> None:
    assert chance(APART, values, RUNS, floor) == pytest.approx(likely(1))
