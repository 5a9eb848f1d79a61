"""Fusing a case's measures into the chance that it shows a label."""

from __future__ import annotations

import numpy as np
import pytest

from copilot.detectors.features import Floats
from copilot.detectors.fusing import fuse, unseen

STORIES = 2000


def told_by(level: Floats, slope: Floats | float = 2.0) -> tuple[Floats, Floats]:
    """Scores (stories, labels), and what stories then show where each label has that level and slope."""
    spread = np.random.default_rng(1)
    score = spread.normal(size=(STORIES, len(level))).astype(np.float32)
    told = (spread.random(score.shape) < 1 / (1 + np.exp(-level - slope * score))).astype(np.float32)
    return score, told


def log_odds(told: Floats) -> Floats:
    share = told.mean(axis=0)
    odds: Floats = np.log(share / (1 - share))[None].astype(np.float32)
    return odds


def test_chances_are_calibrated_on_what_they_were_fitted_on() -> None:
    score, told = told_by(np.full(3, -1.0))
    fusion = fuse([score], told, log_odds(told))
    chances = fusion.probabilities(score)
    assert fusion.weights[0] == pytest.approx(2, abs=0.3)
    sure = chances > 0.8
    assert told[sure].mean() == pytest.approx(chances[sure].mean(), abs=0.05)


def test_a_label_whose_scores_say_more_than_others_becomes_surer() -> None:
    """One regression for all labels would hold it back."""
    score, told = told_by(np.full(3, -2.0), np.array([0.5, 0.5, 4.0]))
    fusion = fuse([score], told, log_odds(told))
    assert fusion.weights[0, 2] > 3 * fusion.weights[0, 0]
    shown = told[:, 2] == 1
    assert fusion.probabilities(score)[shown, 2].mean() > 0.6


def test_a_label_of_which_little_is_told_goes_by_what_holds_for_all() -> None:
    score, told = told_by(np.array([-1.0, -1.0, -7.0]))
    assert told[:, 2].sum() < 20
    fusion = fuse([score], told, log_odds(told))
    assert fusion.weights[0, 2] == pytest.approx(fusion.weights[0, :2].mean(), abs=0.3)


def test_a_story_is_judged_by_a_fusion_without_its_fold() -> None:
    score, told = told_by(np.array([-1.0]))
    folds = np.arange(STORIES) % 2
    chances = unseen([score], told, log_odds(told), folds)
    held = folds == 1
    fitted = fuse([score[~held]], told[~held], log_odds(told))
    assert chances[held] == pytest.approx(fitted.probabilities(score[held]), abs=1e-6)


def test_measures_that_part_what_is_shown_from_what_is_not_give_finite_weights() -> None:
    told = np.repeat(np.eye(2, dtype=np.float32), 50, axis=0)
    score = (100 * told - 50).astype(np.float32)
    fusion = fuse([score, score], told, np.zeros((1, 2), np.float32))
    assert np.isfinite(fusion.weights).all()
    assert fusion.probabilities(score, score) == pytest.approx(told, abs=0.05)
