"""Duties as a floor: what findings may oblige is raised by anyone, and lowered only by a person who corrects a finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from copilot.cases import Case
from copilot.drafts import Draft
from copilot.findings import Finding, gather
from copilot.plans import Plan, bind
from copilot.reviews import DutyStatus
from policy_corpus import Duty, Outcome, Pack, Reading, Reportability
from policy_corpus.criteria import UNKNOWN

RAISED = (Reportability.OBLIGED, Reportability.COUNSEL)


def possible(case: Case, findings: Sequence[Finding], pack: Pack) -> tuple[DutyStatus, ...]:
    """What each duty of the pack says about this case, the most pressing first.

    A duty is *obliged* (or *voluntary*, where that is its answer) only on confirmed findings; on unconfirmed ones, or while facts
    are open that could oblige, it is *counsel*.
    """
    statuses = [_status(id, duty, party, findings, pack) for id, duty in pack.duties.items() for party in _parties(case)]
    return tuple(sorted(_strongest(statuses), key=lambda status: (-status.reportability.rank, status.duty)))


def _parties(case: Case) -> list[str | None]:
    return [party.id for party in case.parties] or [None]


def _status(id: str, duty: Duty, party: str | None, findings: Sequence[Finding], pack: Pack) -> DutyStatus:
    sure = gather(findings, party, pack.vocabulary, confirmed=True)
    held = _open(gather(findings, party, pack.vocabulary), sure)
    verdict = duty.criteria.evaluate(held, Reading.MOST)
    settled = duty.criteria.evaluate(sure, Reading.MOST)
    raised = (duty.possible_when or duty.criteria).evaluate(held, Reading.MOST).outcome is Outcome.MEETS
    if settled.outcome is Outcome.MEETS:
        says = Reportability(duty.answer)
    elif raised or verdict.outcome is Outcome.MEETS:
        says = Reportability.VOLUNTARY if duty.answer == "voluntary" else Reportability.COUNSEL
    else:
        says = Reportability.NOT_INDICATED if verdict.outcome is Outcome.FAILS else Reportability.UNKNOWN
    return DutyStatus(
        duty=id,
        title=duty.title,
        about=party,
        reportability=says,
        law=duty.law,
        missing=tuple(sorted(verdict.missing)),
        rests_on=tuple(sorted(verdict.rests_on)),
        clock=duty.clock.words if duty.clock else "",
        owner=duty.owner,
        basis=tuple(basis.basis for basis in duty.legal_basis),
    )


def _open(held: dict[str, frozenset[str]], sure: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """What is held, with every fact that nobody has established left open: an unconfirmed finding may raise, never clear."""
    return {fact: values if fact in sure else values | {UNKNOWN} for fact, values in held.items()}


def _strongest(statuses: Iterable[DutyStatus]) -> list[DutyStatus]:
    """One status a duty: the most pressing over the parties."""
    best: dict[str, DutyStatus] = {}
    for status in statuses:
        held = best.get(status.duty)
        if held is None or status.reportability.rank > held.reportability.rank:
            best[status.duty] = status
    return list(best.values())


def owed(duties: Iterable[DutyStatus]) -> list[DutyStatus]:
    """Those that are obliged or that counsel must look at."""
    return [status for status in duties if status.reportability in RAISED]


def raise_to_floor(draft: Draft, case: Case, duties: Sequence[DutyStatus], pack: Pack) -> Draft:
    """The draft with every step that a duty asks for, and a reportability no lower than the duties'.

    What a drafter leaves out, or says to the contrary, changes nothing here. Says in `changed_by_duty` what it raised.
    """
    changes: list[str] = []
    steps = list(draft.plan.steps)
    for status in owed(duties):
        for step in bind(pack.duties[status.duty].floor, case, status.duty, from_duty=True):
            if not any((held.action, held.on) == (step.action, step.on) for held in steps):
                changes.append(f"{pack.actions[step.action].title} on {step.on}, because of: {status.title}")
            steps.append(step)
    level = max((status.reportability for status in duties if _reports(status, pack)), key=_rank, default=None)
    reportability, basis = draft.reportability, draft.reportability_basis
    if level is not None and level.rank > reportability.rank:
        changes.append(f"Reportability raised from {reportability} to {level}")
        reportability = level
        basis = "; ".join(status.title for status in duties if status.reportability is level and _reports(status, pack))
    if any(pack.actions[step.action].tier != "none" for step in steps):
        steps = [step for step in steps if pack.actions[step.action].tier != "none"]
    return draft.model_copy(
        update={
            "plan": Plan(steps=tuple(steps)).ordered(pack),
            "reportability": reportability,
            "reportability_basis": basis,
            "changed_by_duty": tuple(changes),
        }
    )


def _reports(status: DutyStatus, pack: Pack) -> bool:
    return pack.duties[status.duty].kind == "report"


def _rank(reportability: Reportability) -> int:
    return reportability.rank
