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
from tests.copilot.stand_ins import case, reviewer


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
