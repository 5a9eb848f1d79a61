"""What a case as a whole shows, from its sentences' scores.

Each measure is the best over some stretch of text, so that words added elsewhere seldom take anything away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from copilot.detectors.features import Floats

LONGEST_RUN = 8
"""Sentences in a row that are read together."""
SHORTEST_RUN = 3
STRETCHES = (4, 8, 12)
"""Sentences of the stretches that are also looked at by themselves in a case that is longer than the longest."""


def stretches(sentences: int) -> list[slice]:
    """Every stretch of a long case."""
    if sentences <= STRETCHES[-1]:
        return []
    return [slice(start, start + length) for length in STRETCHES for start in range(sentences - length + 1)]


def strongest(scores: Floats) -> Floats:
    """The best sentence's score for each label: (labels,) from (sentences, labels)."""
    best: Floats = scores.max(axis=0)
    return best


def best_run(scores: Floats) -> Floats:
    """The best mean over three to eight sentences in a row, or all where there are fewer: (labels,)."""
    total = len(scores)
    sums = np.vstack([np.zeros((1, scores.shape[1]), dtype=np.float32), np.cumsum(scores, axis=0)])
    lengths = range(min(SHORTEST_RUN, total), min(LONGEST_RUN, total) + 1)
    means = [((sums[length:] - sums[:-length]) / length).max(axis=0) for length in lengths]
    best: Floats = np.max(means, axis=0).astype(np.float32)
    return best


@dataclass(frozen=True)
class Companions:
    """What the labels that a case shows say of each other."""

    floor: Floats
    """(labels,): scores below it say nothing, so that unrelated text changes nothing."""
    weights: Floats
    """(labels, labels)."""
    intercept: Floats

    def scores(self, strongest: Floats) -> Floats:
        """(labels,) or (cases, labels), as the strongest scores come in."""
        found: Floats = (np.maximum(strongest, self.floor) @ self.weights + self.intercept).astype(np.float32)
        return found


@dataclass(frozen=True)
class Fusion:
    """A logistic regression for each label over the measures."""

    weights: Floats
    """(measures, labels): the strongest sentence, the best run, the companions."""
    intercept: Floats
    """(labels,)."""

    def probabilities(self, *measures: Floats) -> Floats:
        """Probabilities (0–1) that the cases show the labels, in the shape of each measure."""
        logits = self.intercept + sum(measure * own for measure, own in zip(measures, self.weights, strict=True))
        chances: Floats = (1 / (1 + np.exp(-logits))).astype(np.float32)
        return chances
