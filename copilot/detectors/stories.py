"""What a case as a whole shows, from its sentences' scores.

Each measure is the best over some stretch of text, or over the sentences that say most, so that words added elsewhere
seldom take anything away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from copilot.detectors.features import Floats

LONGEST_RUN = 8
"""Sentences in a row that are read together."""
SHORTEST_RUN = 3
STRETCHES = (4, 6, 8, 10, 12)
"""Sentences of the stretches that are also looked at by themselves in a case that is longer than the longest; of any
longer case as many of its most telling ones are, too."""


def strongest(scores: Floats) -> Floats:
    """The best sentence's score for each label: (labels,) from (sentences, labels)."""
    best: Floats = scores.max(axis=0)
    return best


def best_run(scores: Floats) -> Floats:
    """The best mean over three to eight sentences in a row, or all where there are fewer: (labels,)."""
    best: Floats = _best_runs(scores, len(scores))[0]
    return best


def stretches(scores: Floats, runs: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Strongest sentence and best run of every stretch of a long case, (stretches, labels) for each length.

    Args:
        scores: (sentences, labels), as are `runs`.
    """
    if len(scores) > STRETCHES[-1]:
        for length in STRETCHES:
            yield sliding_window_view(scores, length, axis=0).max(axis=-1), _best_runs(runs, length)


def telling(scores: Floats) -> Iterator[list[int]]:
    """The sentences that say most, in their order: as many as a stretch holds, wherever they stand.

    Args:
        scores: (sentences,): how much each says.
    """
    order = np.argsort(-scores, kind="stable")
    for length in STRETCHES:
        if length < len(scores):
            yield sorted(order[:length].tolist())


def _best_runs(scores: Floats, length: int) -> Floats:
    """The best run of every stretch of that length: (stretches, labels)."""
    sums = np.vstack([np.zeros((1, scores.shape[1]), dtype=np.float32), np.cumsum(scores, axis=0)])
    lengths = range(min(SHORTEST_RUN, length), min(LONGEST_RUN, length) + 1)
    means = (((sums[run:] - sums[:-run]) / run, length - run + 1) for run in lengths)
    best = [sliding_window_view(mean, within, axis=0).max(axis=-1) for mean, within in means]
    found: Floats = np.max(best, axis=0).astype(np.float32)
    return found


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
