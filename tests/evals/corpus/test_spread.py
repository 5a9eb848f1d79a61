"""What a corpus has much of, what it lacks, and how hard it is to read."""

from __future__ import annotations

import json

import pytest

from evals.corpus import spread
from evals.corpus.readability import grade
from evals.metrics.intervals import Sampling
from tests.evals.small_pack import GOLD, small_pack


def test_what_is_there_is_counted_and_what_is_missing_shows(quick: Sampling) -> None:
    found = spread(small_pack(), GOLD, sampling=quick)
    assert (found.precedents.n, found.gold.n, found.gold.families) == (5, 7, 6)
    assert found.precedents.counts["area"] == {"–": 5, "board": 0, "house": 0}
    assert found.precedents.counts["tier"] == {"enforce": 2, "none": 2, "report": 1}
    assert found.gold.counts["duty"] == {"none": 5, "tell_board": 2}
    assert (found.precedents.protected.value, found.gold.protected.n) == (0.4, 7)
    assert found.precedents.words is not None
    assert (found.precedents.words.n, found.precedents.words.median) == (5, 11)
    text = found.to_text()
    assert "library_board: precedents: 5 in 5 families" in text
    assert "protected: 0.400 [" in text
    assert json.loads(found.to_json())["pack"] == "library_board"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 4.71 · characters / words + 0.5 · words / sentences − 21.43
        ("The cat sat. The dog ran.", 4.71 * 3 + 0.5 * 3 - 21.43),
        ("A child's well-known story", 4.71 * 21 / 4 + 0.5 * 4 - 21.43),
        ("one two\nthree four", 4.71 * 15 / 4 + 0.5 * 2 - 21.43),
        ("It cost 3.50 there…", 4.71 * 14 / 5 + 0.5 * 5 - 21.43),
        ("…", None),
        ("", None),
    ],
)
def test_the_reading_grade_follows_the_published_formula(text: str, expected: float | None) -> None:
    assert grade(text) == (None if expected is None else pytest.approx(expected))


def test_an_empty_corpus_has_a_spread(quick: Sampling) -> None:
    found = spread(small_pack(()), (), sampling=quick)
    assert (found.precedents.words, found.gold.grade, found.gold.protected.value) == (None, None, None)
    assert "nothing measured" in found.to_text()
