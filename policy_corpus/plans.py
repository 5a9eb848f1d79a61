"""The steps that clauses propose and precedents took, before they are bound to a case's own parties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from policy_corpus.actions import Action, Tier
from policy_corpus.base import Strict
from policy_corpus.criteria import Criteria, Findings, Outcome

ROLE_TARGETS = ("case", "items", "subject", "affected_child", "reporter", "organisation")
"""What a clause's default plan may act on: a case's parties are known only when the plan is drafted."""

_YES_NO = ("yes", "no")

CASE_FACTS: Mapping[str, tuple[str, ...]] = {
    "case.system_answer": _YES_NO,
    "case.media": _YES_NO,
    "case.affected_child": _YES_NO,
    "case.reporter": _YES_NO,
    "case.report_duty": _YES_NO,
}
"""What stands without anybody having to find it, with its values, for conditions of steps: whether the case file holds
an answer of a system or a file, whether it names an affected child or a reporter, and whether the findings raise a duty
to report, owed or for counsel to look at. None is ever open."""


class PlannedStep(Strict):
    """One action and what it is done to: a role in a clause, a role or party id in a precedent."""

    action: str
    on: str
    when: Criteria | None = None
    """In a clause: on which facts of the vocabulary and of `CASE_FACTS` the step is proposed; none means always."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A step of a plan with what its condition says of a case."""

    step: PlannedStep
    outcome: Outcome
    stands: bool
    """Whether it is proposed. While its condition is open, only a step that protects is."""
    missing: frozenset[str] = frozenset()
    """Facts that would settle an open condition."""


def proposed(plan: Iterable[PlannedStep], held: Findings, actions: Mapping[str, Action]) -> Iterator[Proposed]:
    """Every step of a plan, weighed against what is held about a party and what the case file says.

    Args:
        held: findings and case facts together, each with all of its values.
    """
    for step in plan:
        if step.when is None:
            yield Proposed(step, Outcome.MEETS, stands=True)
            continue
        verdict = step.when.evaluate(held)
        safe = verdict.outcome is Outcome.UNDECIDED and protects(actions[step.action])
        yield Proposed(step, verdict.outcome, verdict.outcome is Outcome.MEETS or safe, verdict.missing)


def protects(action: Action) -> bool:
    """Whether the action guards somebody or something; what takes a measure back needs a measure that was taken."""
    return action.tier is Tier.PROTECT and not action.lifts
