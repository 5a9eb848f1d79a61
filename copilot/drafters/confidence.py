"""How sure a draft is: a small forest over its signs, fitted on cases whose answer is known.

What was fitted holds for one policy, one embedder and the classifiers' levels it was fitted with. For any other there
is a score that rises with the same signs, stays low, and is said to be uncalibrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import FiniteFloat, model_validator

from copilot.detectors.levels import levels_for
from copilot.drafters.error_budget import DEFAULT_BUDGET, Scored, Threshold, threshold
from copilot.drafters.forest import Forest
from copilot.drafters.signs import Signs
from copilot.fitted import Fitted, read_all
from copilot.rules import rules_of
from policy_corpus import Pack, Tier

SHIPPED = Path(__file__).with_name("calibrations")
FORMAT: Final = 2
KNOWN = frozenset(one.name for one in fields(Signs))
DIGITS = 4
"""Decimals that a sign is kept to, when a forest is fitted as well as when it is asked."""
MOST_UNCALIBRATED = 0.6
"""An uncalibrated confidence never says more than this."""


class Calibration(Fitted):
    """What was fitted, on what, and how each measured draft came out; `n` counts drafts."""

    format: Literal[2] = FORMAT
    levels: str
    """Digest of the levels that the classifiers had when the drafts were made; empty where they had none."""
    families: int
    cases: int
    """Cases that were looked at; the others got no draft at all."""
    signs: tuple[str, ...]
    """The signs that the forest asks for, in its order."""
    weights: dict[str, FiniteFloat]
    """How much of what the forest tells apart goes by each sign; together 1."""
    forest: str
    """As `Forest.dump` writes it."""
    scored: tuple[Scored, ...]
    """The drafts, each with the confidence it had while its family was held out."""
    told: tuple[tuple[FiniteFloat, ...], ...]
    """The signs of each of them, so that it can be fitted without any of them again."""

    @cached_property
    def trees(self) -> Forest:
        """The forest, read once."""
        return Forest.load(self.forest)

    def confidence(self, signs: Signs) -> float:
        """The probability (0–1) that the draft's tier is right."""
        values = signs.values()
        return self.trees.chance(rounded([values[name] for name in self.signs]))

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        if len(set(self.signs)) < len(self.signs) or not KNOWN.issuperset(self.signs):
            raise ValueError("the signs are not known ones, each named once")
        if self.trees.signs.max() >= len(self.signs):
            raise ValueError("the forest asks for more signs than are named")
        if len(self.told) != len(self.scored) or any(len(one) != len(self.signs) for one in self.told):
            raise ValueError("every scored draft needs a value for each sign")
        if not len(self.scored) == self.n <= self.cases:
            raise ValueError("drafts and cases are counted wrongly")
        return self


def rounded(signs: Sequence[float]) -> list[float]:
    """Signs as a forest gets them, so that the last bits of a cosine don't matter."""
    return [round(value, DIGITS) for value in signs]


@dataclass(frozen=True)
class Sureness:
    """A draft's confidence and what may be made of it."""

    confidence: float
    threshold: Threshold | None = None
    """None where nothing was calibrated."""
    measured_on: int = 0
    """Drafts that the calibration was fitted on."""

    @property
    def enough(self) -> bool:
        """Whether the error budget lets it be recommended; always, where there is nothing to judge by."""
        return self.threshold is None or self.confidence >= self.threshold.least


def sureness(signs: Signs, fitted: Calibration | None, budget: float = DEFAULT_BUDGET) -> Sureness:
    """How sure a draft with such signs is, by what was fitted if anything was."""
    if fitted is None:
        return Sureness(round(uncalibrated(signs), 2))
    needed = threshold(fitted.scored, budget, quiet=_acts_against_nobody(signs))
    return Sureness(round(fitted.confidence(signs), 4), needed, fitted.n)


def _acts_against_nobody(signs: Signs) -> bool:
    return signs.reach <= Tier.PROTECT.rank / (len(Tier) - 1)


def uncalibrated(signs: Signs) -> float:
    """A cautious score (0–0.6) that rises with the facts' sureness, the precedents' agreement and their nearness."""
    agreeing = signs.agreement * signs.support
    graver = signs.open_beside_action + signs.open_beside_quiet
    clauses = signs.by_clauses * (0.2 + 0.2 * signs.weakest)
    return MOST_UNCALIBRATED * min(1.0, 0.3 + clauses + 0.6 * agreeing) * (1 - 0.3 * min(1.0, graver))


def fitting(pack: Pack, embedder: str) -> Calibration | None:
    """The calibration that was fitted for this very policy, embedder and levels."""
    fitted = calibrations().get((rules_of(pack), embedder)) if embedder else None
    if fitted is None:
        return None
    levels = levels_for(pack, embedder)
    return fitted if fitted.levels == ("" if levels is None else levels.digest) else None


@cache
def calibrations(folder: Path = SHIPPED) -> dict[tuple[str, str], Calibration]:
    """All that come with the program, by rules and embedder."""
    return read_all(Calibration, folder)
