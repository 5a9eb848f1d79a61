"""The panel without a browser: commands in, decisions in the desk."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from copilot.desk import Desk
from copilot.errors import RecordReadOnly
from policy_corpus import Reportability
from tests.ui.panel import sample_cases
from ui.panel.answers import Answer
from ui.panel.panel import Panel
from ui.panel.session import Session


class Page:
    """A page's side of the talk: keeps the session, sends commands about the open case."""

    def __init__(self, desk: Desk) -> None:
        self.panel = Panel(desk, "jo.weber")
        self.session = Session()
        self.last = self.send("refresh", case=None)

    def send(self, do: str, **data: Any) -> Answer:
        here = self.session.screen.case if self.session.screen else ""
        message = {"do": do, "case": here, **data}
        if message["case"] is None:
            del message["case"]
        self.last = self.panel.handle(self.session, message)
        self.session = self.last.session
        return self.last

    @property
    def steps(self) -> list[tuple[str, str]]:
        screen = self.session.screen
        assert screen is not None
        assert screen.editing is not None
        return [(step.action, step.on) for step in screen.editing.steps]


@pytest.fixture
def page(desk: Desk) -> Page:
    made = Page(desk)
    made.send("open", case=sample_cases.CONTACT)
    return made


def test_confirming_keeps_the_draft_and_opens_the_next_case(page: Page, desk: Desk) -> None:
    answer = page.send("decide", verb="confirmed")
    (decision,) = desk.decisions(sample_cases.CONTACT)
    assert (decision.verb, decision.analyst, decision.draft) == ("confirmed", "jo.weber", 0)
    assert ("preserve_evidence", "case") in [(step.action, step.on) for step in decision.plan.steps]
    assert answer.status.saved
    assert answer.status.case != sample_cases.CONTACT
    assert answer.status.said.startswith(f"Saved: confirmed case {sample_cases.CONTACT}. Next: case")


def test_a_rejection_needs_a_reason_and_keeps_what_is_owed(page: Page, desk: Desk) -> None:
    refused = page.send("decide", verb="rejected", reason="  ")
    assert refused.status.problem == "'rejected' needs a reason"
    assert not refused.views
    assert not desk.decisions(sample_cases.CONTACT)
    page.send("decide", verb="rejected", reason="The ages are wrong")
    (decision,) = desk.decisions(sample_cases.CONTACT)
    assert [step.action for step in decision.plan.steps] == ["preserve_evidence", "refer_to_counsel"]
    assert all(step.from_duty for step in decision.plan.steps)
    assert decision.reportability is Reportability.COUNSEL


def test_the_last_undecided_case_stays_open(page: Page, desk: Desk) -> None:
    for _ in range(5):
        page.send("decide", verb="escalated", reason="for the lead")
    assert page.last.status.said.endswith("No undecided case is left.")
    assert all(row.decided == "escalated" for row in desk.queue())


def test_changing_opens_the_editor_first(page: Page) -> None:
    answer = page.send("decide", verb="changed", reason="x")
    assert answer.status.editing
    assert "Change the plan" in answer.views["editor"]


def test_steps_are_added_and_removed_but_not_those_of_a_duty(page: Page, desk: Desk) -> None:
    page.send("edit")
    page.send("remove_step", action="restrict_contact", on="acct-17")
    page.send("add_step", action="suspend_account", on="acct-17")
    locked = page.send("remove_step", action="preserve_evidence", on="case")
    assert locked.status.problem == "'preserve_evidence' on 'case' is asked for by a duty"
    page.send("decide", verb="changed", reason="limits do not suffice")
    (decision,) = desk.decisions(sample_cases.CONTACT)
    assert [(step.action, step.on) for step in decision.plan.steps] == [
        ("preserve_evidence", "case"),
        ("suspend_account", "acct-17"),
        ("refer_to_counsel", "case"),
        ("offer_support", "acct-88"),
    ]


@pytest.mark.parametrize(
    ("action", "on", "problem"),
    [
        ("suspend_account", "acct-88", "is punitive and 'acct-88' is the affected child"),
        ("remove_item", "acct-17", "can't be done to 'acct-17'"),
        ("banish", "acct-17", "is not an action of"),
        ("restrict_contact", "acct-17", "in the plan already"),
    ],
)
def test_steps_that_break_a_rule_are_refused_in_words(page: Page, action: str, on: str, problem: str) -> None:
    page.send("edit")
    before = page.steps
    assert problem in page.send("add_step", action=action, on=on).status.problem
    assert page.steps == before


def test_the_editor_offers_no_punitive_step_against_the_child(page: Page) -> None:
    editor = page.send("edit").views["editor"]
    option = editor[editor.index('<option value="acct-88"') :].split(">", 1)[0]
    assert "suspend_account" not in option
    assert "offer_support" in option


