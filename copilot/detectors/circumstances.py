"""Circumstances: what a case is made of and what else was found in it, beside the words that classifiers read.

The same words mean one thing in a report by somebody who saw them and another in a chat with a child. What counts is
who wrote, which files there are and whether anybody has looked at them, and what signals and patterns say; never what
the words are about, nor what language they are in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from copilot.cases import Case
from copilot.findings import Finding

MOST_PARTIES, MOST_PARTS = 3, 5
"""More of them count as so many."""


def circumstances(case: Case, findings: Iterable[Finding]) -> frozenset[str]:
    """The circumstances of a case by name.

    Args:
        findings: what other detectors found in it.
    """
    return frozenset((*_made_of(case), *(_named(one) for one in findings)))


def _made_of(case: Case) -> Iterator[str]:
    yield f"{min(len(case.parties), MOST_PARTIES)} parties"
    yield f"{min(len(case.parts), MOST_PARTS)} parts"
    for party in case.parties:
        yield f"a party: {party.role}"
        yield f"a party's kind: {party.kind}"
    for part in case.parts:
        writer = case.party(part.party) if part.party is not None else None
        yield f"written: {part.role}"
        yield f"written: {part.role}, by: {'nobody known' if writer is None else writer.role}"
        if part.media is not None:
            yield f"a file: {part.media.kind}"
            yield "a file that was looked at" if part.media.viewed else "a file that nobody looked at"
    for signal in case.signals:
        yield f"a signal's basis: {signal.basis}"


def _named(finding: Finding) -> str:
    return f"suspected: {finding.fact}: {finding.value}" if finding.suspected else found(finding.fact, finding.value)


def found(fact: str, value: str) -> str:
    """The circumstance that another detector found this value, of whomever."""
    return f"found: {fact}: {value}"


__all__ = ["circumstances", "found"]
