"""Findings: facts of the vocabulary, about whom, shown by which words, and who found them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from copilot.base import Strict
from copilot.cases import Span
from policy_corpus import Scope, Vocabulary
from policy_corpus.criteria import UNKNOWN

FinderKind = Literal["signal", "detector", "drafter", "analyst", "service"]


class Finding(Strict):
    """One fact, as one finder sees it. A finder adds or contests; none removes another's finding."""

    fact: str
    value: str
    about: str | None = None
    """A party's id, or none for the case."""
    evidence: tuple[Span, ...] = ()
    kind: FinderKind
    finder: str
    """Its name: a detector, a drafter, a signal's source, a person."""
    confirmed: bool = False
    """Established by a person, a verified list or the service's own records; only such findings oblige."""
    suspected: bool = False
    """Only a reason to look: a classifier's verdict, which shows nothing that a person could check. By itself it leaves
    the fact open, so that no step against anybody rests on it."""
    confidence: float | None = Field(default=None, ge=0, le=1)
    note: str = ""


def of_service(service: Mapping[str, str]) -> tuple[Finding, ...]:
    """What the settings say of the service, fact to value, as findings that hold for every case."""
    return tuple(
        Finding(fact=fact, value=value, kind="service", finder="settings", confirmed=True)
        for fact, value in service.items()
    )


def gather(
    findings: Iterable[Finding], party: str | None, vocabulary: Vocabulary, *, confirmed: bool = False
) -> dict[str, frozenset[str]]:
    """What is held about one party and the case, as plain values for criteria and retrieval.

    A fact that the vocabulary scopes to the case counts for every party, whoever it was found on. Where an analyst has
    found a fact with evidence or a note, that settles it; otherwise every finder's value counts, and more than one
    value means that the fact is contested. What is only suspected is held beside `unknown`; what a detector suspects
    contests nothing that is shown. `confirmed` leaves out what nobody has established.
    """
    held: dict[str, list[Finding]] = {}
    for finding in findings:
        ours = finding.about in (None, party) or vocabulary.scope(finding.fact) is Scope.CASE
        if ours and (finding.confirmed or not confirmed):
            held.setdefault(finding.fact, []).append(finding)
    return {fact: _values(group) for fact, group in held.items()}


def _values(group: list[Finding]) -> frozenset[str]:
    settled = [f for f in group if f.kind == "analyst" and (f.evidence or f.note)]
    used = settled or group
    shown = any(finding.value != UNKNOWN and not finding.suspected for finding in used)
    counted = [one for one in used if not (shown and one.suspected and one.kind == "detector")]
    values = {finding.value for finding in counted} - {UNKNOWN}
    return frozenset(values if shown else values | {UNKNOWN})
