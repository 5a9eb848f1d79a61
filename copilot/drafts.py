"""Drafts: what a drafter proposes, every sentence with what it rests on."""

from __future__ import annotations

from pydantic import Field

from copilot.base import Strict
from copilot.cases import Span
from copilot.plans import Plan
from policy_corpus import Reportability


class Citation(Strict):
    """Words of a clause or precedent that a claim rests on."""

    source: str
    """A passage's id, such as `CS-GRM-01@1#rule`."""
    quote: str
    """Verbatim."""


class Claim(Strict):
    """One sentence of the draft."""

    text: str
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Span, ...] = ()
    """The words of the case that it rests on."""


class Flip(Strict):
    """A fact that, had it another value, would change the outcome."""

    fact: str
    value: str
    about: str | None = None
    would: str
    """What would then follow, in plain words."""


class Draft(Strict):
    """A proposal for the analyst; never a decision."""

    drafter: str
    summary: str
    plan: Plan = Plan()
    reportability: Reportability = Reportability.UNKNOWN
    reportability_basis: str = ""
    clauses: tuple[str, ...] = ()
    """`CLAUSE@version`, the most decisive first."""
    claims: tuple[Claim, ...] = ()
    opposing: Citation | None = None
    """The nearest precedent that went the other way."""
    would_flip: tuple[Flip, ...] = ()
    missing: tuple[str, ...] = ()
    """Facts that nobody has established and that could change the outcome."""
    not_checked: tuple[str, ...] = ()
    """What the draft did not look at; a draft of no violation must say so."""
    confidence: float | None = Field(default=None, ge=0, le=1)
    abstained: str = ""
    """Why there is no recommendation; empty where there is one."""
    changed_by_duty: tuple[str, ...] = ()
    """What the duties added or raised after drafting, in plain words."""
    refused: tuple[str, ...] = ()
    """Steps that were taken out because they break a rule that protects people, in plain words."""
