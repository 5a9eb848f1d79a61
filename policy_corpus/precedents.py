"""Precedents: earlier decisions that a draft may follow or distinguish."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from policy_corpus.base import Strict
from policy_corpus.duties import Reportability
from policy_corpus.passages import Passage
from policy_corpus.plans import PlannedStep
from policy_corpus.vocabulary import Scope, Vocabulary


class Authority(StrEnum):
    """How much a precedent weighs, highest first."""

    POLICY_COUNCIL = "policy_council"
    APPEAL = "appeal"
    REVIEWED = "reviewed"
    SINGLE = "single"
    ILLUSTRATIVE = "illustrative"

    @property
    def weight(self) -> int:
        """5 for a policy-council ruling down to 1 for an illustrative example."""
        return len(Authority) - list(Authority).index(self)


class Status(StrEnum):
    ACTIVE = "active"
    STALE = "stale"
    """Its clause has changed since."""
    SUPERSEDED = "superseded"
    OVERRULED = "overruled"


Role = Literal["subject", "affected_child", "reporter", "bystander", "unknown"]
PartyKind = Literal["account", "person", "organisation"]


class PrecedentParty(Strict):
    """Someone in the story, by role; never anything that identifies a person."""

    id: str
    kind: PartyKind = "account"
    role: Role = "unknown"


class PrecedentFinding(Strict):
    """A fact that decided the case, about a party or (none) the case."""

    fact: str
    value: str
    about: str | None = None


class Precedent(Strict):
    """One earlier decision."""

    format: int = 1
    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    title: str
    decided: date
    authority: Authority = Authority.ILLUSTRATIVE
    status: Status = Status.ACTIVE
    area: str = ""
    language: str = "en"
    surface: str = ""
    family: str = ""
    """Stories that were written together, such as minimal pairs; a split never parts them."""
    parties: tuple[PrecedentParty, ...] = ()
    facts: str
    findings: tuple[PrecedentFinding, ...] = ()
    plan: tuple[PlannedStep, ...] = ()
    reportability: Reportability = Reportability.UNKNOWN
    clauses: tuple[str, ...] = ()
    """`CLAUSE@version` each."""
    rationale: str
    distinguishes: str = ""
    """What set it apart from its neighbours: the fact that would have changed the outcome."""
    synthetic: bool = False
    """Written for illustration; never binding."""
    successor: str | None = None
    status_reason: str = ""

    @model_validator(mode="after")
    def _status_is_explained(self) -> Self:
        if self.status is not Status.ACTIVE and not self.status_reason:
            raise ValueError(f"status '{self.status}' needs a status_reason")
        if self.synthetic and self.authority is not Authority.ILLUSTRATIVE:
            raise ValueError("a synthetic precedent is illustrative; it can't carry any other authority")
        return self

    def held(self, party: str | None, vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
        """What was found on one party and the case; facts scoped to the case count for every party."""
        gathered: dict[str, set[str]] = {}
        for finding in self.findings:
            if finding.about in (None, party) or vocabulary.scope(finding.fact) is Scope.CASE:
                gathered.setdefault(finding.fact, set()).add(finding.value)
        return {fact: frozenset(values) for fact, values in gathered.items()}

    def plan_by_role(self) -> tuple[PlannedStep, ...]:
        """The plan with roles in place of this story's parties, so that it can be bound to another case."""
        roles = {party.id: "organisation" if party.kind == "organisation" else party.role for party in self.parties}
        return tuple(step.model_copy(update={"on": roles.get(step.on, step.on)}) for step in self.plan)

    def passages(self) -> tuple[Passage, ...]:
        """The citable spans: facts, rationale, and what distinguishes it where that is written."""
        texts = {"facts": self.facts, "rationale": self.rationale, "distinguishes": self.distinguishes}
        return tuple(
            Passage(kind="precedent", source=self.id, section=name, title=self.title, text=text)
            for name, text in texts.items()
            if text.strip()
        )
