"""Plans from clauses whose steps have conditions, and which of a party's items a step falls on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from copilot.case_facts import case_facts
from copilot.cases import Case, Span
from copilot.drafts import Draft
from copilot.duties import possible
from copilot.findings import Finding
from copilot.plans import Plan, Step
from policy_corpus import Pack, PlannedStep
from policy_corpus.plans import CASE_FACTS
from tests.copilot.stand_ins import finding, reviewer

PARTIES = [{"id": "a", "kind": "account", "role": "subject"}, {"id": "r", "kind": "person", "role": "reporter"}]
FAKE = finding("counterfeit", "yes", about="a")


def case(*parts: dict[str, object]) -> Case:
    held = parts or (words("1"),)
    return Case.model_validate({"id": "c", "received_at": "2026-03-01T00:00:00Z", "parties": PARTIES, "parts": held})


def words(id: str, role: str = "user") -> dict[str, object]:
    return {"id": id, "role": role, "party": "a", "text": f"Words of part {id}."}


def image(id: str) -> dict[str, object]:
    return {"id": id, "role": "user", "party": "a", "media": {"kind": "image"}}


def shown(fact: str, value: str, *parts: str) -> Finding:
    return finding(fact, value, about="a", evidence=[Span(part=part, start=0, end=5) for part in parts])


def with_plan(pack: Pack, *steps: Mapping[str, object]) -> Pack:
    plan = tuple(PlannedStep.model_validate(step) for step in steps)
    clauses = (one.model_copy(update={"default_plan": plan}) if one.id == "T-1" else one for one in pack.clauses)
    return pack.model_copy(update={"clauses": tuple(clauses)})


def draft(pack: Pack, judged: Case, *found: Finding) -> Draft:
    return asyncio.run(reviewer(pack).review(judged, found)).drafts[0].draft


def planned(drafted: Draft) -> list[tuple[str, str]]:
    return [(step.action, step.on) for step in drafted.plan.steps]


NEAR = {"danger": ["possible"]}


@pytest.mark.parametrize("action", ["help", "ban"])
@pytest.mark.parametrize(("danger", "met"), [("possible", True), ("none", False)])
def test_a_step_is_proposed_where_its_condition_is_met(small: Pack, action: str, danger: str, met: bool) -> None:
    pack = with_plan(small, {"action": "hide", "on": "items"}, {"action": action, "on": "subject", "when": NEAR})
    drafted = draft(pack, case(), FAKE, finding("danger", danger))
    assert (action in [step for step, _ in planned(drafted)]) is met
    assert "danger" not in drafted.missing
    assert [(step.condition, step.unsettled) for step in drafted.plan.steps if step.action == action] == (
        [("danger is possible", ())] if met else []
    )


def test_while_it_is_open_what_protects_is_proposed_and_the_rest_is_named_as_missing(small: Pack) -> None:
    helping = {"action": "help", "on": "subject", "when": NEAR}
    banning = {"action": "ban", "on": "subject", "when": {"registered": ["no"]}}
    drafted = draft(with_plan(small, {"action": "hide", "on": "items"}, helping, banning), case(), FAKE)
    assert planned(drafted) == [("hide", "1"), ("help", "a")]
    assert drafted.plan.steps[1].unsettled == ("danger",)
    assert {"danger", "registered"} <= set(drafted.missing)


@pytest.mark.parametrize(("part", "hidden"), [(image("2"), True), (words("2"), False)])
def test_the_case_file_can_be_what_a_condition_rests_on(small: Pack, part: dict[str, object], hidden: bool) -> None:
    hiding = {"action": "hide", "on": "items", "when": {"case.media": ["yes"]}}
    drafted = draft(with_plan(small, {"action": "keep", "on": "case"}, hiding), case(words("1"), part), FAKE)
    assert (("hide", "2") in planned(drafted)) is hidden
    assert not any(fact.startswith("case.") for fact in drafted.missing)


def told(judged: Case, pack: Pack, *found: Finding) -> dict[str, str]:
    said = case_facts(judged, possible(judged, found, pack), pack)
    assert said.keys() == CASE_FACTS.keys()
    assert all(values < frozenset(CASE_FACTS[fact]) for fact, values in said.items())
    return {fact: value for fact, (value,) in said.items()}


def test_what_a_case_says_by_itself(small: Pack) -> None:
    full = case(words("1"), image("2"), {"id": "3", "role": "assistant", "text": "No."})
    assert told(full, small) == {
        "case.system_answer": "yes",
        "case.media": "yes",
        "case.affected_child": "no",
        "case.reporter": "yes",
        "case.report_duty": "no",
    }
    assert set(told(Case.model_validate({"id": "c", "text": "Words."}), small).values()) == {"no"}


@pytest.mark.parametrize(
    ("danger", "confirmed", "raised"), [("possible", False, "yes"), ("imminent", True, "yes"), ("none", False, "no")]
)
def test_a_duty_to_report_counts_owed_or_possible(small: Pack, danger: str, confirmed: bool, raised: str) -> None:
    registered = finding("registered", "yes", confirmed=confirmed)
    near = finding("danger", danger, confirmed=confirmed)
    assert told(case(), small, registered, near)["case.report_duty"] == raised


def test_a_step_that_two_ask_for_stands_as_the_surer_one(small: Pack) -> None:
    doubtful = Step(action="help", on="a", because=("T-1@1",), condition="danger is possible", unsettled=("danger",))
    owed = Step(action="help", on="a", because=("warden",), from_duty=True)
    for steps in ((doubtful, owed), (owed, doubtful)):
        (step,) = Plan(steps=steps).ordered(small).steps
        assert (step.condition, step.unsettled, step.from_duty) == ("", (), True)
        assert set(step.because) == {"T-1@1", "warden"}


HIDING = {"action": "hide", "on": "items"}


@pytest.mark.parametrize(
    ("parts", "found", "hidden"),
    [
        ((words("1"), words("2")), shown("counterfeit", "yes", "2"), ["2"]),
        ((words("1"), words("2"), image("3")), shown("counterfeit", "yes", "2"), ["2", "3"]),
        ((words("1"), words("2")), shown("counterfeit", "yes"), ["1", "2"]),
        ((words("1"), image("2")), shown("counterfeit", "yes"), ["2"]),
        ((words("1"), words("2", "report")), shown("counterfeit", "yes", "2"), ["1"]),
    ],
)
def test_a_step_falls_on_the_items_that_show_what_the_clause_asks_for(
    small: Pack, parts: tuple[dict[str, object], ...], found: Finding, hidden: list[str]
) -> None:
    drafted = draft(with_plan(small, HIDING), case(*parts), found)
    assert [on for action, on in planned(drafted) if action == "hide"] == hidden


def test_what_shows_another_fact_is_no_reason_to_leave_the_rest(small: Pack) -> None:
    drafted = draft(with_plan(small, HIDING), case(words("1"), words("2")), FAKE, shown("danger", "possible", "1"))
    assert [on for action, on in planned(drafted) if action == "hide"] == ["1", "2"]


@pytest.mark.parametrize(("part", "hidden"), [(words("3"), ["1", "2", "3"]), (image("3"), ["2", "3"])])
def test_all_counts_where_no_words_show_what_is_grave(small: Pack, part: dict[str, object], hidden: list[str]) -> None:
    fake = small.vocabulary.facts["counterfeit"].model_copy(update={"raises_severity": ("yes",)})
    facts = {**small.vocabulary.facts, "counterfeit": fake}
    pack = with_plan(
        small.model_copy(update={"vocabulary": small.vocabulary.model_copy(update={"facts": facts})}), HIDING
    )
    joint = {"counterfeit": ["yes"], "danger": ["possible"]}
    clauses = (
        one.model_validate({**one.model_dump(), "criteria": joint}) if one.id == "T-1" else one for one in pack.clauses
    )
    pack = pack.model_copy(update={"clauses": tuple(clauses)})
    drafted = draft(pack, case(words("1"), words("2"), part), FAKE, shown("danger", "possible", "2"))
    assert [on for action, on in planned(drafted) if action == "hide"] == hidden


def test_what_is_kept_as_evidence_is_kept_whole(small: Pack) -> None:
    keep = small.actions["keep"].model_copy(update={"targets": ("item",)})
    pack = with_plan(small, {"action": "keep", "on": "items"}, HIDING)
    pack = pack.model_copy(update={"actions": {**pack.actions, "keep": keep}})
    drafted = draft(pack, case(words("1"), words("2")), shown("counterfeit", "yes", "2"))
    assert planned(drafted) == [("keep", "1"), ("keep", "2"), ("hide", "2")]


def test_an_answer_falls_on_what_was_asked_and_not_on_the_file_beside_it(small: Pack) -> None:
    hide = small.actions["hide"].model_copy(update={"answers": True})
    pack = with_plan(small.model_copy(update={"actions": {**small.actions, "hide": hide}}), HIDING)
    for parts, hidden in (((words("1"), image("2")), ["1"]), ((image("2"),), ["2"])):
        drafted = draft(pack, case(*parts), shown("counterfeit", "yes", parts[0]["id"]))  # type: ignore[arg-type]
        assert [on for action, on in planned(drafted) if action == "hide"] == hidden
