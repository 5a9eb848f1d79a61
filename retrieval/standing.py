"""Standing: which clauses and precedents may be cited on a given day, and what findings say about the clauses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from policy_corpus import Clause, Outcome, Pack, Passage, Precedent, Status, Tier, Verdict
from retrieval.errors import UnknownClause

_CITABLE = frozenset({Status.ACTIVE, Status.STALE})


@dataclass(frozen=True)
class Standing:
    """What of a pack may be cited: clauses in force on the day, and precedents that are active or stale."""

    pack: Pack
    as_of: date

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """Clauses by id, each in the version in force."""
        return {clause.id: clause for clause in self.pack.in_force(self.as_of)}

    @cached_property
    def precedents(self) -> dict[str, Precedent]:
        return {precedent.id: precedent for precedent in self.pack.precedents if precedent.status in _CITABLE}

    @cached_property
    def by_ref(self) -> dict[str, Clause]:
        return {clause.ref: clause for clause in self.clauses.values()}

    def passages(self, kind: str) -> frozenset[str]:
        """Ids of all passages of that kind that may be cited."""
        sources: Iterable[Clause | Precedent] = self.clauses.values() if kind == "clause" else self.precedents.values()
        return frozenset(passage.id for source in sources for passage in source.passages())

    def lead(self, source: str) -> Passage:
        """The first passage of a source: a clause's rule, a precedent's facts."""
        owner = self.by_ref[source] if source in self.by_ref else self.precedents[source]
        return owner.passages()[0]

    def tier(self, precedent: str) -> Tier:
        """How far the precedent's plan went."""
        return self.pack.tier(self.precedents[precedent].plan)

    def note(self, source: str) -> str:
        """What must be said wherever the source shows; empty when nothing."""
        precedent = self.precedents.get(source)
        if precedent is None or precedent.status is not Status.STALE:
            return ""
        return f"; a stale precedent: {precedent.status_reason}"

    def named(self, name: str) -> Clause | None:
        """The version in force of the clause with that id or `id@version`; none when no version is in force.

        Raises:
            UnknownClause: the pack has no such clause at all.
        """
        known = {clause.id for clause in self.pack.clauses}
        clause = self.pack.clause(name)
        id = clause.id if clause else name
        if id not in known:
            close = get_close_matches(name, sorted(known), n=1)
            raise UnknownClause(
                f"pack '{self.pack.id}' has no clause '{name}'", f"did you mean '{close[0]}'?" if close else ""
            )
        return self.clauses.get(id)

    def verdicts(self, findings: Mapping[str, frozenset[str]]) -> dict[str, Verdict]:
        """By clause id, what its criteria say. Clauses without criteria have no say: always true is not met."""
        return {
            id: clause.criteria.evaluate(findings)
            for id, clause in self.clauses.items()
            if any(True for _ in clause.criteria.atoms())
        }


def met(verdicts: Mapping[str, Verdict]) -> list[str]:
    """Ids of the clauses whose criteria are met; those that rest on more facts first, ties by id."""
    ids = [id for id, verdict in verdicts.items() if verdict.outcome is Outcome.MEETS]
    return sorted(ids, key=lambda id: (-len(verdicts[id].rests_on), id))
