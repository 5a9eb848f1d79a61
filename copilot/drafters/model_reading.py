"""A model's answer as findings and a draft: quotes become places in the case, stand-ins become the case's own ids."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.cases import Case, Span
from copilot.drafters.model_names import Names
from copilot.drafters.model_wire import (
    WireCitation,
    WireClaim,
    WireDraft,
    WireFinding,
    WireFindings,
    WireStep,
    WireWords,
)
from copilot.drafters.model_words import Words, clean, visible
from copilot.drafts import Citation, Claim, Draft, Flip
from copilot.findings import Finding
from copilot.plans import Plan, Step
from copilot.reviews import DutyStatus
from policy_corpus import Pack, Reportability

NOT_IN_CASE = "words given as evidence do not stand in the case"
NOBODY = "said about someone who is not in the case"


def read_findings(said: WireFindings, case: Case, names: Names, finder: str) -> tuple[Finding, ...]:
    """Every finding of the answer: one whose words or party don't exist says so and stays."""
    words = Words(case)
    return tuple(_finding(one, words, names, finder) for one in said.findings)


def _finding(said: WireFinding, words: Words, names: Names, finder: str) -> Finding:
    places = [words.locate(one.quote, names.part(one.part)) for one in said.evidence]
    about = names.party(said.about)
    notes = [names.put_back(clean(said.why))]
    if None in places or not places:
        notes.append(NOT_IN_CASE)
    if said.about is not None and about is None:
        notes.append(NOBODY)
    return Finding(
        fact=visible(said.fact).strip(),
        value=visible(said.value).strip(),
        about=about,
        evidence=tuple(dict.fromkeys(place for place in places if place is not None)),
        kind="drafter",
        finder=finder,
        note="; ".join(note for note in notes if note),
    )


def read_draft(
    said: WireDraft,
    case: Case,
    names: Names,
    duties: Sequence[DutyStatus],
    pack: Pack,
    drafter: str,
    left_out: Sequence[str],
) -> Draft:
    """The draft as the review takes it. Citations stay exactly as the model gave them."""
    reportability, basis = _reportability(said, duties, names)
    steps = tuple(_step(step, names) for step in said.steps)
    words = Words(case)
    return Draft(
        drafter=drafter,
        summary=_words(said.summary, names),
        plan=Plan(steps=steps).ordered(pack),
        reportability=reportability,
        reportability_basis=basis,
        clauses=tuple(dict.fromkeys(visible(clause).strip() for clause in said.clauses)),
        claims=tuple(_claim(claim, words, names) for claim in said.claims),
        opposing=None if said.opposing is None else _citation(said.opposing),
        would_flip=tuple(
            Flip(
                fact=visible(flip.fact).strip(),
                value=visible(flip.value).strip(),
                about=names.party(flip.about),
                would=_words(flip.would, names),
            )
            for flip in said.would_flip
        ),
        missing=tuple(dict.fromkeys(visible(fact).strip() for fact in said.missing)),
        not_checked=_not_checked(said, names, left_out),
        abstained=_words(said.abstained, names),
    )


def _words(text: str, names: Names) -> str:
    return names.put_back(clean(text))


def _reportability(said: WireDraft, duties: Sequence[DutyStatus], names: Names) -> tuple[Reportability, str]:
    """What the model says, but 'obliged' only where a duty does: an unconfirmed finding is for counsel."""
    basis = _words(said.reportability_basis, names)
    obliged = any(status.reportability is Reportability.OBLIGED for status in duties)
    if said.reportability is not Reportability.OBLIGED or obliged:
        return said.reportability, basis
    note = "the model said 'obliged', and no duty does on confirmed findings"
    return Reportability.COUNSEL, f"{basis}; {note}" if basis else note


def _step(said: WireStep, names: Names) -> Step:
    return Step(
        action=visible(said.action).strip(),
        on=names.target(said.on) or said.on,
        because=tuple(dict.fromkeys(visible(ground).strip() for ground in said.because)),
        note=_words(said.note, names),
    )


def _claim(said: WireClaim, words: Words, names: Names) -> Claim:
    return Claim(
        text=_words(said.text, names),
        citations=tuple(_citation(citation) for citation in said.citations),
        evidence=tuple(dict.fromkeys(_evidence(one, words, names) for one in said.evidence)),
    )


def _citation(said: WireCitation) -> Citation:
    return Citation(source=said.source, quote=said.quote)


def _evidence(said: WireWords, words: Words, names: Names) -> Span:
    """Where the words stand; an empty span where they don't, which the gate shows as loose."""
    part = names.part(said.part)
    return words.locate(said.quote, part) or Span(part=part or said.part, start=0, end=0)


def _not_checked(said: WireDraft, names: Names, left_out: Sequence[str]) -> tuple[str, ...]:
    """What the model names and what it was never given. A draft without steps always names something."""
    named = [_words(one, names) for one in said.not_checked]
    held = list(dict.fromkeys(one for one in (*named, *left_out) if one))
    if not held and not said.steps and not visible(said.abstained).strip():
        held.append("anything outside this case: other content, accounts and reports")
    return tuple(held)
