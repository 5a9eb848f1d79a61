"""Precedents that came out differently than the policy, or than a precedent that weighs more, would have it.

A clause in force outranks every precedent, so a contradicting one misleads whoever follows it. A precedent may go
further than its clause only where a duty that its findings raise asks for such a step. Up to protection, tiers count as
one: support that goes beyond the clause contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_corpus.actions import Tier
from policy_corpus.checks.examination import Examination
from policy_corpus.checks.issues import Issue, Severity
from policy_corpus.criteria import UNKNOWN, Outcome, Reading
from policy_corpus.deciding import judged, tier
from policy_corpus.precedents import Precedent
from policy_corpus.vocabulary import Scope

CONTRADICTS = "precedent-outcome"
OUTWEIGHED = "precedent-authority"


def find_contradicting(seen: Examination) -> Iterator[Issue]:
    """Active precedents whose plan is of another tier than what the clauses in force say of their findings.

    Conditions of steps may rest on more than a precedent records: with or without those steps, it contradicts nothing.
    """
    for precedent in seen.active_precedents:
        clauses, held = seen.decider.answering(judged(precedent, seen.pack.vocabulary))
        due, came = tier(clauses, seen.pack), seen.pack.tier(precedent.plan)
        on_these = tier(clauses, seen.pack, held)
        if clauses and came not in (due, on_these) and not _allowed(precedent, due, came, seen):
            ref = clauses[0].ref
            message = f"'{precedent.id}' ended at tier '{came}', but its findings meet '{ref}', which says '{due}'"
            hint = "correct findings or plan, say what distinguishes it as a fact, or set status: overruled"
            yield seen.issue(CONTRADICTS, Severity.ERROR, (precedent.id, ref), (precedent, ("plan",)), message, hint)


def _allowed(precedent: Precedent, due: Tier, came: Tier, seen: Examination) -> bool:
    """Whether the difference contradicts nothing: both only protect, or a duty asks for the furthest step."""
    if came.rank < due.rank or came.rank <= Tier.PROTECT.rank:
        return due.rank <= Tier.PROTECT.rank
    return any(floor.rank >= came.rank for floor in _floors(precedent, seen))


def _floors(precedent: Precedent, seen: Examination) -> Iterator[Tier]:
    """The tiers of what the duties ask for that the findings raise."""
    held_by_party = judged(precedent, seen.pack.vocabulary)
    for duty in seen.pack.duties.values():
        trees = (duty.criteria, duty.possible_when or duty.criteria)
        if any(tree.evaluate(held, Reading.MOST).outcome is Outcome.MEETS for tree in trees for held in held_by_party):
            yield seen.pack.tier((*duty.floor, *(duty.floor_if_possible or ())))


def find_outweighed(seen: Examination) -> Iterator[Issue]:
    """Active precedents that differ from another one with the same findings and at least the same authority."""
    groups: dict[object, list[Precedent]] = {}
    for precedent in seen.active_precedents:
        if precedent.findings:
            groups.setdefault(_fingerprint(precedent, seen), []).append(precedent)
    for group in groups.values():
        leading = max(group, key=lambda precedent: precedent.authority.weight)
        for precedent in group:
            if seen.pack.tier(precedent.plan) is not seen.pack.tier(leading.plan):
                yield _outweighed(precedent, leading, seen)


def _outweighed(precedent: Precedent, leading: Precedent, seen: Examination) -> Issue:
    came, led = seen.pack.tier(precedent.plan), seen.pack.tier(leading.plan)
    lower = precedent.authority.weight < leading.authority.weight
    weight = f"of higher authority ({leading.authority})" if lower else "of the same authority"
    message = (
        f"'{precedent.id}' ended at tier '{came}', and '{leading.id}', {weight}, with the same findings at '{led}'"
    )
    hint = "overrule one of them, or record the finding that sets them apart"
    severity = Severity.ERROR if lower else Severity.WARNING
    subjects = (precedent.id, leading.id)
    return seen.issue(OUTWEIGHED, severity, subjects, (precedent, ("plan",)), message, hint)


def _fingerprint(precedent: Precedent, seen: Examination) -> object:
    roles = {party.id: party.role for party in precedent.parties}
    return frozenset(
        (finding.fact, finding.value, roles.get(finding.about or "", "") if _of_party(finding.fact, seen) else "")
        for finding in precedent.findings
        if finding.value != UNKNOWN
    )


def _of_party(fact: str, seen: Examination) -> bool:
    return seen.pack.vocabulary.scope(fact) is Scope.PARTY
