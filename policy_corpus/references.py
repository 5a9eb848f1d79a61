"""Checks that every name used in a pack is defined in it, and that its dates and versions don't collide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from pydantic import BaseModel

from policy_corpus.actions import Action, Actions
from policy_corpus.clauses import Clause
from policy_corpus.criteria import Node
from policy_corpus.duties import Duties
from policy_corpus.errors import Problem, expected_one_of
from policy_corpus.examples import Example, ExampleFact
from policy_corpus.pack import Manifest
from policy_corpus.patterns import Patterns
from policy_corpus.plans import CASE_FACTS, ROLE_TARGETS, PlannedStep
from policy_corpus.precedents import Precedent
from policy_corpus.sources import Loc, Source
from policy_corpus.training_cases import TrainingCase
from policy_corpus.vocabulary import Scope, Vocabulary

SourceOf = Callable[[BaseModel], Source]


def check_references(
    manifest: Manifest,
    vocabulary: Vocabulary,
    actions: Actions,
    duties: Duties,
    clauses: tuple[Clause, ...],
    precedents: tuple[Precedent, ...],
    source_of: SourceOf,
) -> Iterator[Problem]:
    """Every dangling name, doubled id and overlapping version, with file and line."""
    names = _Names(
        vocabulary=vocabulary,
        actions=actions.actions,
        duties=frozenset(duties.duties),
        clause_ids=frozenset(clause.id for clause in clauses),
        clause_refs=frozenset(clause.ref for clause in clauses),
        precedent_ids=frozenset(precedent.id for precedent in precedents),
        areas=frozenset(manifest.areas),
    )
    yield from _check_vocabulary(vocabulary, names, source_of(vocabulary))
    yield from _check_duties(duties, names, source_of(duties))
    for clause in clauses:
        yield from _check_clause(clause, names, source_of(clause))
    for precedent in precedents:
        yield from _check_precedent(precedent, names, source_of(precedent))
    yield from _check_doubled(precedents, source_of)
    yield from _check_versions(clauses, source_of)


def check_patterns(patterns: Patterns, vocabulary: Vocabulary, source: Source) -> Iterator[Problem]:
    """Patterns for facts or values that the vocabulary doesn't have."""
    for number, pattern in enumerate(patterns.patterns):
        loc = ("patterns", number)
        if pattern.fact not in vocabulary:
            hint = expected_one_of(pattern.fact, vocabulary.facts)
            yield source.problem((*loc, "fact"), f"unknown fact '{pattern.fact}'", hint)
        elif not vocabulary.allows(pattern.fact, pattern.value):
            hint = expected_one_of(pattern.value, vocabulary.facts[pattern.fact].values)
            yield source.problem((*loc, "value"), f"unknown value '{pattern.value}' of fact '{pattern.fact}'", hint)


def check_examples(examples: Iterable[Example], vocabulary: Vocabulary, source_of: SourceOf) -> Iterator[Problem]:
    """Examples that name facts or values that the vocabulary doesn't have."""
    for example in examples:
        yield from _check_shown((*example.shows, *example.looks_like), vocabulary, source_of(example))


def check_training_cases(
    cases: Iterable[TrainingCase], vocabulary: Vocabulary, source_of: SourceOf
) -> Iterator[Problem]:
    """Training cases that come twice, that name facts or values that the vocabulary doesn't have, or whose facts are
    about nobody whom the vocabulary lets them be about."""
    seen: set[str] = set()
    for case in cases:
        source = source_of(case)
        if case.id in seen:
            yield source.problem(("id",), f"training case '{case.id}' stands here again", "give each its own id")
        seen.add(case.id)
        yield from _check_shown(case.shows, vocabulary, source)
        for one in case.shows:
            if one.fact in vocabulary and (vocabulary.scope(one.fact) is Scope.CASE) is not (one.about == "case"):
                hint = f"it is about a {vocabulary.scope(one.fact).value}"
                yield source.problem((), f"'{one.fact}' can't be about '{one.about}'", hint)


