"""From which probability on a value is proposed: where enough of the proposals were right on unseen texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copilot.detectors.features import Floats
from copilot.detectors.lessons import Bools, Label

FEWEST_RIGHT = 0.5
"""Share of proposals (0–1) that must have been right on families the classifier had not seen.

A proposal about a fact of which a story says nothing counts as wrong, although it may not be: where stories do say
something of the fact, about four in five of the proposals are right.
"""
FEWEST_RIGHT_CLEARING = 0.6
"""The same for values that speak for closing a case: a wrong all-clear costs more than a fact left open."""
CLEARING = frozenset({"no", "none"})
MOST_DOUBT = 0.1
"""Chance that the other values of a fact may have together where one speaks for closing a case."""
LEAST_CHANCE = 0.5
"""What is less likely than not is never stated, however precise such proposals were among few texts."""
FEWEST_PROPOSED = 3
NEVER = 2.0


@dataclass(frozen=True)
class Seen:
    """What was said of texts that nothing was learned from, and what they show."""

    chances: Floats
    """(texts, labels)."""
    shown: Bools
    asked: Bools
    """(texts, labels): where a proposal counts as right or wrong."""

    def frequency(self, column: int) -> float:
        return float(self.shown[:, column].mean())


def undoubted(labels: Sequence[Label], chances: Floats) -> Floats:
    """The chances, with none for a value that speaks for closing a case while other values of its fact are possible."""
    kept = chances.copy()
    for number, (fact, value) in enumerate(labels):
        if value in CLEARING:
            others = [at for at, label in enumerate(labels) if label[0] == fact and at != number]
            kept[..., number] *= chances[..., others].sum(axis=-1) <= MOST_DOUBT
    return kept


def thresholds(labels: Sequence[Label], stories: Seen, examples: Seen) -> Floats:
    """(labels,): for each the lowest probability that is precise enough, for it and for values of its kind at large.

    What is rare has too few proposals to tell by itself, so values of a kind are first taken together, over stories: a
    case is one. A value that falls short by itself, among stories or examples, is then raised until it no longer does.
    """
    found = np.full(len(labels), NEVER, dtype=np.float32)
    for clearing in (False, True):
        target = FEWEST_RIGHT_CLEARING if clearing else FEWEST_RIGHT
        columns = [number for number, label in enumerate(labels) if (label[1] in CLEARING) is clearing]
        start = threshold(stories.chances[:, columns].ravel(), stories.shown[:, columns].ravel(), target)
        if start is not None:
            for column in columns:
                frequent = beyond_chance(target, stories.frequency(column))
                own = _own(stories, column, start, frequent), _own(examples, column, start, target)
                found[column] = max(LEAST_CHANCE, *own)
    return found


def beyond_chance(target: float, frequency: float) -> float:
    """The share that must be right of a value this frequent (0–1): what is often true is easily right."""
    return frequency + (1 - frequency) * target


def _own(seen: Seen, column: int, start: float, target: float) -> float:
    """The threshold of one value: the start, or what it takes to be precise; `NEVER` where nothing is."""
    asked = seen.asked[:, column]
    chances, shown = seen.chances[asked, column], seen.shown[asked, column]
    proposed = chances >= start
    if proposed.sum() < FEWEST_PROPOSED or shown[proposed].mean() >= target:
        return start
    own = threshold(chances[proposed], shown[proposed], target)
    return NEVER if own is None else own


def threshold(chances: Floats, shown: Bools, fewest_right: float) -> float | None:
    """The lowest chance from which on enough proposals were right; none where there is none."""
    order = np.argsort(-chances, kind="stable")
    right = np.cumsum(shown[order]) / np.arange(1, len(order) + 1)
    ends = np.append(np.diff(chances[order]) != 0, True)[: len(order)]  # equal chances are proposed together
    enough = np.flatnonzero((right >= fewest_right) & ends & (chances[order] > 0))
    enough = enough[enough >= FEWEST_PROPOSED - 1]
    return float(chances[order][enough[-1]]) if len(enough) else None
