"""A pack at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from policy_corpus import Clause, Pack
from policy_corpus.deciding import decides


def summary(pack: Pack) -> str:
    """What a pack is, on one line."""
    counts = f"{len(pack.clauses)} clauses, {len(pack.precedents)} precedents"
    return f"{pack.id} {pack.manifest.version} ({pack.standing}): {counts}, {pack.fingerprint[:12]}"


def about(pack: Pack) -> dict[str, Any]:
    """What a pack is, as data."""
    return {
        "id": pack.id,
        "title": pack.manifest.title,
        "version": pack.manifest.version,
        "released": pack.manifest.released.isoformat(),
        "standing": pack.standing,
        "notice": pack.manifest.notice,
        "fingerprint": pack.fingerprint,
        "clauses": len(pack.clauses),
        "precedents": len(pack.precedents),
        "duties": len(pack.duties),
        "facts": len(pack.vocabulary.facts),
    }


def lines(pack: Pack, on: date) -> Iterator[str]:
    """Head, clauses by area, and what the pack holds besides."""
    yield f"{pack.manifest.title}, released {pack.manifest.released}"
    yield summary(pack)
    yield from [pack.manifest.notice.strip()] if pack.manifest.notice.strip() else []
    for area, clauses in by_area(pack, on):
        yield from ("", f"{pack.manifest.areas.get(area, 'Without an area')}{f' ({area})' if area else ''}")
        for clause in clauses:
            noted = "".join(f"  [{mark}]" for mark in marks(clause, on))
            yield f"  {clause.ref:14} {pack.tier(clause.default_plan):9} {clause.title}{noted}"
    yield ""
    yield from _besides(pack)


def as_data(pack: Pack, on: date) -> dict[str, Any]:
    """The same for programs."""
    areas = [
        {
            "id": area,
            "title": pack.manifest.areas.get(area, ""),
            "clauses": [
                {
                    "ref": clause.ref,
                    "title": clause.title,
                    "tier": str(pack.tier(clause.default_plan)),
                    "marks": list(marks(clause, on)),
                }
                for clause in clauses
            ],
        }
        for area, clauses in by_area(pack, on)
    ]
    return {**about(pack), "areas": areas}


def by_area(pack: Pack, on: date) -> Iterator[tuple[str, list[Clause]]]:
    """The clauses of each area in the pack's own order, without versions that a later one has replaced."""
    current = sorted(
        (one for one in pack.clauses if not _replaced(one, pack, on)), key=lambda one: (one.id, one.version)
    )
    for area in dict.fromkeys((*pack.manifest.areas, "")):
        if held := [clause for clause in current if clause.area == area]:
            yield area, held


def marks(clause: Clause, on: date) -> Iterator[str]:
    """What a reader must know of a clause besides its title."""
    if clause.protects:
        yield "protection"
    if clause.fallback:
        yield "answers when no other does"
    elif not decides(clause):
        yield "no criteria: may be quoted, decides nothing"
    if clause.undated:
        yield "undated"
    elif clause.effective_from is not None and clause.effective_from > on:
        yield f"from {clause.effective_from}"
    if clause.effective_until is not None:
        yield f"{'ended' if clause.effective_until < on else 'until'} {clause.effective_until}"


def _replaced(clause: Clause, pack: Pack, on: date) -> bool:
    ended = clause.effective_until is not None and clause.effective_until < on
    return ended and any(other.id == clause.id and other.version > clause.version for other in pack.clauses)


def _besides(pack: Pack) -> Iterator[str]:
    law = sum(duty.law for duty in pack.duties.values())
    yield f"{len(pack.duties)} duties: {law} of law, {len(pack.duties) - law} of policy"
    standings = Counter(str(precedent.status) for precedent in pack.precedents)
    told = ", ".join(f"{count} {status}" for status, count in standings.most_common()) or "none"
    synthetic = sum(precedent.synthetic for precedent in pack.precedents)
    yield f"precedents: {told}{f'; {synthetic} written for illustration' if synthetic else ''}"
    yield f"{len(pack.vocabulary.facts)} facts, {len(pack.actions)} actions"
