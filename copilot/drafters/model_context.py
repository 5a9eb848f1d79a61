"""What a model is shown: the pack's words, what was retrieved, and the case, each as one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from copilot.cases import Case, Part, Party
from copilot.drafters.model_names import Names
from copilot.findings import Finding
from copilot.reviews import DutyStatus
from policy_corpus import Pack, Passage, Reportability
from policy_corpus.wording import step_in_words
from retrieval.hits import Hit

MOST_PARTS = 400
"""Parts, and parties, that one request names; further ones are named in the draft as not looked at."""

LINE_ENDS = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}
"""What JSON leaves as it is and some readers take for the end of a line."""


def lines(objects: Iterable[dict[str, Any]]) -> str:
    """One JSON object a line, without its empty fields: a text can't break out of its line."""
    kept = ({key: value for key, value in one.items() if value not in (None, "", [], {})} for one in objects)
    return "\n".join(json.dumps(one, ensure_ascii=False).translate(LINE_ENDS) for one in kept)


def facts(pack: Pack, *, defined: bool) -> str:
    """The vocabulary; with definitions where findings are asked for."""
    return lines(
        {
            "fact": name,
            "about": fact.about.value,
            "means": fact.definition if defined else fact.title,
            "shown_by": fact.shown_by if defined else "",
            "values": fact.values if defined else list(fact.values),
        }
        for name, fact in pack.vocabulary.facts.items()
    )


def actions(pack: Pack) -> str:
    return lines(
        {
            "action": name,
            "does": action.definition,
            "targets": list(action.targets),
            "tier": action.tier.value,
            "punitive": action.punitive,
        }
        for name, action in pack.actions.items()
    )


def passages(hits: Sequence[Hit], pack: Pack, send: Literal["text", "findings"]) -> str:
    """What was retrieved. Why it came back can repeat words of the case: told in full only where text may leave."""
    return lines(
        {
            "id": hit.passage.id,
            **_source(hit.passage, pack),
            "title": hit.passage.title,
            "text": hit.passage.text,
            "why": [f"{why.kind}: {why.detail}" if send == "text" else why.kind for why in hit.reasons],
        }
        for hit in hits
    )


def _source(passage: Passage, pack: Pack) -> dict[str, Any]:
    """What the pack knows of a passage's source beside its words."""
    if clause := pack.clause(passage.source):
        steps = [step_in_words(step) for step in clause.default_plan]
        return {"clause": clause.ref, "usual_steps": steps, "protects": clause.protects or None}
    if precedent := pack.precedent(passage.source):
        steps = [f"{step.action} on {step.on}" for step in precedent.plan]
        return {
            "precedent": precedent.id,
            "authority": precedent.authority.value,
            "status": precedent.status.value,
            "steps_taken": steps,
        }
    return {passage.kind: passage.source}


def duties(statuses: Iterable[DutyStatus], names: Names) -> str:
    shown = (
        {
            "duty": status.duty,
            "title": status.title,
            "says": status.reportability.value,
            "about": names.of_party(status.about),
            "missing": list(status.missing),
            "law": status.law,
            **({"suspected": True} if status.suspected else {}),
        }
        for status in statuses
        if status.reportability is not Reportability.NOT_INDICATED
    )
    return lines(shown) or "(none)"


@dataclass(frozen=True)
class Shown:
    """What of a case goes into a request."""

    content: str
    characters: int
    """Of the case's own text."""
    parts: int
    """Parts whose text is in it."""
    left_out: tuple[str, ...]
    """What is not in it, in words for the draft."""


def shown(case: Case, names: Names, pack: Pack, findings: Sequence[Finding] = (), *, most: int | None = None) -> Shown:
    """The case as JSON lines; without `most`, not a word of its text and nothing that its author could have written."""
    texts = _within(case, most or 0)
    left_out = (
        [*_cuts(case, texts), *_never_given(case)]
        if most
        else ["the words of the case: the model was given findings only"]
    )
    told = [
        *_about(case, names, most),
        *(_party(party, names, pack, most) for party in case.parties[:MOST_PARTS]),
        *(_part(part, names, texts, most) for part in case.parts[:MOST_PARTS]),
        *(
            _finding(finding, names, most)
            for finding in findings
            if most or pack.vocabulary.allows(finding.fact, finding.value)
        ),
    ]
    if most:
        told += [_signal(case, number, names) for number in range(len(case.signals))]
    return Shown(
        content=lines(told),
        characters=sum(len(text) for text in texts.values()),
        parts=len(texts),
        left_out=(*left_out, *_crowd(case)),
    )


