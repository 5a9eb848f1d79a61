"""What the views show: case, draft, citations, queue."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from copilot.cases import Case
from copilot.desk import Desk, QueueRow
from copilot.drafts import Draft
from copilot.findings import Finding
from copilot.plans import Step
from copilot.reviews import Review
from tests.ui.panel import sample_cases, sample_pack
from ui.panel.case import case_view, evidence
from ui.panel.draft import draft_view, undrafted_view
from ui.panel.facts_found import findings_view
from ui.panel.headline import headline
from ui.panel.passages import difference
from ui.panel.queue import MOST_ROWS, queue_view
from ui.panel.steps import step_line

EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script> {{x}} ${y}'


def held(desk: Desk, id: str) -> tuple[Case, Review]:
    review = desk.review(id)
    assert review is not None
    return desk.case(id), review


def drawn(desk: Desk, id: str, number: int | None = 0, revealed: frozenset[str] = frozenset()) -> str:
    case, review = held(desk, id)
    return draft_view(case, review, desk.pack, number, revealed, desk.decisions(id))


def words(html: str) -> str:
    """The text without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_case_content_is_data() -> None:
    case = Case.model_validate(
        {
            "id": f"c {EVIL}",
            "surface": EVIL,
            "language": EVIL,
            "parties": [{"id": EVIL, "age_evidence": EVIL}],
            "parts": [
                {"id": EVIL, "party": EVIL, "text": EVIL},
                {"id": "file", "media": {"kind": "image", "hashes": {EVIL: EVIL}, "match": {EVIL: [EVIL]}}},
            ],
            "signals": [{"kind": EVIL, "value": EVIL, "source": EVIL, "basis": EVIL, "about": EVIL}],
            "report": {EVIL: {EVIL: EVIL}},
            "account": {EVIL: EVIL},
        }
    )
    built = case_view(case, {}, frozenset()) + undrafted_view(case, [])
    assert "<script" not in built
    assert "<img" not in built
    assert "{" not in built
    assert "$" not in built
    assert not re.search(r"<[^>]*\sonerror=\"", built.replace("&quot;", ""))


def test_masked_words_are_nowhere_on_the_page(desk: Desk) -> None:
    case, review = held(desk, sample_cases.CONTACT)
    marks = evidence(review.drafts[0].draft)
    page = case_view(case, marks, frozenset()) + drawn(desk, sample_cases.CONTACT)
    assert "sexualised request about" not in page
    assert "exposure level 3" in page
    assert "words in masked part 5" in page
    assert "sexualised request about" in case_view(case, marks, frozenset({"m4"}))
    assert "sexualised request about" in drawn(desk, sample_cases.CONTACT, revealed=frozenset({"m4"}))


def test_evidence_is_marked_with_the_numbers_of_its_sentences(desk: Desk) -> None:
    case, review = held(desk, sample_cases.CONTACT)
    built = case_view(case, evidence(review.drafts[0].draft), frozenset())
    assert '<mark class="evidence" data-claims="1" data-n="1"' in built
    assert re.search(r'data-claims="1 2" data-n="1,2"[^>]*>\[asks to go on', built)


def test_media_is_metadata_and_says_that_nobody_viewed_it(desk: Desk) -> None:
    built = case_view(desk.case(sample_cases.CONTACT), {}, frozenset())
    assert "Not viewed." in built
    assert "metadata only" in built
    assert "<img" not in built


def test_text_finds_its_own_direction(desk: Desk) -> None:
    built = case_view(desk.case(sample_cases.DISCLOSURE), {}, frozenset())
    assert 'dir="auto" data-part="reply"' in built


def test_a_citation_shows_the_whole_passage_with_the_quote_marked(desk: Desk) -> None:
    built = drawn(desk, sample_cases.CONTACT)
    assert (
        '<mark class="quote">continues private contact after the other person has stated an age under 18</mark>'
        in built
    )
    said = words(built)
    assert "clause, version 3, in force from 2025-02-01; applied on 2026-03-02" in said
    assert "illustrative, synthetic, never binding; active" in said
    assert "criteria met : its criteria are met: contact_with_minor" in said
    assert "undated" in words(drawn(desk, sample_cases.DISCLOSURE))


def test_what_belongs_to_a_source_stands_beside_it(desk: Desk) -> None:
    said = words(drawn(desk, sample_cases.CONTACT))
    assert "Exceptions : Education &lt;b&gt; (CS-PRO-01 v2)" in said
    assert "Duties : Keep what may be reported (keep)" in said
    assert "2 more that tell nearly the same and were decided alike : P-7, P-9" in said


@pytest.mark.parametrize(
    "said",
    [
        "1 altered, 1 insufficient, 1 misattributed, 1 fabricated, 1 out of force, 1 without a citation; 0 verbatim",
        "the source &#x27;P-9999#rationale&#x27; does not exist",
        "The words stand here instead: Sexualised requests to minors",
        "did not apply on 2026-03-02",
        "fewer than 6 words and not a whole sentence",
        "This sentence cites nothing.",
    ],
)
def test_what_the_gate_refused_is_said(desk: Desk, said: str) -> None:
    assert said in words(drawn(desk, sample_cases.CONTACT, 1))


def test_failed_citations_stand_open_and_others_closed(desk: Desk) -> None:
    assert drawn(desk, sample_cases.CONTACT, 1).count('<details class="citation failed" open>') == 5
    assert '<details class="citation holds">' in drawn(desk, sample_cases.CONTACT)
    assert "<del>private</del> <ins>public</ins>" in drawn(desk, sample_cases.CONTACT, 1)


