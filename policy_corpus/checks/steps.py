"""Steps that could never be taken: an action on something that it can't be done to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from policy_corpus.actions import Target
from policy_corpus.checks.examination import Examination
from policy_corpus.checks.issues import Issue, Severity
from policy_corpus.plans import PlannedStep
from policy_corpus.precedents import Precedent
from policy_corpus.sources import Loc

NAME = "step-target"

KINDS: Mapping[str, frozenset[Target]] = {
    "case": frozenset({"case"}),
    "items": frozenset({"item"}),
    "subject": frozenset({"account", "person"}),
    "affected_child": frozenset({"account", "person"}),
    "reporter": frozenset({"account", "person", "organisation"}),
    "organisation": frozenset({"organisation"}),
}
"""What may stand behind each role that a plan can name."""


def find(seen: Examination) -> Iterator[Issue]:
    """Every step of a default plan, a duty's floor or a precedent's plan whose target doesn't fit its action."""
    for place, loc, name, steps, kinds in _plans(seen):
        for number, step in enumerate(steps):
            allowed = seen.pack.actions[step.action].targets
            if not kinds[step.on] & set(allowed):
                message = f"'{name}' plans '{step.action}' on '{step.on}', but it acts on {', '.join(allowed)}"
                fitting = sorted(role for role, held in kinds.items() if held & set(allowed))
                hint = f"name one of: {', '.join(fitting)}" if fitting else "choose another action"
                subjects = (name, step.action, step.on)
                yield seen.issue(NAME, Severity.ERROR, subjects, (place, (*loc, number)), message, hint)


_Plan = tuple[BaseModel, Loc, str, tuple[PlannedStep, ...], Mapping[str, frozenset[Target]]]


def _plans(seen: Examination) -> Iterator[_Plan]:
    for clause in seen.pack.clauses:
        yield clause, ("default_plan",), clause.ref, clause.default_plan, KINDS
    for id, duty in seen.pack.duties.items():
        yield duty, ("duties", id, "floor"), id, duty.floor, KINDS
        yield duty, ("duties", id, "floor_if_possible"), id, duty.floor_if_possible or (), KINDS
    for precedent in seen.pack.precedents:
        yield precedent, ("plan",), precedent.id, precedent.plan, _kinds(precedent)


def _kinds(precedent: Precedent) -> Mapping[str, frozenset[Target]]:
    if not precedent.parties:
        return KINDS
    return {**KINDS, **{party.id: frozenset({party.kind}) for party in precedent.parties}}
