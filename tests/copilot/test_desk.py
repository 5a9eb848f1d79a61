from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from copilot.base import now
from copilot.cases import Span
from copilot.desk import Desk
from copilot.errors import CaseError, PlanRefused
from copilot.plans import Plan, Step
from copilot.record import Record
from policy_corpus import Pack
from tests.copilot.stand_ins import case, finding, reviewer


@pytest.fixture
def desk(small: Pack, tmp_path: Path) -> Iterator[Desk]:
    with Record.open(tmp_path / "record.sqlite3") as record:
        yield Desk(record, reviewer(small))


def test_from_case_to_confirmed_decision_across_a_restart(small: Pack, tmp_path: Path) -> None:
    with Record.open(tmp_path / "r.sqlite3") as record:
        first = Desk(record, reviewer(small))
        assert first.receive([case("I offer a fake watch.")]) == 1
        asyncio.run(first.draft("c"))
        first.decide("c", "confirmed", analyst="ana", opened_at=now())
    with Record.open(tmp_path / "r.sqlite3") as record:
        again = Desk(record, reviewer(small))
        (decision,) = again.decisions("c")
        assert [step.action for step in decision.plan.steps] == ["keep", "hide", "ban"]
        assert (decision.verb, decision.analyst, decision.draft) == ("confirmed", "ana", 0)
        assert again.queue()[0].decided == "confirmed"
        assert record.verify().problems == ()


def test_the_queue_puts_what_presses_first(desk: Desk) -> None:
    texts = {"watch": "I offer a fake watch.", "fire": "It is burning right now!", "joke": "A fake bag, only joking."}
    desk.receive(case(text, id=id) for id, text in texts.items())
    for id in texts:
        asyncio.run(desk.draft(id))
    assert [row.case_id for row in desk.queue()] == ["fire", "watch", "joke"]
    desk.decide("fire", "escalated", analyst="ana", opened_at=now(), reason="on call")
    assert [row.case_id for row in desk.queue()] == ["watch", "joke", "fire"]


def test_an_abstention_hides_no_urgency(desk: Desk) -> None:
    texts = {"fire": "It is burning right now!", "watch": "I offer a fake watch."}
    desk.receive(case(text, id=id) for id, text in texts.items())
    for id in texts:
        review = asyncio.run(desk.draft(id))
        silent = [
            one.model_copy(update={"draft": one.draft.model_copy(update={"abstained": "unsure"})})
            for one in review.drafts
        ]
        unsure = review.model_copy(update={"drafts": tuple(silent), "recommended": None})
        desk.record.append("review", id, unsure.model_dump(mode="json"))
    first, second = desk.queue()
    assert (first.case_id, first.tier, first.held_back) == ("fire", "abstained", "imminent")
    assert (second.case_id, second.tier) == ("watch", "abstained")
    assert first.reportability


def test_the_same_case_is_taken_once_and_new_evidence_reopens_it(desk: Desk) -> None:
    desk.receive([case("I offer a fake watch.")])
    asyncio.run(desk.draft("c"))
    assert desk.receive([case("I offer a fake watch.")]) == 0
    assert desk.receive([case("I offer a fake watch. It is burning right now!", version=2)]) == 1
    assert desk.review("c") is None
    assert desk.queue()[0].tier == ""


@pytest.mark.parametrize("verb", ["changed", "rejected", "escalated"])
def test_what_is_not_a_confirmation_needs_a_reason(desk: Desk, verb: str) -> None:
    desk.receive([case("words")])
    with pytest.raises(ValidationError, match=f"'{verb}' needs a reason"):
        desk.decide("c", verb, analyst="ana", opened_at=now())  # type: ignore[arg-type]
    assert desk.decisions("c") == []


def test_a_plan_that_breaks_a_rule_is_refused_and_nothing_is_kept(desk: Desk) -> None:
    desk.receive([case("words", parties=[{"id": "k", "role": "affected_child"}])])
    with pytest.raises(PlanRefused):
        plan = Plan(steps=(Step(action="ban", on="k"),))
        desk.decide("c", "changed", analyst="ana", opened_at=now(), reason="why", plan=plan)
    assert desk.decisions("c") == []


def test_a_decision_can_leave_out_what_is_owed_only_with_a_correction(desk: Desk) -> None:
    desk.receive([case("It is burning right now!")])
    asyncio.run(desk.draft("c"))
    nothing = Plan(steps=(Step(action="close", on="case"),))
    with pytest.raises(PlanRefused, match=r"a duty asks for more: .*correct the finding"):
        desk.decide("c", "changed", analyst="ana", opened_at=now(), reason="a film", plan=nothing)
    with pytest.raises(PlanRefused, match="a duty asks for more"):
        desk.decide("c", "rejected", analyst="ana", opened_at=now(), reason="a film", plan=nothing)
    film = finding("danger", "none", kind="analyst", confirmed=True, note="a line of a film")
    kept = desk.decide(
        "c", "changed", analyst="ana", opened_at=now(), reason="a film", plan=nothing, corrections=(film,)
    )
    assert [step.action for step in kept.plan.steps] == ["close"]


def test_rejecting_a_draft_keeps_what_is_owed(desk: Desk) -> None:
    desk.receive([case("It is burning right now!")])
    asyncio.run(desk.draft("c"))
    kept = desk.decide("c", "rejected", analyst="ana", opened_at=now(), reason="wrong clause")
    assert [step.action for step in kept.plan.steps] == ["keep", "call"]
    assert kept.reportability == "counsel"


def test_there_must_be_a_recommendation_to_confirm(desk: Desk) -> None:
    desk.receive([case("zzz qqq xxx")])
    for draft in (False, True):
        if draft:
            asyncio.run(desk.draft("c"))
        with pytest.raises(PlanRefused, match="there is no recommendation to confirm"):
            desk.decide("c", "confirmed", analyst="ana", opened_at=now())


def test_confirming_agrees_with_the_draft_as_it_stands(desk: Desk) -> None:
    desk.receive([case("I offer a fake watch.")])
    asyncio.run(desk.draft("c"))
    with pytest.raises(PlanRefused, match="use 'changed'"):
        desk.decide("c", "confirmed", analyst="ana", opened_at=now(), plan=Plan())


def test_reveals_are_recorded(desk: Desk) -> None:
    desk.receive([case("words")])
    desk.reveal("c", Span(part="text", start=0, end=5), "ana")
    (entry,) = desk.record.entries(kind="reveal")
    payload = desk.record.payload(entry)
    assert payload is not None
    assert payload["analyst"] == "ana"


def test_a_case_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(CaseError, match="there is no case 'nope'"):
        desk.case("nope")
