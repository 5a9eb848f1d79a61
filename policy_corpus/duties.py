"""Duties: what certain findings oblige, apart from enforcement."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from policy_corpus.actions import Action, Tier
from policy_corpus.base import Strict
from policy_corpus.criteria import Criteria
from policy_corpus.legal import LegalBasis
from policy_corpus.plans import PlannedStep


class Reportability(StrEnum):
    """Whether a report is owed, from least to most pressing."""

    NOT_INDICATED = "not_indicated"
    UNKNOWN = "unknown"
    VOLUNTARY = "voluntary"
    COUNSEL = "counsel"
    OBLIGED = "obliged"

    @property
    def rank(self) -> int:
        return list(Reportability).index(self)


class Clock(Strict):
    """By when a duty must be met. No hours means: without delay, in the words of `words`."""

    starts: Literal["knowledge", "notice", "decision", "receipt"]
    hours: float | None = None
    words: str
    """The time as the source puts it, in our own words: `as soon as reasonably possible`, `within 48 hours`."""


class Duty(Strict):
    """One thing that findings can oblige.

    `criteria` oblige when confirmed findings meet them; unconfirmed findings yield *counsel* at most. `possible_when`
    is wider: it raises the duty as possible, so that nothing owed is forgotten while facts are open.
    """

    title: str
    definition: str
    kind: Literal["report", "preserve", "remove", "notify", "escalate"]
    law: bool
    """A legal duty can't be waived; a policy minimum may be, by a second reviewer."""
    answer: Literal["obliged", "voluntary"] = "obliged"
    """What it says once its criteria are met by confirmed findings."""
    criteria: Criteria
    possible_when: Criteria | None = None
    floor: tuple[PlannedStep, ...] = ()
    """Steps that a plan must hold when the duty is owed."""
    floor_if_possible: tuple[PlannedStep, ...] | None = None
    """Steps that a plan must hold while the duty is only possible; none given means the floor without its reports."""
    clock: Clock | None = None
    owner: str = ""
    """The role that answers for it."""
    evidence: tuple[str, ...] = ()
    """What must be at hand to meet it."""
    legal_basis: tuple[LegalBasis, ...] = ()

    def possible_floor(self, actions: Mapping[str, Action]) -> tuple[PlannedStep, ...]:
        """What a plan must hold while facts are open: nothing that can't be taken back is proposed on those."""
        if self.floor_if_possible is not None:
            return self.floor_if_possible
        return tuple(step for step in self.floor if actions[step.action].tier is not Tier.REPORT)


class Duties(Strict):
    """All duties of a pack, by id."""

    format: int = 1
    duties: dict[str, Duty]
