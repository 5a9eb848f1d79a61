"""What a search gives back: passages with scores, and why each came back."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from policy_corpus import Passage

ReasonKind = Literal["similar", "words", "criteria_met", "criteria_undecided", "required", "exception", "opposing"]


class Reason(BaseModel):
    """One reason why a passage came back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ReasonKind
    detail: str
    """In plain words, such as `its criteria are met: contact_with_minor`."""
    score: float | None = None
    """Cosine for `similar`, rank-based for others; none where there is nothing to score."""


class Hit(BaseModel):
    """A passage that came back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passage: Passage
    score: float
    """Fused; only comparable within one search."""
    reasons: tuple[Reason, ...]
