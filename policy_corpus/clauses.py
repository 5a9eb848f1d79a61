"""Clauses: the citable rules of a policy."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from policy_corpus.base import Strict
from policy_corpus.criteria import ALWAYS, Criteria
from policy_corpus.legal import LegalBasis
from policy_corpus.passages import Passage
from policy_corpus.plans import PlannedStep


class Clause(Strict):
    """One rule, in one version, with the text that may be quoted."""

    format: int = 1
    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._ #&,'()/’-]*$")
    title: str
    version: int = Field(default=1, ge=1)
    area: str = ""
    effective_from: date | None = None
    """First day in force; none means undated, and is shown as such."""
    effective_until: date | None = None
    """Last day in force, inclusive."""
    criteria: Criteria = ALWAYS
    protects: bool = False
    """A protection: when met, it argues for support or no enforcement."""
    outranks: tuple[str, ...] = ()
    """Clauses that give way to this one when both are met."""
    exceptions: tuple[str, ...] = ()
    """Clauses that displace this one when they are met."""
    duties: tuple[str, ...] = ()
    default_plan: tuple[PlannedStep, ...] = ()
    fallback: bool = False
    """The clause that answers when no other does."""
    legal_basis: tuple[LegalBasis, ...] = ()
    changed: str = ""
    """Why this version differs from the one before, and who changed it."""
    sections: dict[str, str]
    """Heading to text, in order; the first is the rule."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not self.sections or not all(text.strip() for text in self.sections.values()):
            raise ValueError("a clause needs text; write a '## Rule' section below the front matter")
        if self.effective_from and self.effective_until and self.effective_until < self.effective_from:
            raise ValueError("effective_until lies before effective_from")
        return self

    @property
    def ref(self) -> str:
        """Id with version, as citations name it."""
        return f"{self.id}@{self.version}"

    @property
    def rule(self) -> str:
        return next(iter(self.sections.values()))

    @property
    def undated(self) -> bool:
        return self.effective_from is None

    def in_force(self, on: date) -> bool:
        """Whether this version applies to conduct on that day; an undated clause always does."""
        started = self.effective_from is None or self.effective_from <= on
        return started and (self.effective_until is None or on <= self.effective_until)

    def passages(self) -> tuple[Passage, ...]:
        """The citable spans: one a section."""
        return tuple(
            Passage(kind="clause", source=self.ref, section=name, title=self.title, text=text)
            for name, text in self.sections.items()
        )