def test_only_a_correction_with_evidence_frees_a_duty_step(page: Page, desk: Desk) -> None:
    page.send("edit")
    correction = {"fact": "sexualised_request", "value": "no", "about": "acct-17"}
    assert page.send("correct", **correction, note=" ").status.problem == "a correction needs evidence"
    said = page.send("correct", **correction, note="the message is about training times").status.said
    assert "no longer raised: Preserve what may be reported" in said
    page.send("remove_step", action="preserve_evidence", on="case")
    page.send("remove_step", action="refer_to_counsel", on="case")
    page.send("decide", verb="changed", reason="read again", reportability="not_indicated")
    (decision,) = desk.decisions(sample_cases.CONTACT)
    assert [finding.fact for finding in decision.corrections] == ["sexualised_request"]
    assert decision.reportability is Reportability.NOT_INDICATED


def test_undoing_a_correction_brings_the_duty_back(page: Page) -> None:
    page.send("edit")
    page.send("correct", fact="sexualised_request", value="no", about="acct-17", note="read again")
    page.send("remove_step", action="preserve_evidence", on="case")
    page.send("uncorrect", number=0)
    assert ("preserve_evidence", "case") in page.steps


def test_reporting_can_not_fall_below_a_duty(page: Page, desk: Desk) -> None:
    page.send("edit")
    page.send("remove_step", action="offer_support", on="acct-88")
    answer = page.send("decide", verb="changed", reason="x", reportability="not_indicated")
    assert "Reportability raised from not_indicated to counsel" in answer.status.problem
    assert not desk.decisions(sample_cases.CONTACT)


def test_revealing_is_recorded_and_goes_into_the_decision(page: Page, desk: Desk) -> None:
    assert "text withheld" in page.send("reveal", part="m4").views["case"]
    (entry,) = desk.record.entries(case_id=sample_cases.CONTACT, kind="reveal")
    payload = desk.record.payload(entry)
    assert payload is not None
    assert payload["analyst"] == "jo.weber"
    assert "text withheld" not in page.send("mask", part="m4").views["case"]
    page.send("decide", verb="confirmed")
    (decision,) = desk.decisions(sample_cases.CONTACT)
    assert [span.part for span in decision.words_read] == ["m4"]


def test_what_can_not_be_recorded_stays_masked(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RecordReadOnly("the record can't be written", "check its permissions")

    monkeypatch.setattr(page.panel.desk, "reveal", fails)
    answer = page.send("reveal", part="m4")
    assert (answer.status.problem, answer.status.hint) == ("the record can't be written", "check its permissions")
    assert not answer.views
    assert page.session.screen is not None
    assert not page.session.screen.revealed


def test_only_the_recommended_draft_on_screen_can_be_confirmed(page: Page, desk: Desk) -> None:
    shown = page.send("show", draft=1)
    assert shown.status.confirm == "the draft on screen is not the recommended one"
    assert "can't be confirmed" in page.send("decide", verb="confirmed").status.problem
    for undecidable in (sample_cases.REFUSED, sample_cases.UNDRAFTED):
        page.send("open", case=undecidable)
        assert "can't be confirmed" in page.send("decide", verb="confirmed").status.problem
        assert not desk.decisions(undecidable)


def test_a_case_that_changed_meanwhile_is_shown_again_and_not_decided(page: Page, desk: Desk) -> None:
    case = desk.case(sample_cases.CONTACT)
    desk.receive([case.model_copy(update={"version": 2})])
    answer = page.send("decide", verb="confirmed")
    assert answer.status.problem == "the case changed while it was open"
    assert "Not drafted yet" in answer.views["draft"]
    assert not desk.decisions(sample_cases.CONTACT)


@pytest.mark.parametrize(
    "message",
    [None, 7, {}, {"do": "purge"}, {"do": "decide", "case": sample_cases.CONTACT, "verb": "approved"},
     {"do": "decide", "case": "case-0001", "verb": "confirmed"},
     {"do": "reveal", "case": sample_cases.CONTACT, "part": "x"}],
)  # fmt: skip
def test_nonsense_from_a_browser_changes_nothing(page: Page, desk: Desk, message: object) -> None:
    answer = page.panel.handle(page.session, message)
    assert answer.status.problem
    assert not answer.views
    assert answer.session.screen == page.session.screen
    assert not desk.decisions(sample_cases.CONTACT)


def test_drafting_and_drafting_again_with_corrections(page: Page, desk: Desk) -> None:
    page.send("edit")
    page.send("correct", fact="sexualised_request", value="no", about="acct-17", note="read again")
    status = asyncio.run(page.panel.draft(page.session, {"case": sample_cases.CONTACT}))
    assert status.said == f"Draft of case {sample_cases.CONTACT} is ready."
    page.send("drafted")
    review = desk.review(sample_cases.CONTACT)
    assert review is not None
    assert any(finding.kind == "analyst" for finding in review.findings)
    assert page.session.screen is not None
    assert page.session.screen.corrections


def test_a_draft_that_fails_says_so(page: Page) -> None:
    status = asyncio.run(page.panel.draft(page.session, {"case": "case-0001"}))
    assert status.problem == "no draft: there is no case 'case-0001'"


def test_moving_stops_at_the_ends(page: Page) -> None:
    page.send("open", case=page.session.order[0])
    assert page.send("move", case=None, by=-1).status.said == "This is the first case."
    assert page.send("move", case=None, by=1).status.case == page.session.order[1]
    page.send("open", case=page.session.order[-1])
    assert page.send("move", case=None, by=1).status.said == "This is the end of the queue."
