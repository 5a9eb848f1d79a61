"""From which probability on a value is proposed: where enough of the proposals were right on unseen texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from copilot.detectors.features import Floats
from copilot.detectors.lessons import Bools, Label

FEWEST_RIGHT = 0.5
"""Share of proposals (0–1) that must have been right on families the classifier had not seen.

A proposal about a fact of which a story says nothing counts as wrong, although it may not be: where stories do say
something of the fact, about four in five of the proposals are right.
"""
FEWEST_RIGHT_CLEARING = 0.9
"""The same for values that speak for closing a case, among texts that say something of the fact.

A wrong all-clear costs more than a fact left open. That a story doesn't mention that something is absent, though, is no
sign that it is there: such stories count neither way.
"""
CLEARING = frozenset({"no", "none"})
LEAST_SHARE = 0.8
"""Share of the chances of all values of a fact that one has to hold, at the least, which speaks for closing a case."""
LEAST_CHANCE = 0.5
"""What is less likely than not is never stated, however precise such proposals were among few texts."""
LEAST_CHANCE_CLEARING = 0.3
"""The same for values that speak for closing a case, of which most stories say nothing."""
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
    """The chances; of a value that speaks for closing a case its share of the chances of all values of its fact.

    What is to clear somebody is weighed against what speaks against it, and not against silence. Where its own
    chance is below `LEAST_CHANCE_CLEARING`, the share is nothing. Where nothing else was learned about the fact,
    there is nothing to weigh, and the chance itself counts.
    """
    kept = chances.copy()
    for number, every in _weighed(tuple(labels)):
        own = chances[..., number]
        enough = own >= LEAST_CHANCE_CLEARING
        if not enough.any():
            kept[..., number] = 0
            continue
        share = own / np.maximum(chances[..., every].sum(axis=-1), 1e-9)
        kept[..., number] = np.where(enough, share, 0)
    return kept


@lru_cache(maxsize=8)
def _weighed(labels: tuple[Label, ...]) -> tuple[tuple[int, list[int]], ...]:
    """Each label that speaks for closing a case and is weighed, with all labels of its fact."""
    of_fact: dict[str, list[int]] = {}
    for number, (fact, _) in enumerate(labels):
        of_fact.setdefault(fact, []).append(number)
    every = [(number, of_fact[fact]) for number, (fact, value) in enumerate(labels) if value in CLEARING]
    return tuple((number, held) for number, held in every if len(held) > 1)


def thresholds(labels: Sequence[Label], stories: Seen, examples: Seen) -> Floats:
    """(labels,): for each the lowest chance that is precise enough, for it and for values of its kind at large.

    Of values that speak for closing a case, it is the lowest share.

    What is rare has too few proposals to tell by itself, so values of a kind are first taken together, over stories: a
    case is one. A value that falls short by itself, among stories or examples, is then raised until it no longer does.
    """
    found = np.full(len(labels), NEVER, dtype=np.float32)
    for clearing in (False, True):
        target = FEWEST_RIGHT_CLEARING if clearing else FEWEST_RIGHT
        least = LEAST_SHARE if clearing else LEAST_CHANCE
        columns = [number for number, label in enumerate(labels) if (label[1] in CLEARING) is clearing]
        counted = stories.asked[:, columns]
        start = threshold(stories.chances[:, columns][counted], stories.shown[:, columns][counted], target)
        if start is not None:
            for column in columns:
                own_target = target if clearing else beyond_chance(target, stories.frequency(column))
                own = _own(stories, column, start, own_target), _own(examples, column, start, FEWEST_RIGHT)
                found[column] = max(least, *own)
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
