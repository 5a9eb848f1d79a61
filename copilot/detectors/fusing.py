"""Fits the fusion: how the measures of a case together say how likely it shows a label.

Each label has its own logistic regression, pulled towards one that all labels share: what is often shown goes by its
own stories, what is rare mostly by what holds for all. Source: Gelman and Hill, Data Analysis Using Regression and
Multilevel/Hierarchical Models (2007), on partial pooling.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from copilot.detectors.features import Floats
from copilot.detectors.lessons import Ints
from copilot.detectors.stories import Fusion

STEPS = 25
"""Newton steps; both fits settle in about ten."""
SLOPE_PULL = 10.0
"""How strongly a label's slopes are held to the shared ones, per spread of the measure; as a count of stories."""
LEVEL_PULL = 1.0
"""The same for its level."""


def fuse(measures: Sequence[Floats], told: Floats, frequencies: Floats) -> Fusion:
    """The fusion that makes what was told (stories, labels) most likely.

    Args:
        measures: of the stories, each (stories, labels).
        frequencies: (kinds, labels), log odds of the label; only the shared regression goes by them.
    """
    weights, intercept = _shared(measures, told, frequencies)
    return _own(measures, told, weights, intercept)


def unseen(measures: Sequence[Floats], told: Floats, frequencies: Floats, folds: Ints) -> Floats:
    """(stories, labels): each story's chances by a fusion that was fitted on the other folds."""
    chances = np.zeros_like(told)
    for fold in np.unique(folds):
        held_out = folds == fold
        fitted = fuse([measure[~held_out] for measure in measures], told[~held_out], frequencies)
        chances[held_out] = fitted.probabilities(*(measure[held_out] for measure in measures))
    return chances


def _shared(measures: Sequence[Floats], told: Floats, frequencies: Floats) -> tuple[Floats, Floats]:
    """Slopes (measures,) that hold for all labels, and each label's level (labels,)."""
    columns = [*measures, *(np.broadcast_to(row, told.shape) for row in frequencies)]
    points = np.stack([*(column.ravel() for column in columns), np.ones(told.size)], axis=1).astype(np.float64)
    scale = np.abs(points).max(axis=0) + 1e-9
    points /= scale
    weights = np.zeros(points.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-points @ weights))
        slope = points.T @ (chance - told.ravel()) + 0.01 * weights
        curve = (points * (chance * (1 - chance))[:, None]).T @ points + 0.01 * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    weights = weights / scale
    number = len(measures)
    return weights[:number], weights[number:-1] @ frequencies + weights[-1]


def _own(measures: Sequence[Floats], told: Floats, weights: Floats, intercept: Floats) -> Fusion:
    """Each label's own regression, found by Newton steps that are halved until they help."""
    stacked = np.stack(measures, axis=-1).astype(np.float64).transpose(1, 0, 2)  # (labels, stories, measures)
    middle, spread = stacked.mean(axis=1), stacked.std(axis=1) + 1e-6
    ones = np.ones((*stacked.shape[:2], 1))
    points = np.concatenate([(stacked - middle[:, None]) / spread[:, None], ones], axis=2)
    start = np.column_stack([weights * spread, intercept + middle @ weights])
    pull = np.array([*([SLOPE_PULL] * len(weights)), LEVEL_PULL])
    fitted = np.stack([_pulled(points[at], told[:, at], start[at], pull) for at in range(len(start))])
    slopes = fitted[:, :-1] / spread
    levels = fitted[:, -1] - (slopes * middle).sum(axis=1)
    return Fusion(slopes.T.astype(np.float32), levels.astype(np.float32))


def _pulled(points: Floats, told: Floats, start: Floats, pull: Floats) -> Floats:
    """The logistic regression (weights,) nearest to `start` that the stories call for."""

    def loss(weights: Floats) -> float:
        logits = points @ weights
        return float(np.sum(np.logaddexp(0, logits) - told * logits) + 0.5 * np.sum(pull * (weights - start) ** 2))

    weights, least = start.copy(), loss(start)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(points @ weights, -30, 30)))
        slope = points.T @ (chance - told) + pull * (weights - start)
        curve = (points * (chance * (1 - chance))[:, None]).T @ points + np.diag(pull)
        step = np.linalg.solve(curve, slope)
        while (now := loss(weights - step)) > least and np.abs(step).max() > 1e-4:
            step = step / 2
        if least - now < 1e-6:
            break
        weights, least = weights - step, now
    return weights
