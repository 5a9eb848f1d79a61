"""The model drafter behind the review's seam: what it sends, what it takes, what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from copilot import duties, gate
from copilot.cases import Case, Span
from copilot.drafters.model import ModelDrafter
from copilot.drafts import Draft
from copilot.errors import ModelNonsense, ModelRefused, ModelUnavailable
from copilot.findings import Finding
from copilot.gate import CitationVerdict
from copilot.llm import ModelSettings
from copilot.llm_scripted import ScriptedModel
from policy_corpus import Reportability
from tests.copilot.model.small import (
    EXCEPTION,
    MARKER,
    RULE,
    SECRET_ID,
    good_draft,
    good_findings,
    small_case,
    small_hits,
    small_pack,
)

PACK = small_pack()
HITS = small_hits(PACK)
PASSAGES = [hit.passage for hit in HITS]
FOUND = (
    Finding(fact="threat", value="made", about=SECRET_ID, kind="detector", finder="words", note=f"shown by {MARKER}"),
)


def drafter(*answers: Any, **settings: Any) -> tuple[ModelDrafter, ScriptedModel]:
    chat = ScriptedModel(*answers)
    return ModelDrafter(PACK, chat, ModelSettings.model_validate({"model": "scripted:model", **settings})), chat


async def drafted(said: Any, case: Case, *more: Any, **settings: Any) -> Draft:
    return await drafter(said, *more, **settings)[0].draft(case, FOUND, duties.possible(case, FOUND, PACK), HITS)


def wrong(**changes: Any) -> dict[str, object]:
    """A good draft with another first step."""
    return good_draft(steps=[{"action": "suspend", "on": "party-1", "because": [], "note": "", **changes}])


@pytest.mark.asyncio
async def test_findings_carry_the_words_that_show_them() -> None:
    case = small_case()
    finder, chat = drafter(good_findings())
    (finding,) = await finder.find(case)
    assert (finding.fact, finding.value, finding.about) == ("threat", "made", SECRET_ID)
    assert (finding.kind, finding.finder, finding.confirmed) == ("drafter", "model scripted:model", False)
    assert [case.words(span) for span in finding.evidence] == ["Pay by Friday or the picture goes to your school"]
    assert finding.note == f"{SECRET_ID} sets a date."
    assert SECRET_ID not in chat.history[0].text and "message/1" not in chat.history[0].text


@pytest.mark.parametrize(
    "changes, evidence, note",
    [
        ({"evidence": [{"part": "part-1", "quote": "words that stand nowhere"}]}, 0, "do not stand in the case"),
        ({"evidence": []}, 0, "do not stand in the case"),
        ({"about": "party-9"}, 1, "not in the case"),
        ({"fact": "invented\u200b", "value": "odd"}, 1, ""),
    ],
)
@pytest.mark.asyncio
async def test_a_finding_that_does_not_fit_stays_and_says_so(changes: Any, evidence: int, note: str) -> None:
    said: Any = good_findings()
    said["findings"][0] |= changes
    (finding,) = await drafter(said)[0].find(small_case())
    assert len(finding.evidence) == evidence and note in finding.note
    assert finding.fact in ("threat", "invented")
    assert finding.about in (SECRET_ID, None)


@pytest.mark.asyncio
async def test_a_good_draft_passes_the_gate() -> None:
    case = small_case()
    draft = await drafted(good_draft(), case)
    report = gate.check(draft, case, PACK, PASSAGES)
    assert report.passed
    assert [(step.action, step.on, step.because) for step in draft.plan.steps] == [("suspend", SECRET_ID, ("S-01@1",))]
    assert draft.summary == f"Suspend {SECRET_ID}: message/1 holds a threat."
    assert case.words(draft.claims[0].evidence[0]) == "the picture goes to your school"
    assert draft.would_flip[0].about == SECRET_ID
    assert draft.confidence is None and draft.drafter == "model scripted:model"


@pytest.mark.parametrize(
    "citation, verdict",
    [
        (
            {"source": "S-02@1#rule", "quote": "Another rule which no search gave to the drafter."},
            CitationVerdict.FABRICATED,
        ),
        ({"source": "S-99@1#rule", "quote": RULE}, CitationVerdict.FABRICATED),
        ({"source": "S-01@1#rule", "quote": EXCEPTION}, CitationVerdict.MISATTRIBUTED),
        ({"source": "S-01@1#rule", "quote": RULE.replace("are not allowed", "are allowed")}, CitationVerdict.ALTERED),
    ],
)
@pytest.mark.asyncio
async def test_a_citation_that_fails_is_kept_as_it_is_for_the_gate(citation: Any, verdict: CitationVerdict) -> None:
    case = small_case()
    claim = {"text": "A claim.", "citations": [citation], "evidence": []}
    draft = await drafted(good_draft(claims=[claim]), case)
    assert draft.claims[0].citations[0].model_dump() == citation
    assert gate.check(draft, case, PACK, PASSAGES).failed[0].verdict is verdict


@pytest.mark.asyncio
async def test_evidence_that_stands_nowhere_is_shown_as_loose() -> None:
    case = small_case()
    evidence = [{"part": "part-2", "quote": "words that stand nowhere"}]
    claim = {"text": "A claim.", "citations": [{"source": "S-01@1#rule", "quote": RULE}], "evidence": evidence}
    draft = await drafted(good_draft(claims=[claim]), case)
    assert draft.claims[0].evidence == (Span(part="reply/2", start=0, end=0),)
    assert gate.check(draft, case, PACK, PASSAGES).loose == (0,)


REFUSED = [
    (wrong(action="banish"), "steps.0.action: not one of the pack's actions"),
    (wrong(on="party-7"), "steps.0.on: not in this case"),
    (wrong(on=SECRET_ID), "steps.0.on: not in this case"),
    (wrong(on="part-1"), "steps.0: a step that the rules refuse"),
    (wrong(on="party-2"), "steps.0: a step that the rules refuse"),
    (wrong(because=["S-02@1"]), "steps.0.because: names a clause or duty that was not given"),
    (good_draft(clauses=["S-02@1"]), "clauses.0: a clause that was not given"),
    (good_draft(missing=["invented"]), "missing.0: not in the vocabulary"),
    (
        good_draft(would_flip=[{"fact": "threat", "value": "odd", "about": None, "would": "x"}]),
        "would_flip.0: not in the vocabulary",
    ),
    (good_draft(claims=[]), "claims: a recommendation without a reason"),
    (good_draft(reportability="surely"), "reportability: enum"),
    (good_draft(confidence=0.9), "?: extra forbidden"),
]


@pytest.mark.parametrize("said, fault", REFUSED, ids=[fault for _, fault in REFUSED])
@pytest.mark.asyncio
async def test_what_the_pack_or_the_case_does_not_know_is_refused_after_one_retry(said: Any, fault: str) -> None:
    case = small_case()
    with pytest.raises(ModelNonsense) as raised:
        await drafted(said, case, said)
    assert fault in str(raised.value)
    assert (await drafted(said, case, good_draft())).plan.steps


@pytest.mark.asyncio
async def test_a_case_s_ids_are_not_told_in_the_retry() -> None:
    model, chat = drafter(wrong(on="part-1"), good_draft())
    case = small_case()
    await model.draft(case, FOUND, (), HITS)
    assert "'part-1'" in chat.history[1].messages[-1].text
    assert "message/1" not in chat.history[1].text and SECRET_ID not in chat.history[1].text


@pytest.mark.asyncio
async def test_a_silent_model_lowers_no_duty() -> None:
    case = small_case()
    found = (Finding(fact="imminent_harm", value="yes", kind="detector", finder="words"),)
    raised = duties.possible(case, found, PACK)
    claim = {
        "text": "Nothing to see.",
        "citations": [{"source": "S-01@1#exceptions", "quote": EXCEPTION}],
        "evidence": [],
    }
    nothing: dict[str, Any] = {"steps": [], "clauses": [], "missing": [], "would_flip": []}
    silent = good_draft(claims=[claim], reportability="not_indicated", **nothing)
    model, _ = drafter({"findings": []}, silent)
    assert await model.find(case) == ()
    final = duties.raise_to_floor(await model.draft(case, found, raised, HITS), case, raised, PACK)
    assert {step.action for step in final.plan.steps if step.from_duty} == {"preserve", "alert"}
    assert final.reportability is Reportability.COUNSEL
    assert final.changed_by_duty and final.not_checked


@pytest.mark.asyncio
async def test_a_model_can_not_oblige() -> None:
    draft = await drafted(good_draft(reportability="obliged"), small_case())
    assert draft.reportability is Reportability.COUNSEL
    assert "no duty does" in draft.reportability_basis


@pytest.mark.parametrize(
    "error", [ModelUnavailable("did not answer in time"), ModelRefused("the safety check stopped it")]
)
@pytest.mark.asyncio
async def test_what_the_model_s_service_says_passes_through(error: Exception) -> None:
    case = small_case()
    model, _ = drafter(error, error)
    with pytest.raises(type(error)):
        await model.find(case)
    with pytest.raises(type(error)):
        await model.draft(case, FOUND, (), HITS)
    assert [(sent.purpose, sent.answered_by) for sent in model.sent(case)] == [("find", ""), ("draft", "")]


@pytest.mark.asyncio
async def test_invisible_characters_of_an_answer_do_no_harm() -> None:
    hidden = wrong(action="sus\u200bpend", on="\u202eparty-1\u202c", because=["S-01@1\ufeff"], note="a\u202eb")
    draft = await drafted(hidden, small_case())
    step = draft.plan.steps[0]
    assert (step.action, step.on, step.because, step.note) == ("suspend", SECRET_ID, ("S-01@1",), "ab")


@pytest.mark.asyncio
async def test_what_was_sent_is_told_once_by_kind_and_size() -> None:
    case = small_case()
    model, _ = drafter("nonsense", good_findings(), good_draft())
    await model.find(case)
    await model.draft(case, FOUND, (), HITS)
    found, drafted = model.sent(case)
    text = sum(len(part.text or "") for part in case.parts)
    assert (found.purpose, found.requests, found.parts, found.case_characters) == ("find", 2, 2, text)
    assert (drafted.purpose, drafted.passages, drafted.answered_by) == ("draft", 3, "scripted:model scripted")
    assert found.characters > found.case_characters
    assert MARKER not in f"{found} {drafted}" and SECRET_ID not in f"{found} {drafted}"
    assert model.sent(case) == ()


def test_settings_replay_it_and_hold_no_key() -> None:
    settings = drafter(api_key="key-for-tests-9931", effort="low")[0].settings
    assert settings["model"] == "scripted:model" and settings["effort"] == "low" and settings["send"] == "text"
    assert all(len(settings[f"prompt.{name}"]) == 64 for name in ("find", "find_case", "draft", "draft_case", "again"))
    assert len(settings["schema.draft"]) == 64
    assert "key-for-tests-9931" not in str(settings)
