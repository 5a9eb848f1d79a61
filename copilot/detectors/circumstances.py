"""Circumstances: who wrote a case and what else was found in it, beside the words that classifiers read.

The same words mean one thing in a report by somebody who saw them and another in a chat with a child. How a connector
cuts a case into parts, which files lie beside it unread, and who merely stands by are no circumstances: they say
nothing of what was done. Nor is it one that somebody complains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from copilot.cases import Case
from copilot.detectors.signals import CONFIRMING, METADATA, SUSPECTING
from copilot.findings import Finding

ROLES = frozenset({"subject", "affected_child", "reporter"})
"""Roles of parties that count; of others, who wrote is not told apart."""
BASES = CONFIRMING | SUSPECTING
"""What a signal may rest on, in words of which it is known what they mean."""
COMPLAINTS = frozenset({"complaint_type"})
"""Facts that count for nothing else: to complain is anybody's right, and shows no part in anything."""


def circumstances(case: Case, findings: Iterable[Finding]) -> frozenset[str]:
    """The circumstances of a case by name.

    Args:
        findings: what other detectors found in it.
    """
    told = (one for one in findings if one.finder != METADATA and one.fact not in COMPLAINTS and not one.suspected)
    return frozenset((*_told_by(case), *(found(one.fact, one.value) for one in told)))


def _told_by(case: Case) -> Iterator[str]:
    yield from (f"a party: {party.role}" for party in case.parties if party.role in ROLES)
    for part in case.parts:
        if part.text:
            writer = case.party(part.party) if part.party is not None else None
            by = writer.role if writer is not None and writer.role in ROLES else "somebody else"
            yield f"written: {part.role}, by: {by}"
    yield from (f"a signal's basis: {signal.basis}" for signal in case.signals if signal.basis in BASES)


def found(fact: str, value: str) -> str:
    """The circumstance that another detector found this value, of whomever."""
    return f"found: {fact}: {value}"


__all__ = ["circumstances", "found"]
