"""A pack: an immutable release of a policy, with everything that may be cited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Self

from pydantic import Field

from policy_corpus.actions import Action, Tier
from policy_corpus.base import Strict
from policy_corpus.clauses import Clause
from policy_corpus.duties import Duty
from policy_corpus.examples import Example
from policy_corpus.passages import Passage
from policy_corpus.patterns import Pattern
from policy_corpus.plans import PlannedStep
from policy_corpus.precedents import Precedent
from policy_corpus.priorities import Displaces, displaces
from policy_corpus.training_cases import TrainingCase
from policy_corpus.vocabulary import Vocabulary


class Adoption(Strict):
    """Who made the pack their policy, and when."""

    owner: str
    date: date
    note: str = ""


class Manifest(Strict):
    """`pack.yaml`: what the pack is and where it stands."""

    format: int = 1
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    version: str
    released: date
    notice: str = ""
    """What a reader must know before relying on it."""
    areas: dict[str, str] = {}
    """Area id to title; clauses and precedents name these ids."""
    adoption: Adoption | None = None


class Pack(Strict):
    """A policy release. Two packs with the same fingerprint give the same drafts."""

    manifest: Manifest
    vocabulary: Vocabulary
    actions: dict[str, Action]
    duties: dict[str, Duty]
    clauses: tuple[Clause, ...]
    precedents: tuple[Precedent, ...]
    patterns: tuple[Pattern, ...] = ()
    examples: tuple[Example, ...] = ()
    training_cases: tuple[TrainingCase, ...] = ()

    @property
    def id(self) -> str:
        return self.manifest.id

    @property
    def standing(self) -> str:
        """The words that go wherever the pack shows: who adopted it, or that nobody did."""
        if self.manifest.adoption is None:
            return "sample, not adopted"
        return f"adopted by {self.manifest.adoption.owner} on {self.manifest.adoption.date.isoformat()}"

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the canonical JSON of all content: any change to any part changes it."""
        content = self.model_dump(mode="json")
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @cached_property
    def _clauses_by_ref(self) -> dict[str, Clause]:
        return {clause.ref: clause for clause in self.clauses}

    @cached_property
    def _precedents_by_id(self) -> dict[str, Precedent]:
        return {precedent.id: precedent for precedent in self.precedents}

    @cached_property
    def latest(self) -> dict[str, Clause]:
        """The highest version of each clause, by the clause's id."""
        return {clause.id: clause for clause in sorted(self.clauses, key=lambda clause: clause.version)}

    @cached_property
    def displaces(self) -> Displaces:
        """Which of these clauses give way to which."""
        return displaces(self.latest.values())

    def clause(self, ref: str) -> Clause | None:
        """The clause of that `ID@version`, in force or not."""
        return self._clauses_by_ref.get(ref)

    def precedent(self, id: str) -> Precedent | None:
        return self._precedents_by_id.get(id)

    def in_force(self, on: date) -> tuple[Clause, ...]:
        """The clauses that apply to conduct on that day: the highest version of each id that is in force."""
        newest: dict[str, Clause] = {}
        for clause in self.clauses:
            held = newest.get(clause.id)
            if clause.in_force(on) and (held is None or clause.version > held.version):
                newest[clause.id] = clause
        return tuple(newest.values())

    def passages(self) -> Iterator[Passage]:
        """Every citable span of the pack."""
        for clause in self.clauses:
            yield from clause.passages()
        for precedent in self.precedents:
            yield from precedent.passages()

    def passage(self, id: str) -> Passage | None:
        """The passage of that id, such as `CS-01@1#rule`."""
        return self._passages_by_id.get(id)

    @cached_property
    def _passages_by_id(self) -> dict[str, Passage]:
        return {passage.id: passage for passage in self.passages()}

    def tier(self, steps: tuple[PlannedStep, ...]) -> Tier:
        """The highest tier among the steps; `none` for an empty plan."""
        tiers = [self.actions[step.action].tier for step in steps if step.action in self.actions]
        return max(tiers, key=lambda tier: tier.rank, default=Tier.NONE)

    def with_precedents(self, precedents: tuple[Precedent, ...]) -> Self:
        """The same release with other precedents, for what is promoted or changes status after the release."""
        return self.model_copy(update={"precedents": precedents})
