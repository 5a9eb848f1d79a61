"""Levels: what the classifiers' chances say where the mix of cases isn't that of what they learned from.

A label that training cases show more often than cases do gets chances that are too high, and the other way round. For
each label a level and a slope, fitted on cases whose answer is known, put its log odds right; they hold for one policy
and one embedder. Source: Platt, Probabilistic Outputs for Support Vector Machines (1999).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from copilot.detectors.features import Floats
from copilot.detectors.lessons import Bools, Label
from copilot.detectors.thresholds import CLEARING, undoubted
from copilot.fitted import Fitted, read_all
from copilot.rules import rules_of
from policy_corpus import Pack

SHIPPED = Path(__file__).with_name("levels")
LEAST = 1e-4
"""Chances are held this far from 0 and 1, so that log odds stay finite."""
PROPOSED = 0.5
"""The levelled chance from which on a value is proposed."""
PROPOSED_CLEARING = 0.6
"""The same for values that speak for closing a case."""
AS_IT_IS = (0.0, 1.0)
"""The level and slope that change nothing."""
MOST = 100.0
"""No level or slope is further from 0: log odds are not either."""

Level = Annotated[float, Field(ge=-MOST, le=MOST)]
Slope = Annotated[float, Field(gt=0, le=MOST)]
"""Above 0, so that a likelier value stays a likelier one."""


class Levels(Fitted):
    """What was fitted, on what, and which fit has not seen which cases; `n` counts cases."""

    format: Literal[1] = 1
    folds: tuple[dict[str, tuple[Level, Slope]], ...] = Field(min_length=1)
    """Each fit: level and slope by `fact: value`."""
    families: dict[str, int]
    """For each family of those cases the number of the fit that has not seen it."""

    @model_validator(mode="after")
    def _names_fits(self) -> Self:
        if not all(0 <= number < len(self.folds) for number in self.families.values()):
            raise ValueError("a family's fit is not among the fits")
        if any(fit.keys() != self.folds[0].keys() for fit in self.folds):
            raise ValueError("the fits don't name the same values")
        return self

    def of(self, labels: Sequence[Label], family: str | None = None) -> tuple[Floats, Floats]:
        """Levels and slopes (labels,): by the fit that has not seen the family, or for any other the mean of all.

        Log odds are linear in both, so the mean of the fits is a fit as well. A label that isn't named keeps its
        chance.
        """
        number = self.families.get(family) if family is not None else None
        fits = self.folds if number is None else (self.folds[number],)
        held = np.array([[fit.get(named(label), AS_IT_IS) for label in labels] for fit in fits], dtype=np.float64)
        means = held.reshape(len(fits), -1, 2).mean(axis=0).astype(np.float32)
        return means[:, 0], means[:, 1]

    def names(self, label: Label) -> bool:
        """Whether anything was fitted for it."""
        return named(label) in self.folds[0]


def named(label: Label) -> str:
    """How a file names a fact's value."""
    return f"{label[0]}: {label[1]}"


def log_odds(chances: Floats) -> Floats:
    """Of chances, held away from 0 and 1."""
    held = np.clip(chances, LEAST, 1 - LEAST)
    odds: Floats = np.log(held / (1 - held)).astype(np.float32)
    return odds


def chance(odds: Floats) -> Floats:
    """The chances (0–1) of log odds."""
    chances: Floats = (1 / (1 + np.exp(-np.clip(odds, -30, 30)))).astype(np.float32)
    return chances


@dataclass(frozen=True)
class Yardstick:
    """What the classifiers' chances amount to, and from where on a value is proposed."""

    labels: tuple[Label, ...]
    limits: Floats
    """(labels,): from which chance on."""
    fitted: Bools
    """(labels,): whether there are a level and a slope for it; other labels go by what was learned alone."""
    levels: Floats
    slopes: Floats

    @classmethod
    def of(
        cls, labels: tuple[Label, ...], thresholds: Floats, levels: Levels | None = None, family: str | None = None
    ) -> Yardstick:
        """By what was learned, or where there are levels, by those that have not seen the family."""
        if levels is None:
            nothing = np.zeros(len(labels), dtype=np.float32)
            return cls(labels, thresholds, nothing.astype(np.bool_), nothing, nothing + 1)
        fitted = np.array([levels.names(label) for label in labels], dtype=np.bool_)
        own = np.array([PROPOSED_CLEARING if value in CLEARING else PROPOSED for _, value in labels], dtype=np.float32)
        return cls(labels, np.where(fitted, own, thresholds), fitted, *levels.of(labels, family))

    def chances(self, said: Floats) -> Floats:
        """(labels,) from what the classifiers say of a case; limits apply to these."""
        if not self.fitted.any():
            return undoubted(self.labels, said)
        levelled = chance(self.levels + self.slopes * log_odds(said))
        return levelled if self.fitted.all() else np.where(self.fitted, levelled, undoubted(self.labels, said))

    def likeliest(self, chances: Floats) -> list[int]:
        """Of each fact's values that are likely enough to be proposed, the likeliest.

        One that speaks for closing a case is proposed only where no other is: it talks none of them away.
        """
        best: dict[str, int] = {}
        likely: list[int] = np.flatnonzero(chances >= self.limits).tolist()
        for column in sorted(likely, key=lambda column: (self.labels[column][1] in CLEARING, -chances[column])):
            best.setdefault(self.labels[column][0], column)
        return sorted(best.values())


def levels_for(pack: Pack, embedder: str) -> Levels | None:
    """The levels that were fitted for this very policy and embedder."""
    held = shipped()
    if not any(fitted_with == embedder for _, fitted_with in held):
        return None  # hashing the policy takes a while
    return held.get((rules_of(pack), embedder))


@cache
def shipped(folder: Path = SHIPPED) -> dict[tuple[str, str], Levels]:
    """All that come with the program, by rules and embedder."""
    return read_all(Levels, folder)
