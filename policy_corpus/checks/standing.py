"""Precedents that are treated as good law and are not: their clause has changed, or nobody says what replaced them."""

from __future__ import annotations

from collections.abc import Iterator

from policy_corpus.checks.examination import Examination
from policy_corpus.checks.issues import Issue, Severity
from policy_corpus.precedents import Precedent, Status

NAME = "precedent-status"


def find(seen: Examination) -> Iterator[Issue]:
    """Active precedents that rest on a clause version of the past, and superseded ones without a living successor."""
    newest = {clause.id: clause.ref for clause in seen.in_force}
    for precedent in seen.pack.precedents:
        if precedent.status is Status.ACTIVE:
            yield from _outlived(precedent, newest, seen)
        elif precedent.status is Status.SUPERSEDED and precedent.successor is None:
            message = f"'{precedent.id}' is superseded, but by nothing"
            hint = "name its successor, or call it overruled"
            yield seen.issue(NAME, Severity.ERROR, (precedent.id,), (precedent, ("status",)), message, hint)


def _outlived(precedent: Precedent, newest: dict[str, str], seen: Examination) -> Iterator[Issue]:
    for ref in precedent.clauses:
        clause = seen.pack.clause(ref)
        if clause is None or clause.in_force(seen.on) and newest.get(clause.id) == ref:
            continue
        if clause.effective_from is not None and clause.effective_from > seen.on:
            continue
        now = newest.get(clause.id)
        message = f"'{precedent.id}' is active and rests on '{ref}', which is no longer in force"
        hint = f"'{now}' is: read it again under that one, or set status: stale" if now else "set status: overruled"
        yield seen.issue(NAME, Severity.ERROR, (precedent.id, ref), (precedent, ("clauses",)), message, hint)
