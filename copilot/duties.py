"""Duties as a floor: anyone may raise what findings oblige; only a person who corrects a finding lowers it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from copilot.cases import Case
from copilot.drafts import Draft
from copilot.findings import Finding, gather
from copilot.plans import Plan, bind
from copilot.reviews import DutyStatus
from policy_corpus import Duty, Outcome, Pack, PlannedStep, Reading, Reportability, Verdict
from policy_corpus.criteria import UNKNOWN, Findings, Node
from policy_corpus.normal_form import met

Held = dict[str, frozenset[str]]

RAISED = (Reportability.OBLIGED, Reportability.COUNSEL)


def possible(case: Case, findings: Sequence[Finding], pack: Pack) -> tuple[DutyStatus, ...]:
    """What each duty of the pack says about this case, the most pressing first.

    A duty is *obliged* (or *voluntary*, where that is its answer) only on confirmed findings; on unconfirmed ones, or
    while facts are open that could oblige, it is *counsel*. Where it takes a detector's suspicion to raise it, it says
    so.
    """
    statuses = _statuses(case, findings, pack)
    shown = [finding for finding in findings if not (finding.suspected and finding.kind == "detector")]
    if len(shown) < len(findings):
        raised = {status.duty for status in _statuses(case, shown, pack) if status.reportability in RAISED}
        statuses = [
            status.model_copy(update={"suspected": True})
            if status.reportability in RAISED and status.duty not in raised
            else status
            for status in statuses
        ]
    return tuple(sorted(statuses, key=lambda status: (-status.reportability.rank, status.duty)))


def _statuses(case: Case, findings: Sequence[Finding], pack: Pack) -> list[DutyStatus]:
    held = [(party, *_held(findings, party, pack)) for party in _parties(case)]
    return [_status(id, duty, held) for id, duty in pack.duties.items()]


def _parties(case: Case) -> list[str | None]:
    return [party.id for party in case.parties] or [None]


def _held(findings: Sequence[Finding], party: str | None, pack: Pack) -> tuple[Held, Held]:
    """What is established about a party, and what is held about it, with all else left open."""
    sure = gather(findings, party, pack.vocabulary, confirmed=True)
    return sure, _open(gather(findings, party, pack.vocabulary), sure)


def _status(id: str, duty: Duty, held: Sequence[tuple[str | None, Held, Held]]) -> DutyStatus:
    """What the duty says of the party on whom it is most pressing; of several alike, of the first."""
    answers = [(party, *_says(duty, sure, found)) for party, sure, found in held]
    party, says, verdict = max(answers, key=lambda answer: answer[1].rank)
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


def _says(duty: Duty, sure: Held, held: Held) -> tuple[Reportability, Verdict]:
    verdict = duty.criteria.evaluate(held, Reading.MOST)
    settled = duty.criteria.evaluate(sure, Reading.MOST)
    possible = duty.possible_when.evaluate(held, Reading.MOST) if duty.possible_when else verdict
    raised = possible.outcome is Outcome.MEETS
    if settled.outcome is Outcome.MEETS:
        says = Reportability(duty.answer)
    elif raised or verdict.outcome is Outcome.MEETS:
        says = Reportability.VOLUNTARY if duty.answer == "voluntary" else Reportability.COUNSEL
    else:
        says = Reportability.NOT_INDICATED if verdict.outcome is Outcome.FAILS else Reportability.UNKNOWN
    return says, verdict


def _open(held: dict[str, frozenset[str]], sure: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """What is held, with every fact that nobody has established left open: a mere claim may raise, never clear."""
    return {fact: values if fact in sure else values | {UNKNOWN} for fact, values in held.items()}


def owed(duties: Iterable[DutyStatus]) -> list[DutyStatus]:
    """Those that are obliged or that counsel must look at, by more than a detector's suspicion."""
    return [status for status in duties if status.reportability in RAISED and not status.suspected]


