"""Editing a plan and correcting findings, before a decision keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from copilot.duties import owed
from copilot.errors import CaseError, PlanRefused
from copilot.findings import Finding
from copilot.floor import Floor, floor_of
from copilot.plans import Plan, Step
from copilot.reviews import DutyStatus
from ui.panel import commands
from ui.panel.drawing import shown_draft
from ui.panel.seam import CaseDesk
from ui.panel.session import Editing, OnScreen

Edit = commands.Edit | commands.Leave | commands.AddStep | commands.RemoveStep | commands.Correct | commands.Uncorrect


class Edits:
    """Applies edits to what is on screen; nothing is kept in the desk until a decision."""

    def __init__(self, desk: CaseDesk, analyst: str) -> None:
        self.desk = desk
        self.analyst = analyst

    def apply(self, screen: OnScreen, command: Edit) -> tuple[OnScreen, str]:
        """The screen after the edit, and what to say about it."""
        match command:
            case commands.Edit():
                return self._begin(
                    screen
                ), "Change the plan, then press G again, or Enter in the reason box, to save it."
            case commands.Leave():
                return replace(screen, editing=None, corrections=()), "The editor is closed; the draft is unchanged."
            case commands.AddStep():
                return self._add(screen, Step(action=command.action, on=command.on, note=command.note)), "Step added."
            case commands.RemoveStep():
                return self._remove(screen, command.action, command.on), "Step removed."
            case commands.Correct():
                return self._correct(screen, self._finding(command))
            case commands.Uncorrect():
                kept = tuple(held for at, held in enumerate(screen.corrections) if at != command.number)
                return self._with(screen, kept), "Correction undone."

    def _begin(self, screen: OnScreen) -> OnScreen:
        if screen.editing is not None:
            return screen
        draft = shown_draft(self.desk.review(screen.case), screen)
        steps = draft.plan.steps if draft else ()
        editing = Editing(steps=self._ordered((*steps, *self._floor(screen).missing(steps))), start=steps)
        return replace(screen, editing=editing)

    def _editing(self, screen: OnScreen) -> Editing:
        if screen.editing is None:
            raise CaseError("the editor is closed", "press G to open it")
        return screen.editing

    def _ordered(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        return Plan(steps=tuple(steps)).ordered(self.desk.pack).steps

    def _floor(self, screen: OnScreen) -> Floor:
        return floor_of(self.desk.case(screen.case), self.desk.review(screen.case), screen.corrections, self.desk.pack)

    def _add(self, screen: OnScreen, step: Step) -> OnScreen:
        editing = self._editing(screen)
        Plan(steps=(step,)).check(self.desk.case(screen.case), self.desk.pack)
        if any((held.action, held.on) == (step.action, step.on) for held in editing.steps):
            raise PlanRefused("this step is in the plan already", "choose another action or target")
        return replace(screen, editing=replace(editing, steps=self._ordered((*editing.steps, step))))

    def _remove(self, screen: OnScreen, action: str, on: str) -> OnScreen:
        editing = self._editing(screen)
        kept = tuple(step for step in editing.steps if (step.action, step.on) != (action, on))
        gone = [step for step in self._floor(screen).missing(kept) if (step.action, step.on) == (action, on)]
        if gone:
            raise PlanRefused(
                f"'{action}' on '{on}' is asked for by a duty", "correct the finding that the duty rests on"
            )
        return replace(screen, editing=replace(editing, steps=kept))

    def _finding(self, command: commands.Correct) -> Finding:
        if not self.desk.pack.vocabulary.allows(command.fact, command.value):
            raise CaseError(f"'{command.fact}' can't be '{command.value}'", "choose one of the fact's values")
        if not command.note.strip():
            raise CaseError("a correction needs evidence", "say in a few words what shows it")
        about = command.about or None
        if about is not None and self.desk.case(command.case).party(about) is None:
            raise CaseError(f"'{about}' is not a party of this case", "choose one of its parties, or the case")
        return Finding(
            fact=command.fact, value=command.value, about=about, kind="analyst", finder=self.analyst, confirmed=True,
            note=command.note.strip(),
        )  # fmt: skip

    def _correct(self, screen: OnScreen, finding: Finding) -> tuple[OnScreen, str]:
        others = tuple(held for held in screen.corrections if (held.fact, held.about) != (finding.fact, finding.about))
        before = {status.duty for status in self._owing(screen)}
        after_screen = self._with(screen, (*others, finding))
        after = {status.duty for status in self._owing(after_screen)}
        duties = self.desk.pack.duties
        raised = [f"now owed or possible: {duties[id].title}" for id in sorted(after - before)]
        cleared = [f"no longer raised: {duties[id].title}" for id in sorted(before - after)]
        changes = "; ".join((*raised, *cleared)) or "no duty changes"
        return after_screen, f"Finding corrected; {changes}."

    def _owing(self, screen: OnScreen) -> list[DutyStatus]:
        return owed(self._floor(screen).statuses)

    def _with(self, screen: OnScreen, corrections: tuple[Finding, ...]) -> OnScreen:
        """The screen with those corrections; steps that they oblige join the plan, none leaves it by itself."""
        changed = replace(screen, corrections=corrections)
        editing = self._editing(screen)
        steps = (*editing.steps, *self._floor(changed).missing(editing.steps))
        return replace(changed, editing=replace(editing, steps=self._ordered(steps)))
