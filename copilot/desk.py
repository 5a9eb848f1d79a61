"""The desk: the queue of cases, their reviews and decisions, over the record. All doors share it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from copilot.base import Moment, Strict, now
from copilot.cases import Case, Span
from copilot.decisions import Decision, Verb
from copilot.drafts import Draft
from copilot.errors import CaseError, PlanRefused
from copilot.findings import Finding
from copilot.floor import floor_of
from copilot.plans import Plan
from copilot.record import Record
from copilot.review import Reviewer
from copilot.reviews import Review
from policy_corpus import Pack, Reportability


class QueueRow(Strict):
    """One line of the queue."""

    case_id: str
    surface: str
    received_at: Moment | None
    tier: str
    """The recommended draft's tier, `abstained`, or empty where there is no review yet."""
    held_back: str = ""
    """Where every draft abstains: how far the plan goes that they hold back, as its urgency must not be lost."""
    reportability: str
    decided: Verb | None


class Desk:
    """Cases in, decisions out. Everything it does is in the record."""

    def __init__(self, record: Record, reviewer: Reviewer) -> None:
        self.record = record
        self.reviewer = reviewer

    @property
    def pack(self) -> Pack:
        return self.reviewer.pack

    def receive(self, cases: Iterable[Case]) -> int:
        """Puts cases that are new, or new versions, into the queue; how many were."""
        taken = 0
        for case in cases:
            held = self._latest("case", case.id)
            if held is None or held["digest"] != case.digest:
                self.record.append("case", case.id, {"digest": case.digest, "case": case.model_dump(mode="json")})
                taken += 1
        return taken

    def queue(self) -> list[QueueRow]:
        """Every case, undecided first, then by how pressing its draft is."""
        ids = dict.fromkeys(entry.case_id for entry in self.record.entries(kind="case"))
        rows = [self._row(id) for id in ids]
        return sorted((row for row in rows if row is not None), key=self._order)

    def case(self, id: str) -> Case:
        held = self._latest("case", id)
        if held is None:
            raise CaseError(f"there is no case '{id}'", "its content may have been purged")
        return Case.model_validate(held["case"])

    def review(self, id: str) -> Review | None:
        """The stored review of the case's present version, if there is one."""
        held = self._latest("review", id)
        review = None if held is None else Review.model_validate(held)
        return review if review is not None and review.case_digest == self.case(id).digest else None

    async def draft(self, id: str, corrections: tuple[Finding, ...] = ()) -> Review:
        """Reviews the case and keeps the outcome."""
        review = await self.reviewer.review(self.case(id), corrections)
        self.record.append("review", id, review.model_dump(mode="json"))
        return review

    def decisions(self, id: str) -> list[Decision]:
        """All decisions on a case, oldest first."""
        payloads = (self.record.payload(entry) for entry in self.record.entries(case_id=id, kind="decision"))
        return [Decision.model_validate(payload) for payload in payloads if payload is not None]

    def reveal(self, id: str, span: Span, analyst: str) -> None:
        """Records that masked words were asked for."""
        self.record.append("reveal", id, {"analyst": analyst, "span": span.model_dump(), "at": now().isoformat()})

    def decide(
        self,
        id: str,
        verb: Verb,
        *,
        analyst: str,
        opened_at: Moment,
        reason: str = "",
        plan: Plan | None = None,
        reportability: Reportability | None = None,
        corrections: tuple[Finding, ...] = (),
        words_read: tuple[Span, ...] = (),
    ) -> Decision:
        """Keeps an analyst's decision. Without a plan of its own, it keeps what the duties ask for.

        Raises:
            PlanRefused: there is nothing to confirm, a step breaks a rule, or the plan leaves out what is owed.
            ValidationError: a reason is missing.
            RecordError: the record can't be written; nothing was kept.
        """
        case, review = self.case(id), self.review(id)
        number = review.recommended if review is not None else None
        floor = floor_of(case, review, corrections, self.pack)
        if verb == "confirmed":
            drafted = _confirmable(review, plan, corrections)
            plan, reportability = drafted.plan, drafted.reportability
        chosen = Plan(steps=floor.steps) if plan is None else plan
        level = max(floor.reportability, Reportability.UNKNOWN, key=_rank) if reportability is None else reportability
        chosen.check(case, self.pack)
        floor.check(chosen, level)
        decision = Decision(
            case_id=id,
            case_version=case.version,
            case_digest=case.digest,
            verb=verb,
            analyst=analyst,
            reason=reason,
            plan=chosen,
            reportability=level,
            draft=number,
            corrections=corrections,
            words_read=words_read,
            opened_at=opened_at,
            decided_at=now(),
        )
        self.record.append("decision", id, decision.model_dump(mode="json"))
        return decision

    def _latest(self, kind: str, id: str) -> dict[str, Any] | None:
        entry = self.record.latest(kind, id)
        return None if entry is None else self.record.payload(entry)

    def _row(self, id: str) -> QueueRow | None:
        held = self._latest("case", id)
        if held is None:
            return None
        case, review, decisions = Case.model_validate(held["case"]), self.review(id), self.decisions(id)
        draft = review.drafts[review.recommended].draft if review and review.recommended is not None else None
        tier = str(draft.plan.tier(self.pack)) if draft else ("abstained" if review else "")
        silent = [checked.draft for checked in review.drafts] if review and not draft else []
        told = draft or max(silent, key=lambda one: one.plan.tier(self.pack).rank, default=None)
        return QueueRow(
            case_id=id,
            surface=case.surface,
            received_at=case.received_at,
            tier=tier,
            held_back=str(told.plan.tier(self.pack)) if told and not draft else "",
            reportability=str(told.reportability) if told else "",
            decided=decisions[-1].verb if decisions else None,
        )

    def _order(self, row: QueueRow) -> tuple[bool, int, str]:
        rank = {"imminent": 0, "report": 1, "abstained": 2, "enforce": 3, "limit": 4, "protect": 5, "none": 6}
        return row.decided is not None, min(rank.get(tier, 7) for tier in (row.tier, row.held_back)), row.case_id


def _confirmable(review: Review | None, plan: Plan | None, corrections: tuple[Finding, ...]) -> Draft:
    """The draft that confirming agrees with: the recommended one, as it stands."""
    if review is None or review.recommended is None:
        raise PlanRefused("there is no recommendation to confirm", "draft the case, or change, reject or escalate it")
    if plan is not None or corrections:
        raise PlanRefused("confirming agrees with the draft as it stands", "use 'changed' for another plan or finding")
    return review.drafts[review.recommended].draft


def _rank(reportability: Reportability) -> int:
    return reportability.rank
