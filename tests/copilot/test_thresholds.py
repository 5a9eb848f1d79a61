"""From which chance on a value is proposed."""

from __future__ import annotations

import numpy as np
import pytest

from copilot.detectors.thresholds import LEAST_SHARE, NEVER, Seen, threshold, thresholds, undoubted


@pytest.mark.parametrize(
    ("chances", "shown", "expected"),
    [
        ([0.9, 0.8, 0.7, 0.6], [1, 1, 1, 0], 0.6),
        ([0.9, 0.8, 0.7, 0.6], [1, 1, 0, 0], None),
        ([0.9, 0.8, 0.7, 0.6, 0.5], [1, 1, 1, 0, 0], 0.6),
        ([0.9, 0.8, 0.7, 0.6], [0, 0, 0, 1], None),
        ([0.9, 0.8, 0.7, 0.7], [1, 1, 0, 1], 0.7),
        ([0.9, 0.8, 0.8, 0.8], [1, 1, 0, 0], None),
        ([0.0, 0.0, 0.0], [1, 1, 1], None),
        ([], [], None),
    ],
)
def test_the_threshold_is_the_lowest_that_is_mostly_right(
    chances: list[float], shown: list[int], expected: float | None
) -> None:
    got = threshold(np.array(chances, dtype=np.float32), np.array(shown, dtype=bool), 0.7)
    assert got == (None if expected is None else pytest.approx(expected))


def test_an_all_clear_is_weighed_against_the_other_values_of_its_fact() -> None:
    labels = [("danger", "imminent"), ("danger", "none"), ("parody", "yes")]
    chances = np.array([[0.05, 0.45, 0.9], [0.3, 0.3, 0.2], [0.0, 0.1, 0.2]], dtype=np.float32)
    shares = [[0.05, 0.9, 0.9], [0.3, 0.5, 0.2], [0.0, 0.0, 0.2]]
    assert undoubted(labels, chances) == pytest.approx(np.array(shares))
    assert undoubted(labels, chances[0]) == pytest.approx(np.array(shares[0]))
    assert undoubted(labels, np.zeros(3, dtype=np.float32)).tolist() == [0, 0, 0]
    assert undoubted([("danger", "none")], np.array([0.4], dtype=np.float32)) == pytest.approx([0.4])


def test_a_value_that_is_often_wrong_is_held_back_and_an_all_clear_sooner() -> None:
    labels = [("a", "yes"), ("b", "yes"), ("c", "yes"), ("d", "yes"), ("e", "none")]
    chances = np.tile(np.linspace(0.99, 0.1, 20, dtype=np.float32)[:, None], 5)
    shown = np.zeros((20, 5), dtype=bool)
    shown[:8, :3] = True
    shown[:8, 4] = True
    stories = Seen(chances, shown, np.ones_like(shown))
    silent = Seen(chances[:0], shown[:0], shown[:0])
    often, _, _, never, clear = thresholds(labels, stories, silent)
    assert chances[11, 0] < often < chances[7, 0]
    assert clear > often
    assert never == NEVER
    wrong = Seen(chances, ~shown, np.ones_like(shown))
    assert thresholds(labels, stories, wrong)[0] == NEVER


def test_stories_that_say_nothing_of_a_fact_do_not_speak_against_an_all_clear() -> None:
    labels = [("a", "no")]
    chances = np.linspace(0.99, LEAST_SHARE + 0.01, 30, dtype=np.float32)[:, None]
    shown = np.arange(30)[:, None] % 2 == 0
    silent = Seen(chances[:0], shown[:0], shown[:0])
    assert thresholds(labels, Seen(chances, shown, shown), silent)[0] == pytest.approx(LEAST_SHARE, abs=0.03)
    assert thresholds(labels, Seen(chances, shown, np.ones_like(shown)), silent)[0] == NEVER
