from __future__ import annotations

import pytest

from copilot.errors import PlanRefused
from copilot.plans import Plan, Step, bind
from policy_corpus import Pack, PlannedStep
from tests.copilot.stand_ins import case

PARTIES = [
    {"id": "s", "role": "subject"},
    {"id": "k", "role": "affected_child"},
    {"id": "m", "role": "subject", "age_evidence": "minor_stated"},
    {"id": "o", "kind": "organisation", "role": "subject"},
]
CASE = case("words", parties=PARTIES)


@pytest.mark.parametrize(
    ("action", "on", "problem"),
    [
        ("ban", "s", ""),
        ("ban", "k", "'ban' is punitive and 'k' is the affected child"),
        ("ban", "m", "'ban' is punitive and 'm' may be a minor; this goes to the specialist pathway"),
        ("ban", "case", "'ban' can't be done to 'case': it acts on account"),
        ("ban", "nobody", "'nobody' is neither the case nor one of its parties or parts"),
        ("banish", "s", "'banish' is not an action of small"),
        ("help", "k", ""),
        ("hide", "text", ""),
    ],
)
def test_rules_that_protect_people(small: Pack, action: str, on: str, problem: str) -> None:
    plan = Plan(steps=(Step(action=action, on=on),))
    assert plan.problems(CASE, small) == ([problem] if problem else [])
    kept, refused = plan.allowed(CASE, small)
    assert (len(kept.steps), refused) == ((0, (problem,)) if problem else (1, ()))
    if problem:
        with pytest.raises(PlanRefused, match="change the step or its target"):
            plan.check(CASE, small)


def test_preserve_contain_report_notify_and_each_step_once(small: Pack) -> None:
    steps = [("close", "a"), ("tell", "b"), ("ban", "c"), ("keep", "d"), ("tell", "e")]
    plan = Plan(steps=tuple(Step(action=action, on="case", because=(why,)) for action, why in steps))
    ordered = plan.ordered(small)
    assert [step.action for step in ordered.steps] == ["keep", "ban", "tell", "close"]
    assert ordered.steps[2].because == ("b", "e")


@pytest.mark.parametrize(
    ("on", "targets"),
    [
        ("case", ["case"]),
        ("items", ["text"]),
        ("subject", ["s", "m"]),
        ("affected_child", ["k"]),
        ("organisation", ["o"]),
        ("reporter", []),
    ],
)
def test_roles_become_parties(on: str, targets: list[str]) -> None:
    assert [step.on for step in bind([PlannedStep(action="x", on=on)], CASE, "T-1@1")] == targets
