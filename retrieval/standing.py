"""Standing: which clauses and precedents may be cited on a given day, and what findings say about the clauses."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from policy_corpus import Clause, Outcome, Pack, Passage, Precedent, Status, Tier, Verdict
from policy_corpus.criteria import UNKNOWN
from policy_corpus.deciding import decides
from policy_corpus.priorities import displaces
from retrieval import jurisdictions
from retrieval.errors import UnknownClause
from retrieval.subsets import Sources, Subset
from retrieval.where import EVERYWHERE, Where

_MOST_KEPT = 64
"""Standings kept at a time: one for each stretch of days and each filter."""

_MOST_JUDGED = 2**15
"""Verdicts kept for each standing: some hundred bytes each."""
_NOTHING = frozenset({UNKNOWN})


class Standings:
    """The standings of one pack. Days between which no clause starts or ends share one, and so do their pools."""

    def __init__(self, pack: Pack, before: Standings | None = None) -> None:
        """With those of an earlier state of the pack, what both share is not read again."""
        self._pack = pack
        self._before = before._sources if before and "_sources" in before.__dict__ else None
        self._in_force: dict[int, _InForce] = {}
        self._held: dict[tuple[int, Where], Standing] = {}
        self._precedents: dict[Where, dict[str, Precedent]] = {}

    def on(self, day: date, where: Where = EVERYWHERE) -> Standing:
        """What stands on that day within the filter; the same object for the same answer.

        Raises:
            UnknownFilter: the filter names what the pack doesn't have.
        """
        key = bisect_right(self._turns, day), where
        found = self._held.get(key)
        if found is None:
            where.check(self._pack)
            clauses, precedents = self._clauses(key[0], day), self._admitted(where)
            found = Standing(self._pack, where, clauses.all, clauses.by_id, clauses.by_ref, precedents, self._sources)
            _make_room(self._held)
            self._held[key] = found
        return found

    @cached_property
    def _sources(self) -> Sources:
        return Sources(self._pack, self._before)

    @cached_property
    def _turns(self) -> list[date]:
        """The days on which a clause starts, or is the first day over."""
        starts = {clause.effective_from for clause in self._pack.clauses}
        ends = {clause.effective_until for clause in self._pack.clauses} - {None, date.max}
        return sorted({day for day in starts if day} | {day + timedelta(days=1) for day in ends if day})

    def _clauses(self, interval: int, day: date) -> _InForce:
        """The clauses in force between two turns."""
        if interval not in self._in_force:
            _make_room(self._in_force)
            self._in_force[interval] = _InForce.of(self._pack.in_force(day))
        return self._in_force[interval]

    def _admitted(self, where: Where) -> dict[str, Precedent]:
        if where not in self._precedents:
            _make_room(self._precedents)
            admitted = (one for one in self._pack.precedents if _admits_precedent(where, one, self._pack))
            self._precedents.setdefault(where, {one.id: one for one in admitted})
        return self._precedents[where]


@dataclass(frozen=True, slots=True)
class _InForce:
    """The clauses in force between two turns, whatever the filter."""

    all: tuple[Clause, ...]
    by_id: dict[str, Clause]
    by_ref: dict[str, Clause]

    @classmethod
    def of(cls, clauses: tuple[Clause, ...]) -> _InForce:
        by_id = {clause.id: clause for clause in clauses}
        return cls(clauses, by_id, {clause.ref: clause for clause in clauses})


@dataclass(frozen=True)
class Standing:
    """What of a pack may be cited: clauses in force, and precedents of the statuses asked for."""

    pack: Pack
    where: Where
    in_force: tuple[Clause, ...]
    """All clauses in force, also those outside the filter: duties and exceptions ask for no permission."""
    by_id: Mapping[str, Clause]
    by_ref: Mapping[str, Clause]
    precedents: Mapping[str, Precedent]
    _sources: Sources = field(repr=False)
    _others: dict[Tier, Subset] = field(default_factory=dict, repr=False)
    _alike: dict[Tier, Subset] = field(default_factory=dict, repr=False)
    _judged: dict[tuple[str, frozenset[tuple[str, frozenset[str]]]], Verdict] = field(default_factory=dict, repr=False)

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """Clauses within the filter by id, each in the version in force."""
        return {clause.id: clause for clause in self.in_force if _admits_clause(self.where, clause, self.pack)}

    @cached_property
    def clause_passages(self) -> Subset:
        return self._sources.passages(clause.ref for clause in self.clauses.values())

    @cached_property
    def precedent_passages(self) -> Subset:
        return self._sources.passages(self.precedents)

    def other_than(self, tier: Tier) -> Subset:
        """Passages of the precedents whose plan is of another tier."""
        if tier not in self._others:
            self._others[tier] = self._sources.passages(one for one in self.precedents if self.tier(one) != tier)
        return self._others[tier]

    def alike(self, tier: Tier) -> Subset:
        """Passages of the precedents whose plan is of that tier."""
        if tier not in self._alike:
            self._alike[tier] = self.precedent_passages.without(self.other_than(tier))
        return self._alike[tier]

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
        if precedent is None or precedent.status is Status.ACTIVE:
            return ""
        successor = f" by {precedent.successor}" if precedent.successor else ""
        return f"; {_ARTICLES[precedent.status]} precedent{successor}: {precedent.status_reason}"

    def named(self, name: str) -> Clause | None:
        """The version in force of the clause with that id or `id@version`; none when no version is in force.

        Raises:
            UnknownClause: the pack has no such clause at all.
        """
        clause = self.pack.clause(name)
        if clause is None and name in self.by_id:
            return self.by_id[name]
        known = {clause.id for clause in self.pack.clauses}
        id = clause.id if clause else name
        if id not in known:
            close = get_close_matches(name, sorted(known), n=1)
            raise UnknownClause(
                f"pack '{self.pack.id}' has no clause '{name}'", f"did you mean '{close[0]}'?" if close else ""
            )
        return self.by_id.get(id)

    def verdicts(self, findings: Mapping[str, frozenset[str]]) -> dict[str, Verdict]:
        """By clause id, what its criteria say. Clauses without criteria have no say: always true is not met."""
        known = {fact: values for fact, values in findings.items() if values and values != _NOTHING}
        return {
            id: self._verdict(id, asked, known) if (asked := facts & known.keys()) else blank
            for id, facts, blank in self._with_criteria
        }

    def _verdict(self, id: str, asked: frozenset[str], known: Mapping[str, frozenset[str]]) -> Verdict:
        """What a clause says depends on the few facts that it asks for, so the same question comes again and again."""
        key = id, frozenset((fact, known[fact]) for fact in asked)
        found = self._judged.get(key)
        if found is None:
            if len(self._judged) >= _MOST_JUDGED:
                self._judged.clear()
            found = self._judged[key] = self.clauses[id].criteria.evaluate(known)
        return found

    @cached_property
    def _with_criteria(self) -> tuple[tuple[str, frozenset[str], Verdict], ...]:
        """Ids of the clauses with criteria, the facts that these ask for, and what they say when nothing is known."""
        facts = ((clause, clause.criteria.facts()) for clause in self.clauses.values())
        return tuple((clause.id, asked, clause.criteria.evaluate({})) for clause, asked in facts if asked)

    def outcome(self, verdicts: Mapping[str, Verdict]) -> Tier | None:
        """How far the clauses go that are met and not displaced; none where no clause decides."""
        deciding = [self.by_id[id] for id in met(verdicts) if decides(self.by_id[id])]
        displaced = frozenset[str]().union(*(self._displaces.get(clause.id, frozenset()) for clause in deciding))
        tiers = [self.pack.tier(clause.default_plan) for clause in deciding if clause.id not in displaced]
        return max(tiers, key=lambda tier: tier.rank, default=None)

    @cached_property
    def _displaces(self) -> Mapping[str, frozenset[str]]:
        return displaces(self.in_force)


_ARTICLES = {Status.STALE: "a stale", Status.SUPERSEDED: "a superseded", Status.OVERRULED: "an overruled"}


def met(verdicts: Mapping[str, Verdict]) -> list[str]:
    """Ids of the clauses whose criteria are met; those that rest on more facts first, ties by id."""
    ids = [id for id, verdict in verdicts.items() if verdict.outcome is Outcome.MEETS]
    return sorted(ids, key=lambda id: (-len(verdicts[id].rests_on), id))


def _admits_clause(where: Where, clause: Clause, pack: Pack) -> bool:
    return (
        (not where.kinds or "clause" in where.kinds)
        and (not where.areas or clause.area in where.areas)
        and (not where.jurisdictions or not where.jurisdictions.isdisjoint(jurisdictions.of_clause(clause, pack)))
    )


def _admits_precedent(where: Where, precedent: Precedent, pack: Pack) -> bool:
    return (
        precedent.status in where.statuses
        and (not where.kinds or "precedent" in where.kinds)
        and (where.authority is None or precedent.authority.weight >= where.authority.weight)
        and (not where.areas or precedent.area in where.areas)
        and (not where.jurisdictions or not where.jurisdictions.isdisjoint(jurisdictions.of_precedent(precedent, pack)))
    )


def _make_room(kept: dict[Any, Any]) -> None:
    """Drops everything when a cache is full: what is still used comes back at once."""
    if len(kept) >= _MOST_KEPT:
        kept.clear()
