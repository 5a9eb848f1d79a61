"""What the classifiers look at: letter groups, weighted and hashed."""

from __future__ import annotations

import numpy as np
import pytest

from copilot.detectors.features import SHARE, Grams, grams, terms
from copilot.detectors.ridge import BUCKETS, Fitted, Hashed


def test_letter_groups_are_weighted_by_rarity() -> None:
    learned = Grams.learn(["the cat", "the dog", "the cats", "a cat"])
    assert set(learned.index) == {" th", " the", " the ", "the", "the ", "he ", " ca", " cat", "cat"}
    assert learned.weights[learned.index["cat"]] == learned.weights[learned.index["the"]]
    places, values = learned.row("The CAT\u200b sat")
    assert len(places) == 9
    assert np.linalg.norm(values) == pytest.approx(SHARE)
    assert len(learned.row("犬")[0]) == 0
    assert list(grams("ab")) == [" ab", "ab ", " ab "]
    assert terms("A\u200bB cd") == ["ab", "cd", "ab cd"]


def test_hashing_a_row_scores_as_hashing_the_weights_would() -> None:
    hashed = Hashed(Grams.learn(["the cat sat", "the dog sat", "the cats sat", "a cat ran"]))
    fitted = Fitted(np.random.default_rng(3).normal(size=(2 + BUCKETS, 3)).astype(np.float32), np.zeros(3, np.float32))
    texts, vectors = ["The cat ran", "no known", "cats"], np.ones((3, 2), dtype=np.float32)
    rows = [hashed.row(text) for text in texts]
    points = hashed.points(vectors, [hashed.grams.row(text) for text in texts])
    assert hashed.linear(fitted).scores(vectors, rows) == pytest.approx(fitted.scores(points), abs=1e-5)
    assert np.abs(points[0, 2:]).sum() > 0
