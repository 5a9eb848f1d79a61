"""An examination: one pack on one day, with what all checks need of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property

from pydantic import BaseModel

from policy_corpus.checks.issues import Issue, Severity
from policy_corpus.checks.worlds import Claim, World, Worlds
from policy_corpus.clauses import Clause
from policy_corpus.criteria import Node
from policy_corpus.deciding import Decider, decides
from policy_corpus.duties import Duty
from policy_corpus.normal_form import Box, box, met
from policy_corpus.pack import Pack
from policy_corpus.precedents import Precedent, Status
from policy_corpus.priorities import Displaces
from policy_corpus.references import SourceOf
from policy_corpus.sources import Loc, Source


class Examination:
    """What is examined, and what several checks would otherwise work out again."""

    def __init__(self, pack: Pack, on: date, source_of: SourceOf | None = None) -> None:
        self.pack = pack
        self.on = on
        self._source_of = source_of
        self._trees: dict[str, Node] = {}
        self._boxes: dict[str, Box] = {}
        self._examples: dict[str, World | None] = {}

    @cached_property
    def worlds(self) -> Worlds:
        return Worlds(self.pack.vocabulary)

    @cached_property
    def in_force(self) -> tuple[Clause, ...]:
        """What applies to conduct on the day."""
        return self.pack.in_force(self.on)

    @cached_property
    def lasting(self) -> tuple[Clause, ...]:
        """The clauses that decide by their criteria, on the day or later: what ended before is history."""
        return tuple(
            clause
            for clause in self.pack.clauses
            if decides(clause) and (clause.effective_until is None or clause.effective_until >= self.on)
        )

    @cached_property
    def deciding(self) -> tuple[Clause, ...]:
        """Those in force on the day that decide by their criteria."""
        return tuple(clause for clause in self.in_force if decides(clause))

    @cached_property
    def displaces(self) -> Displaces:
        return self.pack.displaces

    @cached_property
    def decider(self) -> Decider:
        return Decider(self.in_force, self.pack)

    @cached_property
    def active_precedents(self) -> tuple[Precedent, ...]:
        return tuple(precedent for precedent in self.pack.precedents if precedent.status is Status.ACTIVE)

    def tree(self, clause: Clause) -> Node:
        """The clause's criteria in normal form."""
        if clause.ref not in self._trees:
            self._trees[clause.ref] = met(clause.criteria, self.pack.vocabulary)
        return self._trees[clause.ref]

    def box(self, clause: Clause) -> Box:
        if clause.ref not in self._boxes:
            self._boxes[clause.ref] = box(self.tree(clause))
        return self._boxes[clause.ref]

    def example(self, clause: Clause) -> World | None:
        """A simplest situation that meets the clause, or none where there is no such situation."""
        if clause.ref not in self._examples:
            claim = Claim(self.tree(clause))
            world = self.worlds.find(claim)
            self._examples[clause.ref] = None if world is None else self.worlds.simplest(world, [claim])
        return self._examples[clause.ref]

    @cached_property
    def duties(self) -> Mapping[str, Node]:
        """For each duty, where it is owed or possible, in normal form."""
        return {
            id: Node(any=tuple(met(tree, self.pack.vocabulary) for tree in _raising(duty)))
            for id, duty in self.pack.duties.items()
        }

    def issue(
        self,
        check: str,
        severity: Severity,
        subjects: Iterable[str],
        at: tuple[BaseModel, Loc],
        message: str,
        hint: str = "",
    ) -> Issue:
        """An issue at a part of the pack: the object it was read into, and where in that object's file."""
        place, loc = at
        source = self._place(place)
        return Issue(source.path, source.line(loc), check, severity, tuple(subjects), message, hint)

    def _place(self, place: BaseModel) -> Source:
        if self._source_of is not None:
            return self._source_of(place)
        name = getattr(place, "ref", None) or getattr(place, "id", None)
        return Source(f"{self.pack.id}/{name}" if name else self.pack.id, None)

    def lawful_places(self) -> Iterator[tuple[BaseModel, Loc, str]]:
        """Everything that may carry a legal basis: its object, where in the file it stands, and its name."""
        for clause in self.pack.clauses:
            yield clause, (), clause.ref
        for id, duty in self.pack.duties.items():
            yield duty, ("duties", id), id


def _raising(duty: Duty) -> tuple[Node, ...]:
    return (duty.criteria,) if duty.possible_when is None else (duty.criteria, duty.possible_when)