def _within(case: Case, most: int) -> dict[str, str]:
    """Part to the text shown. Short parts stay whole; long ones share what is left, each by its beginning and end."""
    ranked = sorted((part for part in case.parts[:MOST_PARTS] if part.text), key=lambda part: len(part.text or ""))
    kept: dict[str, str] = {}
    for number, part in enumerate(ranked):
        text, share = part.text or "", most // (len(ranked) - number)
        kept[part.id] = text if len(text) <= share else _ends(text, share)
        most -= min(len(text), share)
    return {id: text for id, text in kept.items() if text}


def _ends(text: str, share: int) -> str:
    tail = share // 2
    if not share:
        return ""
    return f"{text[: share - tail]} [… {len(text) - share:,} characters left out …] {text[len(text) - tail :]}"


def _cuts(case: Case, texts: dict[str, str]) -> list[str]:
    return [
        f"the middle of part '{part.id}' ({len(part.text):,} characters): the model was given its beginning and end"
        for part in case.parts[:MOST_PARTS]
        if part.text and texts.get(part.id) != part.text
    ]


def _never_given(case: Case) -> list[str]:
    files = sum(part.media is not None for part in case.parts)
    said = [f"{files} media file{'s' * (files > 1)}: only metadata was looked at"] if files else []
    fields = [name for name, held in (("account", case.account), ("report", case.report)) if held]
    return [*said, *(f"the case's {name} fields: the model was not given them" for name in fields)]


def _crowd(case: Case) -> list[str]:
    counted = (("parts", len(case.parts)), ("parties", len(case.parties)))
    return [f"all {name} after the first {MOST_PARTS} of {count:,}" for name, count in counted if count > MOST_PARTS]


def _about(case: Case, names: Names, most: int | None) -> list[dict[str, Any]]:
    if not most:
        return []
    where = {names.of_party(party) or "?": place for party, place in case.places.party.items()}
    places = {"conduct": list(case.places.conduct), "service": list(case.places.service), "party": where}
    when = case.conduct_at or case.received_at
    return [
        {
            "surface": case.surface,
            "language": case.language,
            "on": when.date().isoformat() if when else "",
            "places": {key: value for key, value in places.items() if value},
        }
    ]


def _party(party: Party, names: Names, pack: Pack, most: int | None) -> dict[str, Any]:
    known = any(party.age_evidence in fact.values for fact in pack.vocabulary.facts.values())
    age = party.age_evidence if most or known else None
    return {"party": names.of_party(party.id), "kind": party.kind, "role": party.role, "age_evidence": age}


def _part(part: Part, names: Names, texts: dict[str, str], most: int | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "part": names.of_part(part.id),
        "role": part.role,
        "by": names.of_party(part.party),
        "media": part.media.kind if part.media else None,
    }
    if most:
        told |= {"at": part.at.isoformat() if part.at else None, "text": texts.get(part.id)}
        if part.media and part.media.viewed:
            told["attested"] = part.media.viewed.saw
    return told


def _finding(finding: Finding, names: Names, most: int | None) -> dict[str, Any]:
    """A finding without who made it: that can be a person's name."""
    return {
        "finding": finding.fact,
        "value": finding.value,
        "about": names.of_party(finding.about),
        "found_by": finding.kind,
        "confirmed": finding.confirmed,
        "suspected": finding.suspected,
        "note": finding.note if most else None,
    }


def _signal(case: Case, number: int, names: Names) -> dict[str, Any]:
    signal = case.signals[number]
    return {"signal": signal.kind, "value": signal.value, "basis": signal.basis, "about": names.of_party(signal.about)}
