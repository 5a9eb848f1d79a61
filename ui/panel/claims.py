"""The sentences of a draft, each with its citations and the words of the case that it rests on."""

from __future__ import annotations

from collections.abc import Collection

from copilot.cases import Case, Span
from copilot.drafts import Citation, Claim
from copilot.gate import CheckedCitation, CitationVerdict
from copilot.reviews import Checked
from ui.panel.case import is_masked
from ui.panel.invisible import shown
from ui.panel.markup import EMPTY, Html, join, tag
from ui.panel.passages import Sources, citation_view
from ui.panel.terms import VERDICTS

SNIPPET = 60


def claims_view(checked: Checked, case: Case, revealed: Collection[str], sources: Sources) -> Html:
    """Every sentence, numbered; citation numbers run through the whole draft."""
    if not checked.draft.claims:
        return tag(
            "section", tag("h3", "Reasons"), tag("p", "The draft gives no reasons.", cls="warn-text"), cls="claims"
        )
    shown_claims: list[Html] = []
    cited = 0
    for number, claim in enumerate(checked.draft.claims, 1):
        shown_claims.append(_claim(number, claim, cited, checked, case, revealed, sources))
        cited += len(claim.citations)
    heading = tag("h3", "Reasons ", tag("span", "every sentence with its sources", cls="dim"))
    return tag("section", heading, tag("ol", join(shown_claims)), cls="claims")


def _claim(
    number: int, claim: Claim, cited: int, checked: Checked, case: Case, revealed: Collection[str], sources: Sources
) -> Html:
    sentence = tag("p", tag("span", str(number), cls="number"), " ", shown(claim.text), cls="sentence", dir="auto")
    words = join(_words(number, span, case, revealed) for span in claim.evidence)
    citations = join(
        citation_view(at, verdict_of(checked, number - 1, citation), sources)
        for at, citation in enumerate(claim.citations, cited + 1)
    )
    bare = EMPTY if claim.citations else tag("p", "✕ This sentence cites nothing.", cls="fault")
    loose = number - 1 in checked.gate.loose
    astray = tag("p", "✕ Its evidence does not lie within the case's text.", cls="fault") if loose else EMPTY
    body = [sentence, tag("div", words, cls="words-of-case") if words else EMPTY, astray, bare, citations]
    return tag("li", *body, id=f"claim-{number}", data_claim=str(number))


def verdict_of(checked: Checked, claim: int | None, citation: Citation) -> CheckedCitation:
    """The gate's verdict; a citation that the gate has not seen counts as not found, never as good."""
    for held in checked.gate.citations:
        if held.claim == claim and held.citation == citation:
            return held
    return CheckedCitation(
        claim=claim,
        citation=citation,
        verdict=CitationVerdict.FABRICATED,
        detail="the gate has not checked this citation",
    )


def gate_line(checked: Checked) -> Html:
    """The gate's outcome on the whole draft, in words."""
    faults = [_counted(checked, verdict) for verdict in CitationVerdict if verdict is not CitationVerdict.VERBATIM]
    faults += [f"{len(checked.gate.uncited)} without a citation" if checked.gate.uncited else ""]
    faults += [f"{len(checked.gate.loose)} with evidence outside the text" if checked.gate.loose else ""]
    found = [fault for fault in faults if fault]
    holding = sum(held.verdict is CitationVerdict.VERBATIM for held in checked.gate.citations)
    if found:
        words = f"✕ Citation check failed: {', '.join(found)}; {holding} verbatim. Failed citations are shown below."
        return tag("p", words, cls="gate failed")
    if not holding:
        return tag("p", "There are no citations to check.", cls="gate none")
    support = "Whether a quote supports its sentence is not assessed."
    return tag("p", f"✓ {holding} of {holding} citations verbatim. ", tag("span", support, cls="dim"), cls="gate")


def _counted(checked: Checked, verdict: CitationVerdict) -> str:
    number = sum(held.verdict is verdict for held in checked.gate.citations)
    return f"{number} {VERDICTS[verdict][1].lower()}" if number else ""


def _words(number: int, span: Span, case: Case, revealed: Collection[str]) -> Html:
    """A chip that leads to the words in the case; the words of a masked part stay out of it."""
    part = case.part(span.part)
    words = case.words(span)
    if part is None or words is None:
        return EMPTY
    place = next(at for at, held in enumerate(case.parts, 1) if held.id == part.id)
    if is_masked(part, revealed):
        said = tag("span", f"words in masked part {place}")
    else:
        said = tag("q", shown(words, 0, min(len(words), SNIPPET)), "…" if len(words) > SNIPPET else "", dir="auto")
    label = tag("span", f"part {place}", cls="dim")
    return tag("button", label, " ", said, type="button", cls="to-words", data_claim=str(number), data_part=part.id)