def _check_shown(shown: Iterable[ExampleFact], vocabulary: Vocabulary, source: Source) -> Iterator[Problem]:
    for one in shown:
        if one.fact not in vocabulary:
            yield source.problem((), f"unknown fact '{one.fact}'", expected_one_of(one.fact, vocabulary.facts))
        elif not vocabulary.allows(one.fact, one.value):
            hint = expected_one_of(one.value, vocabulary.facts[one.fact].values)
            yield source.problem((), f"unknown value '{one.value}' of fact '{one.fact}'", hint)


@dataclass(frozen=True, slots=True)
class _Names:
    """Everything a pack defines, by kind."""

    vocabulary: Vocabulary
    actions: dict[str, Action]
    duties: frozenset[str]
    clause_ids: frozenset[str]
    clause_refs: frozenset[str]
    precedent_ids: frozenset[str]
    areas: frozenset[str]

    def criteria(self, tree: Node, source: Source, loc: Loc) -> Iterator[Problem]:
        for atom in tree.atoms():
            for value in sorted(atom.values):
                yield from self.fact(atom.fact or "", value, source, loc)

    def fact(self, fact: str, value: str, source: Source, loc: Loc) -> Iterator[Problem]:
        if fact not in self.vocabulary:
            yield source.problem(loc, f"unknown fact '{fact}'", expected_one_of(fact, self.vocabulary.facts))
        elif not self.vocabulary.allows(fact, value):
            hint = expected_one_of(value, self.vocabulary.facts[fact].values)
            yield source.problem(loc, f"unknown value '{value}' of fact '{fact}'", hint)

    def steps(
        self, steps: tuple[PlannedStep, ...], targets: Iterable[str], source: Source, loc: Loc
    ) -> Iterator[Problem]:
        for number, step in enumerate(steps):
            here = (*loc, number)
            if step.action not in self.actions:
                yield source.problem(
                    here, f"unknown action '{step.action}'", expected_one_of(step.action, self.actions)
                )
            if step.on not in targets:
                yield source.problem(here, f"unknown target '{step.on}'", expected_one_of(step.on, targets))

    def conditions(self, steps: tuple[PlannedStep, ...], source: Source, loc: Loc) -> Iterator[Problem]:
        """Names in the steps' conditions: facts of the vocabulary, or what the case file says."""
        for number, step in enumerate(steps):
            for atom in step.when.atoms() if step.when else ():
                here, fact = (*loc, number, "when"), atom.fact or ""
                for value in sorted(atom.values):
                    if fact not in CASE_FACTS and not fact.startswith("case."):
                        yield from self.fact(fact, value, source, here)
                    elif fact not in CASE_FACTS:
                        yield source.problem(here, f"unknown fact '{fact}'", expected_one_of(fact, CASE_FACTS))
                    elif value not in CASE_FACTS[fact]:
                        hint = expected_one_of(value, CASE_FACTS[fact])
                        yield source.problem(here, f"unknown value '{value}' of fact '{fact}'", hint)

    @staticmethod
    def unconditional(
        steps: tuple[PlannedStep, ...], source: Source, loc: Loc, whose: str, hint: str
    ) -> Iterator[Problem]:
        for number, step in enumerate(steps):
            if step.when is not None:
                message = f"{whose} '{step.action}' carries a condition, which only a clause's step may"
                yield source.problem((*loc, number, "when"), message, hint)

    def known(
        self, kind: str, given: Iterable[str], known: frozenset[str], source: Source, loc: Loc
    ) -> Iterator[Problem]:
        for name in given:
            if name not in known:
                yield source.problem(loc, f"unknown {kind} '{name}'", expected_one_of(name, known))


def _check_vocabulary(vocabulary: Vocabulary, names: _Names, source: Source) -> Iterator[Problem]:
    for number, constraint in enumerate(vocabulary.constraints):
        yield from names.criteria(constraint.never, source, ("constraints", number, "never"))
    for number, implication in enumerate(vocabulary.implications):
        yield from names.criteria(implication.when, source, ("implications", number, "when"))
        for fact, value in implication.then.items():
            yield from names.fact(fact, value, source, ("implications", number, "then"))


