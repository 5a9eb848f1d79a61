"""The case: what was said, by whom, and what is known about it. Its content is data and stays data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from copilot.cases import Case, Part
from copilot.drafts import Draft
from ui.panel.background import background
from ui.panel.highlight import Mark, Stretch, highlighted
from ui.panel.invisible import count
from ui.panel.markup import EMPTY, Html, join, tag
from ui.panel.media import media_view
from ui.panel.parties import parties_view
from ui.panel.terms import given, when

MASK_FROM = 2
"""Exposure level from which a part's words stay masked until they are asked for."""

ROLES = {
    "user": "user",
    "assistant": "AI assistant",
    "system": "system prompt",
    "report": "report",
    "profile": "profile",
    "note": "note",
    "tool": "tool output",
    "unknown": "author unknown",
}
Marks = Mapping[str, Sequence[Mark]]


def case_view(case: Case, marks: Marks, revealed: Collection[str]) -> Html:
    """The whole case; words that a draft rests on are marked, masked parts hold no word of theirs."""
    parts = join(
        _part(number, part, case, marks.get(part.id, ()), revealed) for number, part in enumerate(case.parts, 1)
    )
    return tag(
        "article",
        _head(case),
        parties_view(case),
        tag("section", tag("h3", "What was said and shown"), parts, cls="parts"),
        background(case),
        cls="case",
        data_case=case.id,
    )


def evidence(draft: Draft | None) -> dict[str, list[Mark]]:
    """The words of the case that each claim of a draft rests on, by part."""
    marks: dict[str, list[Mark]] = {}
    for number, claim in enumerate(draft.claims if draft else (), 1):
        for span in claim.evidence:
            marks.setdefault(span.part, []).append(Mark(span.start, span.end, str(number)))
    return marks


def is_masked(part: Part, revealed: Collection[str]) -> bool:
    return part.text is not None and part.exposure >= MASK_FROM and part.id not in revealed


def _head(case: Case) -> Html:
    facts = [
        given(case.surface) if case.surface else EMPTY,
        tag("span", "received ", when(case.received_at)) if case.received_at else EMPTY,
        tag("span", "conduct ", when(case.conduct_at)) if case.conduct_at else EMPTY,
        tag("span", "language ", given(case.language)) if case.language else EMPTY,
        tag("span", f"version {case.version}") if case.version > 1 else EMPTY,
    ]
    return tag(
        "header",
        tag("h2", "Case ", given(case.id)),
        tag("p", join((fact for fact in facts if fact), " · "), cls="dim"),
    )


def _part(number: int, part: Part, case: Case, marks: Sequence[Mark], revealed: Collection[str]) -> Html:
    if is_masked(part, revealed):
        body = _mask(part, case, marks)
    elif part.text is not None:
        body = tag("div", highlighted(part.text, marks, _wrap(marks)), cls="words", dir="auto", data_part=part.id)
    else:
        body = EMPTY
    media = media_view(part.media) if part.media else EMPTY
    return tag("section", _part_head(number, part, case, revealed), body, media, cls=f"part from-{part.role}")


def _part_head(number: int, part: Part, case: Case, revealed: Collection[str]) -> Html:
    party = case.party(part.party) if part.party else None
    who = (
        join([tag("strong", given(party.id)), " ", tag("span", party.role.replace("_", " "), cls="chip")])
        if party
        else EMPTY
    )
    hidden = count(part.text) if part.text and not is_masked(part, revealed) else 0
    notes = [
        tag("span", ROLES[part.role], cls="dim"),
        tag("span", f"{hidden} hidden character{'s' * (hidden != 1)}", cls="warn-text") if hidden else EMPTY,
        tag("span", when(part.at), cls="dim"),
    ]
    number_mark = tag("span", str(number), cls="number", title=f"part {part.id}")
    return tag("p", number_mark, " ", who, " ", *notes, _mask_again(part, case, revealed), cls="part-head")


def _mask_again(part: Part, case: Case, revealed: Collection[str]) -> Html:
    if part.id not in revealed or part.exposure < MASK_FROM:
        return EMPTY
    return tag("button", "Mask again", type="button", cls="quiet", data_do="mask", data_case=case.id, data_part=part.id)


def _mask(part: Part, case: Case, marks: Sequence[Mark]) -> Html:
    claims = sorted({int(mark.name) for mark in marks})
    rests = f"Sentence {', '.join(map(str, claims))} of the draft rests on words in it. " if claims else ""
    level, length = f"Masked, exposure level {part.exposure}. ", f"{len(part.text or ''):,} characters. "
    return tag(
        "div",
        tag("p", tag("strong", level), length, rests),
        tag("button", "Reveal", type="button", data_do="reveal", data_case=case.id, data_part=part.id,
            aria_label=f"Reveal part {part.id}; this is recorded"),
        tag("span", " Revealing is recorded. You can decide without it.", cls="dim"),
        cls="mask",
    )  # fmt: skip


def _wrap(marks: Sequence[Mark]) -> _Wrapper:
    return _Wrapper({mark.name: mark.end for mark in marks})


class _Wrapper:
    """Wraps evidence; the number of the claim stands where its words end."""

    def __init__(self, ends: Mapping[str, int]) -> None:
        self.ends = ends

    def __call__(self, piece: Html, stretch: Stretch) -> Html:
        ending = ",".join(name for name in stretch.names if self.ends.get(name) == stretch.end)
        label = f"rests under sentence {', '.join(stretch.names)} of the draft"
        claims = " ".join(stretch.names)
        return tag("mark", piece, cls="evidence", data_claims=claims, data_n=ending or None, title=label)
