"""Plans put together from what the clauses say of each party."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from copilot.cases import Case, Part
from copilot.drafters.criteria import Standing
from copilot.plans import Plan, Step, bind, target_kind
from policy_corpus import Clause, Pack, Tier
from policy_corpus.actions import Action, Stage
from policy_corpus.criteria import UNKNOWN
from policy_corpus.plans import Proposed
from policy_corpus.wording import criteria_in_words

CONTENT = frozenset({"user", "profile"})
"""Roles of parts that are somebody's own content; answers of a system, notes and reports aren't."""


def assemble(standings: Iterable[Standing], case: Case, pack: Pack) -> Plan:
    """For each party the steps of its leading clause, with what its other clauses add to protect someone.

    A step on the subject or on items is bound to the party that the clause is met for, and to that party's own content:
    what one did is no ground against another, nor against those who wrote about it. A step that leaves the case as it
    is goes where another party's clause asks for more.
    """
    steps = _once([step for standing in standings for step in _of_party(standing, case, pack)], case, pack)
    acting = any(pack.actions[step.action].tier.rank > Tier.PROTECT.rank for step in steps)
    kept = (step for step in steps if not (acting and pack.actions[step.action].closes))
    return Plan(steps=tuple(kept)).ordered(pack)


def _once(steps: Sequence[Step], case: Case, pack: Pack) -> list[Step]:
    """The steps without those that protect by asking of one party what another clause asks of the whole case."""
    whole = {step.action for step in steps if step.on == "case" and pack.actions[step.action].tier is Tier.PROTECT}
    return [step for step in steps if case.party(step.on) is None or step.action not in whole]


def _of_party(standing: Standing, case: Case, pack: Pack) -> Iterable[Step]:
    for clause, one in standing.steps:
        if one.stands:
            yield from _bound(one, standing, case, clause)


def _bound(one: Proposed, standing: Standing, case: Case, clause: Clause) -> Sequence[Step]:
    planned = one.step
    words = criteria_in_words(planned.when) if planned.when else ""
    left = tuple(sorted(one.missing))
    told = {"condition": words, "unsettled": left}
    steps = [step.model_copy(update=told) for step in bind([planned], case, clause.ref)]
    if planned.on == "items":
        action = standing.pack.actions[planned.action]
        items = {part.id for part in _items(action, case, standing, clause)}
        return [step for step in steps if step.on in items]
    if planned.on == "subject" and standing.party is not None:
        return [step for step in steps if step.on == standing.party]
    return steps


def _items(action: Action, case: Case, standing: Standing, clause: Clause) -> tuple[Part, ...]:
    """The parts that an action falls on."""
    if action.stage is Stage.PRESERVE:
        return own_content(case, standing.party)
    content = concerned_content(case, standing, clause)
    return tuple(part for part in content if part.text) or content if action.answers else content


def own_content(case: Case, party: str | None) -> tuple[Part, ...]:
    """The parts that are a party's own content; where none is, those whose author nobody knows, and otherwise all."""
    items = tuple(part for part in case.parts if part.role in CONTENT)
    own = tuple(part for part in items if part.party is not None and part.party == party)
    unsigned = tuple(part for part in items if part.party is None)
    return own or unsigned or tuple(part for part in case.parts if target_kind(part.id, case) == "item")


def concerned_content(case: Case, standing: Standing, clause: Clause) -> tuple[Part, ...]:
    """Of a party's own content, what a clause is met by: files, and the words that show a fact the clause asks for.

    A greeting beside the request isn't taken out of view with it; what is kept as evidence is kept whole. Where none
    of its words are known to show a fact that makes the case graver, and no file could, all content counts.
    """
    own = own_content(case, standing.party)
    asked = _asked_for(clause, standing)
    ids = {part.id for part in own}
    unplaced = any(_grave(fact, standing) and not ids & standing.shown.get(fact, frozenset()) for fact in asked)
    if unplaced and not any(part.media for part in own):
        return own
    shown = frozenset[str]().union(*(standing.shown.get(fact, frozenset()) for fact in asked))
    return tuple(part for part in own if part.media is not None or part.id in shown) or own


def _asked_for(clause: Clause, standing: Standing) -> frozenset[str]:
    """The facts that the clause rests on and that had to be found: with any of them open, it wouldn't be met."""
    atoms = (atom for atom in clause.criteria.atoms() if UNKNOWN not in atom.values)
    held = {atom.fact for atom in atoms if standing.held.get(atom.fact or "", frozenset()) & atom.values}
    return standing.verdicts[clause.ref].rests_on & held


def _grave(fact: str, standing: Standing) -> bool:
    return bool(standing.held[fact] & frozenset(standing.pack.vocabulary.facts[fact].raises_severity))