def test_a_difference_is_escaped() -> None:
    assert difference("a [-<b>-] {+<i>+} c") == "a <del>&lt;b&gt;</del> <ins>&lt;i&gt;</ins> c"


def test_what_a_duty_changed_is_said(desk: Desk) -> None:
    said = words(drawn(desk, sample_cases.CONTACT))
    assert "Changed by a duty after drafting" in said
    assert "Reportability raised from unknown to counsel" in said
    assert "Duty Preserve what may be reported" in said


def test_what_speaks_against_it_is_shown_unasked(desk: Desk) -> None:
    said = words(drawn(desk, sample_cases.CONTACT))
    assert "Against this draft Relative arranged a pick-up after training" in said
    assert "What set it apart: The parents were in the conversation" in said
    assert "If Private contact with a minor of acct-17 were no : no limit; support only" in said


def test_drafts_that_disagree_say_so(desk: Desk) -> None:
    said = words(drawn(desk, sample_cases.IMPERSONATION))
    assert "The drafts disagree. precedents proposes tier" in said
    assert "precedents recommended" in said


def test_no_violation_is_no_all_clear(desk: Desk) -> None:
    said = words(drawn(desk, sample_cases.DISCLOSURE))
    assert "No violation drafted – this is not an all-clear." in said
    assert "Not checked Earlier posts of the account were not part of the case." in said
    assert "the provider&#x27;s safety check stopped the request" in said


def test_an_abstention_gives_its_reason_and_no_plan(desk: Desk) -> None:
    said = words(drawn(desk, sample_cases.REFUSED))
    assert "The drafter abstains. No clause or precedent comes near enough to this case." in said
    assert "That says nothing about the case" in said
    assert "Plan in this order" not in said


def test_a_reason_in_half_a_sentence_is_shown_as_a_whole_one(desk: Desk) -> None:
    draft = Draft(drafter="precedents", summary="s", abstained="the nearest precedents disagree")
    said = words(headline(draft, desk.pack))
    assert "The drafter abstains. The nearest precedents disagree. That says nothing about the case" in said


def test_a_review_without_drafts_still_shows_its_duties(desk: Desk) -> None:
    said = words(drawn(desk, sample_cases.CONTACT, None))
    assert "No drafter gave a draft." in said
    assert "Counsel decides Report a suspected offence against a child" in said


def test_finders_that_contradict_each_other_are_named(desk: Desk) -> None:
    said = words(drawn(desk, sample_cases.CONTACT))
    assert "Private contact with a minor about acct-17 finders disagree" in said


@pytest.mark.parametrize(
    ("more", "standing"),
    [({}, "not confirmed"), ({"confirmed": True}, "established"), ({"suspected": True}, "only a suspicion")],
)
def test_a_finding_says_how_far_it_stands(more: dict[str, bool], standing: str) -> None:
    found = Finding(fact="contact_with_minor", value="yes", kind="signal", finder="graph", **more)
    assert f"signal graph · {standing}" in words(findings_view([found], sample_pack.pack()))


def test_an_undrafted_case_gives_no_hint(desk: Desk) -> None:
    said = words(undrafted_view(desk.case(sample_cases.UNDRAFTED), []))
    assert "Not drafted yet" in said
    assert "That says nothing about it." in said


def row(id: str, **more: object) -> QueueRow:
    at = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
    empty = {"surface": "", "received_at": at, "tier": "", "reportability": "", "decided": None}
    return QueueRow.model_validate({"case_id": id, **empty, **more})


def test_the_queue_says_tier_reportability_and_decision_in_words() -> None:
    rows = [row(EVIL, tier="report", reportability="obliged"), row("b", decided="rejected"), row("c", tier="abstained")]
    said = words(queue_view(rows, "b"))
    assert "2 undecided of 3" in said
    for word in ("Report obliged", "✓ Rejected", "Abstained", "Not drafted"):
        assert word in said
    assert "<img" not in queue_view(rows, "b")
    assert queue_view(rows, "b").count('aria-current="true"') == 1


def test_a_long_queue_is_cut_and_says_so() -> None:
    rows = [row(f"c{number}") for number in range(MOST_ROWS + 3)]
    built = queue_view(rows, "")
    assert built.count("<li") == MOST_ROWS
    assert "and 3 more below these" in built


def test_an_empty_queue_says_where_cases_come_from() -> None:
    assert "No cases yet." in queue_view([], "")


def test_a_step_says_its_condition_and_what_is_open_of_it(desk: Desk) -> None:
    case, _ = held(desk, desk.queue()[0].case_id)
    fact, named = next(iter(desk.pack.vocabulary.facts.items()))
    action = next(iter(desk.pack.actions))
    met = Step(action=action, on="case", condition="user_age is minor")
    left = met.model_copy(update={"unsettled": (fact, "case.media"), "condition": EVIL})
    plain = met.model_copy(update={"condition": ""})
    assert "where user age is minor" in words(step_line(met, case, desk.pack))
    assert "not established" not in words(step_line(met, case, desk.pack))
    told = step_line(left, case, desk.pack)
    assert f"not established: {named.title}, case.media, proposed meanwhile because it protects" in words(told)
    assert "<script" not in told
    assert "where" not in words(step_line(plain, case, desk.pack))