def raise_to_floor(draft: Draft, case: Case, duties: Sequence[DutyStatus], pack: Pack) -> Draft:
    """The draft with every step that a duty asks for, and a reportability no lower than the duties'.

    What a drafter leaves out, or says to the contrary, changes nothing here. Says in `changed_by_duty` what it raised.
    """
    changes: list[str] = []
    steps = list(draft.plan.steps)
    for status in owed(duties):
        for step in bind(_floor(status, pack), case, status.duty, from_duty=True):
            if not any((held.action, held.on) == (step.action, step.on) for held in steps):
                changes.append(f"{pack.actions[step.action].title} on {step.on}, because of: {status.title}")
            steps.append(step)
    if changes and any(pack.actions[step.action].closes for step in steps):
        steps = [step for step in steps if not pack.actions[step.action].closes]
        changes.append("The case is not closed while a duty is owed or possible")
    level, basis = draft.reportability, draft.reportability_basis
    floor, why = reportability(duties, pack)
    if floor.rank > max(level.rank, Reportability.UNKNOWN.rank):
        changes.append(f"Reportability raised from {level} to {floor}")
        level, basis = floor, why
    return draft.model_copy(
        update={
            "plan": Plan(steps=tuple(steps)).ordered(pack),
            "reportability": level,
            "reportability_basis": basis,
            "changed_by_duty": tuple(changes),
        }
    )


def _floor(status: DutyStatus, pack: Pack) -> tuple[PlannedStep, ...]:
    duty = pack.duties[status.duty]
    return duty.floor if status.reportability is Reportability.OBLIGED else duty.possible_floor(pack.actions)


def reportability(duties: Sequence[DutyStatus], pack: Pack) -> tuple[Reportability, str]:
    """The most pressing answer of the duties to report, and which of them give it.

    Where it takes a detector's suspicion to raise one, that one's answer is unknown.
    """
    reports = [status for status in duties if pack.duties[status.duty].kind == "report"]
    says = [Reportability.UNKNOWN if status.suspected else status.reportability for status in reports]
    level = max(says, key=lambda answer: answer.rank, default=Reportability.UNKNOWN)
    return level, "; ".join(status.title for status, said in zip(reports, says, strict=True) if said is level)


def pointing(case: Case, findings: Sequence[Finding], pack: Pack) -> tuple[str, ...]:
    """What points to a duty to report that nothing settles yet: facts by name, parties and files in words.

    A fact points to a duty where it holds a value that makes a case graver and stands in a way of owing that duty which
    nothing rules out: what is still open could complete it. A child who is said to be affected and a file that nobody
    has viewed point to whatever they may show. Where this is empty, a report is not indicated by anything there is.
    """
    held = [gather(findings, party, pack.vocabulary) for party in _parties(case)]
    trees = [
        met(duty.possible_when or duty.criteria, pack.vocabulary)
        for duty in pack.duties.values()
        if duty.kind == "report"
    ]
    found = {fact for one in held for tree in trees for fact in _leads(tree, one, pack)}
    children = [party.id for party in case.parties if party.role == "affected_child"]
    unviewed = [part.id for part in case.parts if part.media is not None and part.media.viewed is None]
    return (*sorted(found), *(f"party {id}" for id in children), *(f"unviewed file {id}" for id in unviewed))


def _leads(tree: Node, held: Findings, pack: Pack) -> frozenset[str]:
    """The grave facts found in those branches of a tree in normal form that nothing rules out."""
    if _ruled_out(tree, held):
        return frozenset()
    if tree.fact is not None:
        graver = frozenset(pack.vocabulary.facts[tree.fact].raises_severity)
        found = held.get(tree.fact, frozenset()) & tree.values & graver
        return frozenset({tree.fact}) if found else frozenset()
    return frozenset().union(*(_leads(child, held, pack) for child in tree.children()))


def _ruled_out(tree: Node, held: Findings) -> bool:
    """Whether no value that a fact may still have lets the tree hold."""
    if tree.fact is not None:
        found = held.get(tree.fact) or frozenset({UNKNOWN})
        return UNKNOWN not in found and not found & tree.values
    if tree.any is not None:
        return all(_ruled_out(child, held) for child in tree.any)
    return any(_ruled_out(child, held) for child in tree.all or ())
