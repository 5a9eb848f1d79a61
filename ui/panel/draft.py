"""The draft: what is proposed, what it rests on, and everything that should make an analyst doubt it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from copilot.cases import Case
from copilot.decisions import Decision
from copilot.drafts import Draft
from copilot.reviews import Checked, Review
from policy_corpus import Pack
from ui.panel.claims import claims_view, gate_line
from ui.panel.facts_found import findings_view
from ui.panel.headline import caution, decided, headline, noticed, raised
from ui.panel.invisible import shown
from ui.panel.markup import EMPTY, Html, join, tag
from ui.panel.obligations import duties_view
from ui.panel.outlook import outlook
from ui.panel.passages import Sources
from ui.panel.steps import plan_view
from ui.panel.terms import given, reportability_badge


def draft_view(
    case: Case, review: Review, pack: Pack, number: int | None, revealed: Collection[str], decisions: Sequence[Decision]
) -> Html:
    """The review's drafts, the one with that number open."""
    head = [decided(decisions), noticed(review.notices), _tabs(case, review, number), _disagreement(review)]
    if number is None:
        none = tag("p", "No drafter gave a draft. Decide from the case and the duties below.", cls="alert")
        body = join([none, duties_view(review.duties, pack)])
    else:
        body = _one(review.drafts[number], case, review, pack, revealed)
    foot = [findings_view(review.findings, pack), _provenance(review)]
    return tag("article", *head, body, *foot, cls="draft")


def undrafted_view(case: Case, decisions: Sequence[Decision]) -> Html:
    """A case without a review: a way to get one, and no hint of an answer."""
    return tag(
        "article",
        decided(decisions),
        tag("h2", "Not drafted yet"),
        tag("p", "No draft has been made for this version of the case. That says nothing about it."),
        tag("button", "Draft now", type="button", cls="primary", data_do="draft", data_case=case.id),
        tag("div", cls="progress", hidden=True, role="status", data_progress=True),
        cls="draft undrafted",
    )


def _one(checked: Checked, case: Case, review: Review, pack: Pack, revealed: Collection[str]) -> Html:
    draft, sources = checked.draft, Sources(case, review, pack)
    duties = duties_view(review.duties, pack)
    if draft.abstained and not draft.claims and not draft.plan.steps:
        return join([headline(draft, pack), outlook(checked, pack, sources), _reportability(draft), duties])
    return join(
        [
            headline(draft, pack),
            gate_line(checked),
            raised(draft),
            caution(draft, pack),
            plan_view(draft.plan, case, pack),
            _reportability(draft),
            claims_view(checked, case, revealed, sources),
            outlook(checked, pack, sources),
            duties,
        ]
    )


def _reportability(draft: Draft) -> Html:
    basis = shown(draft.reportability_basis) if draft.reportability_basis else tag("span", "no basis given", cls="dim")
    badge = reportability_badge(draft.reportability)
    return tag("section", tag("h3", "Reporting"), tag("p", badge, " ", basis), cls="reporting")


def _tabs(case: Case, review: Review, number: int | None) -> Html:
    if len(review.drafts) < 2:
        return EMPTY
    buttons = join(_tab(at, checked, case, review, number) for at, checked in enumerate(review.drafts))
    switch = tag("span", tag("kbd", "D"), " other draft", cls="dim switch")
    return tag("div", buttons, switch, cls="tabs", role="group", aria_label="Drafts")


def _tab(at: int, checked: Checked, case: Case, review: Review, number: int | None) -> Html:
    words = [given(checked.draft.drafter), " ", tag("span", _tab_note(at, checked, review), cls="dim")]
    kind = {"type": "button", "data_do": "show", "data_case": case.id, "data_draft": str(at)}
    return tag("button", *words, aria_pressed="true" if at == number else "false", **kind)


def _tab_note(at: int, checked: Checked, review: Review) -> str:
    if checked.draft.abstained:
        return "abstains"
    failed = "" if checked.gate.passed else "citations failed"
    return ", ".join(note for note in ("recommended" if at == review.recommended else "", failed) if note)


def _disagreement(review: Review) -> Html:
    if not review.disagreement:
        return EMPTY
    return tag("p", tag("strong", "The drafts disagree. "), shown(review.disagreement), cls="alert disagree")


def _provenance(review: Review) -> Html:
    held = review.provenance
    facts = {
        "pack": f"{held.pack} {held.pack_version} ({held.standing})",
        "pack fingerprint": held.pack_fingerprint[:16],
        "corpus revision": held.corpus_revision,
        "embedding": held.embedder or "–",
        "sent outside": "; ".join(held.sent) or "nothing",
        "drafted": f"{held.started_at:%Y-%m-%d %H:%M} UTC in {held.seconds:.1f} s",
        **held.parameters,
    }
    lines = join(tag("div", tag("dt", name), tag("dd", given(value))) for name, value in facts.items())
    return tag("details", tag("summary", "How this draft was made"), tag("dl", lines))
