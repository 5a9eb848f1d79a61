"""Turning a verb and a reason into a decision that the desk keeps."""

from __future__ import annotations

from copilot.cases import Case
from copilot.decisions import Decision
from copilot.errors import PlanRefused
from copilot.floor import Floor, floor_of
from copilot.plans import Plan
from copilot.reviews import Review
from policy_corpus import Reportability
from ui.panel import commands
from ui.panel.seam import CaseDesk
from ui.panel.session import Editing, OnScreen


class Deciding:
    """Decides on what is on screen, and on nothing else."""

    def __init__(self, desk: CaseDesk, analyst: str) -> None:
        self.desk = desk
        self.analyst = analyst

    def state(self, case: Case, review: Review | None) -> str:
        """Names what an analyst is looking at: the case's content, its review, and how often it was decided."""
        drafted = review.provenance.started_at.isoformat() if review else "-"
        return f"{case.digest}/{drafted}/{len(self.desk.decisions(case.id))}"

    def is_stale(self, screen: OnScreen) -> bool:
        return self.state(self.desk.case(screen.case), self.desk.review(screen.case)) != screen.seen

    def not_confirmable(self, screen: OnScreen | None) -> str:
        """Why confirming would not mean agreeing with what is on screen; empty where it would."""
        if screen is None:
            return "no case is open"
        review = self.desk.review(screen.case)
        if review is None:
            return "there is no draft to confirm"
        if review.recommended is None:
            return "no draft recommends anything"
        if screen.draft != review.recommended:
            return "the draft on screen is not the recommended one"
        edited = screen.editing is not None and (screen.editing.steps != screen.editing.start or screen.corrections)
        return "the plan has been changed in the editor" if edited else ""

    def decide(self, screen: OnScreen, command: commands.Decide) -> Decision:
        """Keeps the decision.

        Raises:
            CopilotError: the plan breaks a rule, or the record can't be written.
        """
        if command.verb == "confirmed":
            return self._confirm(screen, command)
        case, review = self.desk.case(screen.case), self.desk.review(screen.case)
        floor = floor_of(case, review, screen.corrections, self.desk.pack)
        if command.verb == "changed":
            return self._change(screen, command, floor)
        return self._keep(screen, command, Plan(steps=floor.steps), _at_least_open(floor.reportability))

    def _confirm(self, screen: OnScreen, command: commands.Decide) -> Decision:
        if why := self.not_confirmable(screen):
            raise PlanRefused(f"this can't be confirmed: {why}", "change, reject or escalate it")
        return self._keep(screen, command, None, None)

    def _change(self, screen: OnScreen, command: commands.Decide, floor: Floor) -> Decision:
        editing = screen.editing or Editing((), ())
        reportability = command.reportability or _at_least_open(floor.reportability)
        plan = Plan(steps=editing.steps)
        floor.check(plan, reportability)
        return self._keep(screen, command, plan, reportability)

    def _keep(
        self, screen: OnScreen, command: commands.Decide, plan: Plan | None, reportability: Reportability | None
    ) -> Decision:
        return self.desk.decide(
            screen.case,
            command.verb,
            analyst=self.analyst,
            opened_at=screen.opened_at,
            reason=command.reason.strip(),
            plan=plan,
            reportability=reportability,
            corrections=screen.corrections,
            words_read=screen.read,
        )


def _at_least_open(floor: Reportability) -> Reportability:
    """What a decision without an answer of its own says on reporting: the duties' floor, otherwise that it is open."""
    return max(floor, Reportability.UNKNOWN, key=_rank)


def _rank(value: Reportability) -> int:
    return value.rank
