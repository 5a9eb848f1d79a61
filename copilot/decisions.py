"""Decisions: what the analyst did with a draft."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from copilot.base import Moment, Strict
from copilot.cases import Span
from copilot.findings import Finding
from copilot.plans import Plan
from policy_corpus import Reportability

Verb = Literal["confirmed", "changed", "rejected", "escalated"]


class Decision(Strict):
    """A person's decision on one case version. Append-only: a later decision never replaces an earlier one."""

    format: int = 1
    case_id: str
    case_version: int
    case_digest: str
    verb: Verb
    analyst: str = Field(min_length=1)
    reason: str = ""
    """Required for changed, rejected and escalated; welcome for confirmed."""
    plan: Plan
    reportability: Reportability
    draft: int | None = None
    """Which draft of the review it was about."""
    corrections: tuple[Finding, ...] = ()
    """Findings of the analyst's own; only these may clear a duty."""
    words_read: tuple[Span, ...] = ()
    """Which masked words were revealed before deciding."""
    blind_call: str = ""
    """The tier that the analyst named before seeing the draft, where that was asked."""
    opened_at: Moment
    decided_at: Moment

    @model_validator(mode="after")
    def _is_explained(self) -> Self:
        if self.verb != "confirmed" and not self.reason.strip():
            raise ValueError(f"'{self.verb}' needs a reason")
        return self
