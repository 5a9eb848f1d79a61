"""The panel in a real browser: what an analyst sees, presses and gets kept.

The browser is named by CHROMIUM, or is the one called `chromium` on the path.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from copilot.desk import Desk
from tests.ui.panel import sample_cases, sample_desk
from ui import panel

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
QUEUE = "#rc-queue .rows li"

pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.*")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, "these tests need Chromium: install it, or name it in CHROMIUM"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = sample_desk.desk(tmp_path)
    yield made
    made.record.close()


@pytest.fixture
def served(desk: Desk) -> Iterator[str]:
    server, address = panel.start(desk, analyst="jo.weber")
    yield address
    server.close(verbose=False)


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("dialog", lambda dialog: errors.append(f"a dialog: {dialog.message}"))
    opened.goto(served)
    expect(opened.locator("body")).to_have_attribute("data-panel", "ready", timeout=30_000)
    yield opened
    hosts = {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))}
    context.close()
    assert hosts == {"127.0.0.1"}
    assert not errors


def open_case(page: Page, id: str) -> None:
    page.locator(f"{QUEUE} [data-case='{id}']").click()
    on_screen(page, id)


def on_screen(page: Page, id: str) -> None:
    """Waits until the case is there and takes decisions."""
    expect(page.locator("#rc-case .case")).to_have_attribute("data-case", id)
    expect(page.locator("body")).to_have_attribute("data-panel", "ready")


def test_the_page_fits_and_lists_every_case(page: Page) -> None:
    expect(page.locator(QUEUE)).to_have_count(5)
    expect(page.locator(".page-head")).to_contain_text("sample, not adopted")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_there_is_no_way_in_but_the_page(page: Page) -> None:
    endpoints = page.evaluate("fetch('/gradio_api/info').then(answer => answer.json())")
    assert endpoints == {"named_endpoints": {}, "unnamed_endpoints": {}}
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert page.evaluate("path => fetch(path).then(answer => answer.status)", path) == 404


def test_a_citation_opens_in_place_with_its_words_marked(page: Page) -> None:
    open_case(page, sample_cases.CONTACT)
    citation = page.locator("#claim-1 details.citation").first
    mark = citation.locator("mark.quote")
    expect(mark).to_be_hidden()
    citation.locator("summary").click()
    expect(mark).to_be_visible()
    expect(mark).to_have_text("continues private contact after the other person has stated an age under 18")


def test_a_sentence_leads_to_the_words_of_the_case(page: Page) -> None:
    open_case(page, sample_cases.CONTACT)
    page.locator("#claim-1 .to-words").first.click()
    expect(page.locator("#rc-case mark.evidence.lit").first).to_have_text("I am 14")


def test_one_key_confirms_and_the_next_case_comes_up(page: Page, desk: Desk) -> None:
    open_case(page, sample_cases.CONTACT)
    page.keyboard.press("c")
    expect(page.locator("#rc-said")).to_contain_text(f"Saved: confirmed case {sample_cases.CONTACT}. Next: case")
    (decision,) = desk.decisions(sample_cases.CONTACT)
    assert (decision.verb, decision.analyst) == ("confirmed", "jo.weber")
    expect(page.locator(f"{QUEUE}.decided [data-case='{sample_cases.CONTACT}']")).to_contain_text("Confirmed")
    expect(page.locator("#rc-case .case")).not_to_have_attribute("data-case", sample_cases.CONTACT)


def test_rejecting_asks_for_a_reason_and_enter_completes(page: Page, desk: Desk) -> None:
    open_case(page, sample_cases.IMPERSONATION)
    page.keyboard.press("r")
    expect(page.locator("#rc-reason")).to_be_focused()
    page.keyboard.type("Careful: c, r and e are letters here")
    assert not desk.decisions(sample_cases.IMPERSONATION)
    page.keyboard.press("Enter")
    expect(page.locator("#rc-said")).to_contain_text("Saved: rejected")
    (decision,) = desk.decisions(sample_cases.IMPERSONATION)
    assert (decision.verb, decision.reason) == ("rejected", "Careful: c, r and e are letters here")
    expect(page.locator("#rc-reason")).to_have_value("")


def test_a_reason_stays_with_its_case(page: Page) -> None:
    open_case(page, sample_cases.CONTACT)
    page.locator("#rc-reason").fill("half a thought")
    open_case(page, sample_cases.DISCLOSURE)
    expect(page.locator("#rc-reason")).to_have_value("")
    open_case(page, sample_cases.CONTACT)
    expect(page.locator("#rc-reason")).to_have_value("half a thought")


def test_changing_removes_and_adds_steps_but_none_of_a_duty(page: Page, desk: Desk) -> None:
    open_case(page, sample_cases.CONTACT)
    page.keyboard.press("g")
    editor = page.locator("#rc-editor .editor")
    expect(editor.locator(".locked").first).to_contain_text("Preserve what may be reported")
    editor.locator(".step", has_text="Restrict private contact").get_by_role("button", name="Remove").click()
    expect(editor.locator(".step")).to_have_count(3)
    editor.locator("[name=action]").select_option("suspend_account")
    editor.locator("[name=on]").select_option("acct-17")
    editor.get_by_role("button", name="Add").click()
    expect(editor.locator(".step", has_text="Suspend account")).to_be_visible()
    on_screen(page, sample_cases.CONTACT)
    page.locator("#rc-reason").fill("a limit does not suffice")
    page.locator("#rc-reason").press("Enter")
    expect(page.locator("#rc-said")).to_contain_text("Saved: changed")
    (decision,) = desk.decisions(sample_cases.CONTACT)
    actions = [step.action for step in decision.plan.steps]
    assert actions == ["preserve_evidence", "suspend_account", "refer_to_counsel", "offer_support"]


def test_what_is_refused_is_said_and_nothing_typed_is_lost(page: Page, desk: Desk) -> None:
    open_case(page, sample_cases.CONTACT)
    page.keyboard.press("g")
    editor = page.locator("#rc-editor .editor")
    page.locator("#rc-reason").fill("still being thought about")
    editor.locator("[name=note]").fill("half a note")
    editor.locator("[name=action]").select_option("offer_support")
    editor.locator("[name=on]").select_option("acct-88")
    editor.get_by_role("button", name="Add").click()
    expect(page.locator("#rc-problem")).to_contain_text("this step is in the plan already")
    expect(page.locator("#rc-reason")).to_have_value("still being thought about")
    expect(editor.locator("[name=note]")).to_have_value("half a note")
    editor.locator("[name=action]").select_option("suspend_account")
    editor.locator("[name=on]").select_option("acct-17")
    editor.get_by_role("button", name="Add").click()
    expect(editor.locator(".step", has_text="Suspend account")).to_be_visible()
    expect(editor.locator("[name=note]")).to_have_value("half a note")
    expect(editor.locator("[name=action]")).to_have_value("suspend_account")
    assert not desk.decisions(sample_cases.CONTACT)


def test_a_correction_frees_the_steps_of_a_duty(page: Page, desk: Desk) -> None:
    open_case(page, sample_cases.CONTACT)
    page.keyboard.press("g")
    editor = page.locator("#rc-editor .editor")
    editor.locator("[name=fact]").select_option("sexualised_request")
    editor.locator("[name=value]").select_option("no")
    editor.locator("[name=about]").select_option("acct-17")
    editor.locator("[name=note]").fill("it is about training times")
    editor.get_by_role("button", name="Correct").click()
    expect(page.locator("#rc-said")).to_contain_text("no longer raised: Preserve what may be reported")
    expect(editor.locator("[name=note]")).to_have_value("")
    expect(editor.locator(".locked")).to_have_count(0)
    editor.get_by_role("button", name="Draft again with these corrections").click()
    expect(page.locator(".raised")).to_have_count(0)
    review = desk.review(sample_cases.CONTACT)
    assert review is not None
    assert [found.note for found in review.findings if found.kind == "analyst"] == ["it is about training times"]


def test_masked_words_come_only_when_asked_for_and_that_is_recorded(page: Page, desk: Desk) -> None:
    open_case(page, sample_cases.CONTACT)
    assert sample_cases.WITHHELD not in page.content()
    page.locator(".mask").get_by_role("button", name="Reveal").click()
    expect(page.locator("[data-part=m4].words")).to_have_text(re.compile(re.escape(sample_cases.WITHHELD)))
    assert len(list(desk.record.entries(case_id=sample_cases.CONTACT, kind="reveal"))) == 1


def test_the_other_draft_shows_what_the_gate_refused(page: Page) -> None:
    open_case(page, sample_cases.CONTACT)
    expect(page.locator(".raised")).to_contain_text("Changed by a duty")
    page.keyboard.press("d")
    expect(page.locator(".gate.failed")).to_contain_text("1 fabricated")
    expect(page.locator(".citation.failed .difference").first).to_be_visible()
    expect(page.locator("[data-verb=confirmed]")).to_have_attribute("aria-disabled", "true")


def test_case_content_runs_nothing(page: Page) -> None:
    open_case(page, sample_cases.IMPERSONATION)
    expect(page.locator("#rc-case .words")).to_contain_text("<script>alert(1)</script>")
    expect(page.locator("#rc-case .words b, #rc-case script")).to_have_count(0)
    expect(page.locator("#rc-case .hidden-char").first).to_have_text("ZWSP")


def test_keys_move_through_the_queue(page: Page) -> None:
    ids = page.locator(f"{QUEUE} button").evaluate_all("rows => rows.map(row => row.dataset.case)")
    on_screen(page, ids[0])
    page.keyboard.press("j")
    on_screen(page, ids[1])
    page.locator(f"{QUEUE} [aria-current]").focus()
    page.keyboard.press("ArrowDown")
    on_screen(page, ids[2])
    page.keyboard.press("k")
    on_screen(page, ids[1])


def test_a_case_is_drafted_on_request(page: Page, desk: Desk) -> None:
    open_case(page, sample_cases.UNDRAFTED)
    expect(page.locator("#rc-draft")).to_contain_text("Not drafted yet")
    page.get_by_role("button", name="Draft now").click()
    expect(page.locator("#rc-draft")).to_contain_text("The drafter abstains.")
    assert desk.review(sample_cases.UNDRAFTED) is not None


def test_the_panel_mounts_under_another_application(desk: Desk) -> None:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    app = panel.mount(FastAPI(), desk, analyst="jo.weber", path="/panel")
    answer = TestClient(app).get("/panel/")
    assert answer.status_code == 200
    assert "#rc-columns" in answer.text
