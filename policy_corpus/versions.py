"""What a new version of a policy changes: its words, its criteria, and what comes out differently.

The consequence is worked out from findings by criteria and priorities alone, without any model, so that a policy team
sees before publishing which precedents and known cases would be answered by another clause or at another tier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff
from typing import Literal

from policy_corpus.actions import Tier
from policy_corpus.clauses import Clause
from policy_corpus.criteria import Findings
from policy_corpus.deciding import Decider, judged, tier
from policy_corpus.pack import Pack
from policy_corpus.precedents import Precedent, Status
from policy_corpus.wording import criteria_in_words, plan_in_words


@dataclass(frozen=True)
class Change:
    """One clause that is not as it was."""

    id: str
    before: Clause | None
    """None: the clause is new."""
    after: Clause | None
    """None: the clause was withdrawn."""

    @property
    def unversioned(self) -> bool:
        """Whether it changed under its old version number, so that citations of it silently mean something else."""
        return self.before is not None and self.after is not None and self.before.version == self.after.version

    def lines(self) -> Iterator[str]:
        """What changed, for reading."""
        if self.before is None or self.after is None:
            known = self.after or self.before
            yield f"{'+' if self.after else '-'} {known.ref if known else self.id} {known.title if known else ''}"
            return
        raised = " (changed without a new version)" if self.unversioned else ""
        yield f"~ {self.before.ref} -> {self.after.ref} {self.after.title}{raised}"
        if self.after.changed and not self.unversioned:
            yield f"    reason: {self.after.changed.strip()}"
        for name, old, new in _fields(self.before, self.after):
            if old != new:
                yield from (f"    {name}", f"      - {old}", f"      + {new}")
        yield from _text(self.before, self.after)


@dataclass(frozen=True)
class Answer:
    """What the policy says of some findings."""

    clause: str | None
    """The winning clause's id; none where no clause decides."""
    tier: Tier

    def __str__(self) -> str:
        return f"{self.clause or 'no clause'} ({self.tier})"


@dataclass(frozen=True)
class Shift:
    """A precedent or known case that comes out differently."""

    kind: Literal["precedent", "case"]
    id: str
    before: Answer
    after: Answer

    def __str__(self) -> str:
        return f"{self.kind} {self.id}: {self.before} -> {self.after}"


@dataclass(frozen=True)
class Diff:
    """All that differs between two releases of a policy."""

    changes: tuple[Change, ...]
    shifts: tuple[Shift, ...]
    stale: tuple[str, ...]
    """Active precedents that the new release leaves without their clause version."""
    compared: int
    """How many precedents and cases were put to both releases."""

    def __str__(self) -> str:
        changed = [line for change in self.changes for line in change.lines()] or ["no clause changed"]
        told = [str(shift) for shift in self.shifts] or ["nothing"]
        lines = (*changed, "", f"comes out differently, of {self.compared}:", *(f"  {line}" for line in told))
        stale = ["", "to be read again under the new version:", *(f"  {id}" for id in self.stale)] if self.stale else []
        return "\n".join((*lines, *stale))


def diff(old: Pack, new: Pack, gold: Mapping[str, Findings] | None = None, on: date | None = None) -> Diff:
    """What differs between two releases, and what that changes for their precedents and the given cases.

    Both are judged as on `on`; by default the first day on which everything that is new is in force.
    """
    changes = tuple(_changes(old, new))
    day = on or _first_day(changes, new)
    before, after = (Decider(pack.in_force(day), pack) for pack in (old, new))
    precedents = {precedent.id: precedent for precedent in (*old.precedents, *new.precedents)}
    answers: list[Shift] = []
    for id, precedent in precedents.items():
        was, now = (_answer(judged(precedent, decider.pack.vocabulary), decider) for decider in (before, after))
        answers.append(Shift("precedent", id, was, now))
    for id, findings in (gold or {}).items():
        was, now = (_answer([findings], decider) for decider in (before, after))
        answers.append(Shift("case", id, was, now))
    shifts = tuple(sorted((shift for shift in answers if shift.before != shift.after), key=lambda s: (s.kind, s.id)))
    stale = tuple(precedent.id for precedent in stale_precedents(old, new))
    return Diff(changes, shifts, stale, compared=len(answers))


def stale_precedents(old: Pack, new: Pack) -> tuple[Precedent, ...]:
    """The active precedents whose clause the new release changed or withdrew, as stale ones with the reason."""
    newest = _newest(new)
    active = [precedent for precedent in new.precedents or old.precedents if precedent.status is Status.ACTIVE]
    return tuple(stale for precedent in active if (stale := _stale(precedent, newest, (new, old))))


def _stale(precedent: Precedent, newest: Mapping[str, Clause], releases: tuple[Pack, ...]) -> Precedent | None:
    for ref in precedent.clauses:
        cited = next((clause for pack in releases if (clause := pack.clause(ref))), None)
        if cited is None:
            continue
        now = newest.get(cited.id)
        if now is None or now.version > cited.version:
            reason = (
                f"{ref} was withdrawn" if now is None else f"{ref} became {now.ref}: {now.changed or 'no reason given'}"
            )
            return precedent.model_copy(update={"status": Status.STALE, "status_reason": reason})
    return None


def _newest(pack: Pack) -> dict[str, Clause]:
    return {clause.id: clause for clause in sorted(pack.clauses, key=lambda clause: clause.version)}


def _changes(old: Pack, new: Pack) -> Iterator[Change]:
    before, after = _newest(old), _newest(new)
    for id in sorted(before.keys() | after.keys()):
        if before.get(id) != after.get(id):
            yield Change(id, before.get(id), after.get(id))


def _first_day(changes: tuple[Change, ...], new: Pack) -> date:
    starts = [change.after.effective_from for change in changes if change.after and change.after.effective_from]
    return max((new.manifest.released, *starts))


def _answer(parties: Sequence[Findings], decider: Decider) -> Answer:
    deciding, held = decider.answering(parties)
    return Answer(deciding[0].id if deciding else None, tier(deciding, decider.pack, held))


def _fields(before: Clause, after: Clause) -> Iterator[tuple[str, str, str]]:
    yield "title", before.title, after.title
    yield "criteria", criteria_in_words(before.criteria), criteria_in_words(after.criteria)
    yield "plan", plan_in_words(before.default_plan), plan_in_words(after.default_plan)
    for name in ("effective_from", "effective_until", "protects", "fallback"):
        yield name, str(getattr(before, name)), str(getattr(after, name))
    for name in ("outranks", "exceptions", "duties"):
        yield name, ", ".join(getattr(before, name)) or "none", ", ".join(getattr(after, name)) or "none"
    bases = [", ".join(basis.basis for basis in clause.legal_basis) or "none" for clause in (before, after)]
    yield "legal_basis", bases[0], bases[1]


def _text(before: Clause, after: Clause) -> Iterator[str]:
    for name in dict.fromkeys((*before.sections, *after.sections)):
        old, new = (clause.sections.get(name, "").splitlines() for clause in (before, after))
        found = [line for line in list(unified_diff(old, new, lineterm="", n=0))[2:] if not line.startswith("@@")]
        if found:
            yield f"    {name}"
            yield from (f"      {line[0]} {line[1:]}" for line in found)
