"""How sure a draft is: a small forest over its signs, fitted on cases whose answer is known.

What was fitted holds for one policy and one embedder. For any other there is a score that rises with the same signs,
stays low, and is said to be uncalibrated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import ValidationError, model_validator

from copilot.base import Strict
from copilot.drafters.error_budget import DEFAULT_BUDGET, Scored, Threshold, threshold
from copilot.drafters.forest import Forest
from copilot.drafters.signs import Signs
from copilot.rules import rules_of
from policy_corpus import Pack, Tier

SHIPPED = Path(__file__).with_name("calibrations")
FORMAT: Final = 2
MOST_UNCALIBRATED = 0.6
"""An uncalibrated confidence never says more than this."""


class Calibration(Strict):
    """What was fitted, on what, and how each measured draft came out."""

    format: Literal[2] = FORMAT
    pack: str
    rules: str
    """Hash of what decides in the pack: precedents may change, vocabulary, clauses, duties and patterns may not."""
    embedder: str
    """The embedder's fingerprint."""
    data_sha256: str
    command: str
    n: int
    """Drafts it was fitted on."""
    families: int
    cases: int
    """Cases that were looked at; the others got no draft at all."""
    signs: tuple[str, ...]
    """The signs that the forest asks for, in its order."""
    weights: dict[str, float]
    """How much of what the forest tells apart goes by each sign; together 1."""
    forest: str
    """As `Forest.dump` writes it."""
    scored: tuple[Scored, ...]
    """The drafts, each with the confidence it had while its family was held out."""
    told: tuple[tuple[float, ...], ...]
    """The signs of each of them, so that it can be fitted without any of them again."""

    @cached_property
    def trees(self) -> Forest:
        """The forest, read once."""
        return Forest.load(self.forest)

    def confidence(self, signs: Signs) -> float:
        """The probability (0–1) that the draft's tier is right."""
        values = signs.values()
        return self.trees.chance([values[name] for name in self.signs])

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        if self.trees.signs.max() >= len(self.signs):
            raise ValueError("the forest asks for more signs than are named")
        if len(self.told) != len(self.scored) or any(len(one) != len(self.signs) for one in self.told):
            raise ValueError("every scored draft needs a value for each sign")
        return self


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
    """The calibration that was fitted for this very policy and embedder."""
    return calibrations().get((rules_of(pack), embedder)) if embedder else None


@cache
def calibrations(folder: Path = SHIPPED) -> dict[tuple[str, str], Calibration]:
    """All that come with the program, by rules and embedder."""
    read = [_read(file) for file in sorted(folder.glob("*.json"))]
    return {(one.rules, one.embedder): one for one in read if one is not None}


def _read(file: Path) -> Calibration | None:
    """None where the file is of another format or damaged: the draft then says that it isn't calibrated."""
    try:
        return Calibration.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None
