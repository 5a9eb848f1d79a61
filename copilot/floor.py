"""What a decision may not fall below: the steps and reportability that the duties ask for after corrections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from copilot.cases import Case
from copilot.drafts import Draft
from copilot.duties import RAISED, possible, raise_to_floor
from copilot.errors import PlanRefused
from copilot.findings import Finding
from copilot.plans import Plan, Step
from copilot.reviews import DutyStatus, Review
from policy_corpus import Pack, Reportability

NOTHING = Draft(drafter="floor", summary="", reportability=Reportability.NOT_INDICATED)
"""A draft that says nothing: what the duties make of it is their floor."""


@dataclass(frozen=True)
class Floor:
    """The duties' part in a plan."""

    case: Case
    pack: Pack
    statuses: tuple[DutyStatus, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return self._raised(NOTHING).plan.steps

    @property
    def reportability(self) -> Reportability:
        """The lowest answer on reporting that a person may give without correcting a finding."""
        level = self._raised(NOTHING).reportability
        return level if level in RAISED else Reportability.NOT_INDICATED

    def holding(self, step: Step) -> list[DutyStatus]:
        """The duties that ask for a step."""
        asked = {id for held in self.steps if _same(held, step) for id in held.because}
        return [status for status in self.statuses if status.duty in asked]

    def missing(self, steps: Sequence[Step]) -> list[Step]:
        return [held for held in self.steps if not any(_same(held, step) for step in steps)]

    def check(self, plan: Plan, reportability: Reportability) -> None:
        """Raises PlanRefused, in the duties' own words, where a plan leaves out what is owed."""
        decided = NOTHING.model_copy(update={"plan": plan, "reportability": reportability})
        if changed := self._raised(decided).changed_by_duty:
            hint = "keep it, or correct the finding that the duty rests on, with a note as evidence"
            raise PlanRefused(f"a duty asks for more: {'; '.join(changed)}", hint)

    def _raised(self, draft: Draft) -> Draft:
        return raise_to_floor(draft, self.case, self.statuses, self.pack)


def floor_of(case: Case, review: Review | None, corrections: Iterable[Finding], pack: Pack) -> Floor:
    """The duties' floor on all that was found and corrected."""
    found = review.findings if review else ()
    return Floor(case, pack, possible(case, (*found, *corrections), pack))


def _same(one: Step, other: Step) -> bool:
    return (one.action, one.on) == (other.action, other.on)
