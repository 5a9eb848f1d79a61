"""How sure a draft must be, from a stated error budget.

The budget is the share of cases that may be given a wrong recommendation; an abstention is never one. The threshold is
the least that keeps to it, by conformal risk control (Angelopoulos, Bates, Fisch, Lei and Schuster 2022, "Conformal
risk control") with the loss "recommended and wrong", which never rises with the threshold. It promises the budget on
average over cases like the measured ones. Scores come from cross-validation, so that promise is approximate.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import Field

from copilot.base import Strict

DEFAULT_BUDGET = 0.2
QUIET_SHARE = 0.5
"""What plans that act against nobody may use of the budget: a missed harm is the worse mistake there."""
LIKELIER = 0.5
"""The least confidence (0–1) of any recommendation, however wide the budget: below it, it is likelier wrong."""
NEVER = math.inf


class Scored(Strict):
    """One measured draft."""

    family: str
    score: float = Field(ge=0, le=1)
    """Its confidence, by a model that has not seen its family."""
    right: bool
    quiet: bool
    """Whether its plan acts against nobody."""


@dataclass(frozen=True)
class Threshold:
    """From which confidence on a recommendation is given."""

    least: float
    """`NEVER` where no threshold keeps to the budget."""
    budget: float
    n: int
    pooled: bool = False
    """Whether too few drafts of its own kind were measured, so that all kinds were taken together."""


def fewest(budget: float) -> int:
    """How many drafts it takes before any threshold can keep to a budget: 19 for 5%, 99 for 1%."""
    return math.ceil(round(1 / budget, 9)) - 1


def threshold(scored: Sequence[Scored], budget: float, *, quiet: bool) -> Threshold:
    """The threshold for drafts that act against nobody, or for the others."""
    allowed = budget * QUIET_SHARE if quiet else budget
    own = [one for one in scored if one.quiet is quiet]
    pooled = len(own) < fewest(allowed)
    used = list(scored) if pooled else own
    return Threshold(max(LIKELIER, _least(used, allowed)), allowed, len(used), pooled)


def _least(scored: Iterable[Scored], budget: float) -> float:
    """The least threshold for which (1 + wrong drafts at or above it) / (n + 1) stays within the budget."""
    held = list(scored)
    spare = math.floor(budget * (len(held) + 1) - 1 + 1e-9)
    if spare < 0:
        return NEVER
    wrong = sorted((one.score for one in held if not one.right), reverse=True)
    return 0.0 if len(wrong) <= spare else math.nextafter(wrong[spare], math.inf)
