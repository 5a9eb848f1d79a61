"""Stretches of a case: what they show by themselves, wherever they stand."""

from __future__ import annotations

import numpy as np
import pytest

from copilot.detectors.features import Floats
from copilot.detectors.stories import STRETCHES, best_run, stretches, strongest, telling

LABELS = 3


def scores(sentences: int) -> tuple[Floats, Floats]:
    drawn = np.random.default_rng(sentences).normal(size=(2, sentences, LABELS)).astype(np.float32)
    return drawn[0], drawn[1]


@pytest.mark.parametrize("sentences", [STRETCHES[-1] + 1, 31])
def test_a_stretch_is_read_as_if_it_were_the_whole_case(sentences: int) -> None:
    said, runs = scores(sentences)
    read = list(stretches(said, runs))
    assert len(read) == len(STRETCHES)
    for length, (best, run) in zip(STRETCHES, read, strict=True):
        assert best.shape == run.shape == (sentences - length + 1, LABELS)
        for start in range(sentences - length + 1):
            at = slice(start, start + length)
            assert best[start] == pytest.approx(strongest(said[at]))
            assert run[start] == pytest.approx(best_run(runs[at]), abs=1e-6)


def test_a_short_case_is_read_as_a_whole_only() -> None:
    assert list(stretches(*scores(STRETCHES[-1]))) == []


def test_the_sentences_that_say_most_are_found_wherever_they_stand() -> None:
    said = np.zeros(40, dtype=np.float32)
    said[[3, 17, 18, 39]] = [2, 4, 1, 3]
    chosen = list(telling(said))
    assert chosen[0] == [3, 17, 18, 39]
    assert [len(one) for one in chosen] == list(STRETCHES)
    assert all(one == sorted(one) for one in chosen)
    assert list(telling(said[:5])) == [[0, 1, 2, 3]], "of five sentences, only four are a choice"


def test_a_story_is_read_by_its_best_sentence_and_best_run() -> None:
    scores = np.array([[0, 9], [3, 0], [3, 0], [3, 0], [0, 0]], dtype=np.float32)
    assert strongest(scores).tolist() == [3, 9]
    assert best_run(scores).tolist() == [3, 3]
    longer = np.vstack([scores, np.zeros((20, 2), dtype=np.float32)])
    assert best_run(longer).tolist() == [3, 3]
    assert best_run(scores[:1]).tolist() == [0, 9]
