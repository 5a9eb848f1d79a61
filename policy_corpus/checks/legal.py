"""Legal bases that nobody could defend: without a source, past their review date, or missing where law is claimed."""

from __future__ import annotations

from collections.abc import Iterator

from policy_corpus.checks.examination import Examination
from policy_corpus.checks.issues import Issue, Severity

UNSOURCED = "legal-source"
OVERDUE = "legal-review"
UNFOUNDED = "duty-without-basis"


def find_unsourced(seen: Examination) -> Iterator[Issue]:
    """A provision that says nowhere where it was read."""
    for place, prefix, name in seen.lawful_places():
        for number, basis in enumerate(getattr(place, "legal_basis", ())):
            if not basis.source.strip():
                at = (place, (*prefix, "legal_basis", number))
                message = f"'{name}' rests on '{basis.basis}', which has no source"
                yield seen.issue(UNSOURCED, Severity.ERROR, (name, basis.basis), at, message, "say where it was read")


def find_overdue(seen: Examination) -> Iterator[Issue]:
    """A provision that was to be read again before the day."""
    for place, prefix, name in seen.lawful_places():
        for number, basis in enumerate(getattr(place, "legal_basis", ())):
            if basis.review_by is not None and basis.review_by < seen.on:
                at = (place, (*prefix, "legal_basis", number))
                message = f"'{name}' rests on '{basis.basis}', which was to be read again by {basis.review_by}"
                hint = "read the source again, then set checked and review_by"
                yield seen.issue(OVERDUE, Severity.WARNING, (name, basis.basis), at, message, hint)


def find_unfounded(seen: Examination) -> Iterator[Issue]:
    """A duty that claims to be law and names none."""
    for id, duty in seen.pack.duties.items():
        if duty.law and not duty.legal_basis:
            message = f"duty '{id}' says that it is law, and names none"
            hint = "add a legal_basis with its source, or set law: false"
            yield seen.issue(UNFOUNDED, Severity.ERROR, (id,), (duty, ("duties", id, "law")), message, hint)
