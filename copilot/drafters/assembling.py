"""Plans put together from what the clauses say of each party."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from copilot.cases import Case, Part
from copilot.drafters.criteria import Standing
from copilot.plans import Plan, Step, bind, target_kind
from policy_corpus import Pack, PlannedStep, Tier

CONTENT = frozenset({"user", "profile"})
"""Roles of parts that are somebody's own content; answers of a system, notes and reports aren't."""


def assemble(standings: Iterable[Standing], case: Case, pack: Pack) -> Plan:
    """For each party the steps of its leading clause, with what its other clauses add to protect someone.

    A step on the subject or on items is bound to the party that the clause is met for, and to that party's own content:
    what one did is no ground against another, nor against those who wrote about it. A step that leaves the case as it
    is goes where another party's clause asks for more.
    """
    steps = [step for standing in standings for step in _of_party(standing, case, pack)]
    acting = any(pack.actions[step.action].tier.rank > Tier.PROTECT.rank for step in steps)
    kept = (step for step in steps if not (acting and pack.actions[step.action].closes))
    return Plan(steps=tuple(kept)).ordered(pack)


def _of_party(standing: Standing, case: Case, pack: Pack) -> Iterable[Step]:
    for number, clause in enumerate(standing.deciding):
        for planned in clause.default_plan:
            if number == 0 or pack.actions[planned.action].tier is Tier.PROTECT:
                yield from _bound(planned, standing.party, case, clause.ref)


def _bound(planned: PlannedStep, party: str | None, case: Case, because: str) -> Sequence[Step]:
    steps = bind([planned], case, because)
    if planned.on == "items":
        own = {part.id for part in own_content(case, party)}
        return [step for step in steps if step.on in own]
    if planned.on == "subject" and party is not None:
        return [step for step in steps if step.on == party]
    return steps


def own_content(case: Case, party: str | None) -> tuple[Part, ...]:
    """The parts that are a party's own content; where none is, those whose author nobody knows, and otherwise all."""
    items = tuple(part for part in case.parts if part.role in CONTENT)
    own = tuple(part for part in items if part.party is not None and part.party == party)
    unsigned = tuple(part for part in items if part.party is None)
    return own or unsigned or tuple(part for part in case.parts if target_kind(part.id, case) == "item")