def _check_duties(duties: Duties, names: _Names, source: Source) -> Iterator[Problem]:
    for id, duty in duties.duties.items():
        yield from names.criteria(duty.criteria, source, ("duties", id, "criteria"))
        if duty.possible_when is not None:
            yield from names.criteria(duty.possible_when, source, ("duties", id, "possible_when"))
        for key, steps in (("floor", duty.floor), ("floor_if_possible", duty.floor_if_possible or ())):
            loc = ("duties", id, key)
            yield from names.steps(steps, ROLE_TARGETS, source, loc)
            hint = "a floor is owed whole: put the condition into the duty's criteria, or make it a duty of its own"
            yield from names.unconditional(steps, source, loc, "the duty's step", hint)


def _check_clause(clause: Clause, names: _Names, source: Source) -> Iterator[Problem]:
    yield from names.criteria(clause.criteria, source, ("criteria",))
    yield from names.steps(clause.default_plan, ROLE_TARGETS, source, ("default_plan",))
    yield from names.conditions(clause.default_plan, source, ("default_plan",))
    yield from names.known("clause", clause.exceptions, names.clause_ids, source, ("exceptions",))
    yield from names.known("clause", clause.outranks, names.clause_ids, source, ("outranks",))
    yield from names.known("duty", clause.duties, names.duties, source, ("duties",))
    if clause.area:
        yield from names.known("area", (clause.area,), names.areas, source, ("area",))


def _check_precedent(precedent: Precedent, names: _Names, source: Source) -> Iterator[Problem]:
    parties = frozenset(party.id for party in precedent.parties)
    for number, finding in enumerate(precedent.findings):
        yield from names.fact(finding.fact, finding.value, source, ("findings", number))
        if finding.about is not None:
            yield from names.known("party", (finding.about,), parties, source, ("findings", number))
    yield from names.steps(precedent.plan, (*ROLE_TARGETS, *parties), source, ("plan",))
    hint = "a precedent says what was done: take 'when' out, and say in 'note' what the step hung on"
    yield from names.unconditional(precedent.plan, source, ("plan",), "the precedent's step", hint)
    yield from names.known("clause", precedent.clauses, names.clause_refs, source, ("clauses",))
    if precedent.successor is not None:
        yield from names.known("precedent", (precedent.successor,), names.precedent_ids, source, ("successor",))
    if precedent.area:
        yield from names.known("area", (precedent.area,), names.areas, source, ("area",))


def _check_doubled(precedents: tuple[Precedent, ...], source_of: SourceOf) -> Iterator[Problem]:
    seen: dict[str, Source] = {}
    for precedent in precedents:
        source = source_of(precedent)
        if first := seen.get(precedent.id):
            message = f"precedent '{precedent.id}' stands here again"
            yield source.problem((), message, f"it is first in {first.path}:{first.line()}; give one another id")
        seen.setdefault(precedent.id, source)


def _check_versions(clauses: tuple[Clause, ...], source_of: SourceOf) -> Iterator[Problem]:
    by_id: dict[str, list[Clause]] = {}
    for clause in clauses:
        by_id.setdefault(clause.id, []).append(clause)
    for versions in by_id.values():
        for older, newer in combinations(sorted(versions, key=lambda clause: clause.version), 2):
            source, other = source_of(newer), source_of(older)
            if older.version == newer.version:
                message = f"clause '{newer.ref}' stands here again"
                yield source.problem(("id",), message, f"it is first in {other.path}; raise the version")
            elif _overlap(older, newer):
                message = f"'{newer.ref}' is in force on days on which '{older.ref}' is, too"
                yield source.problem(("effective_from",), message, f"end {other.path} the day before this one begins")


def _overlap(one: Clause, other: Clause) -> bool:
    def starts_by(first: Clause, second: Clause) -> bool:
        return (
            first.effective_from is None
            or second.effective_until is None
            or first.effective_from <= second.effective_until
        )

    return starts_by(one, other) and starts_by(other, one)
