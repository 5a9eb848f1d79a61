"""Selection: which of what was found comes back, and the reasons for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from policy_corpus import Outcome, Passage, Tier, Verdict
from retrieval import wording
from retrieval.folding import Folding
from retrieval.fusion import share
from retrieval.hits import Hit, Link, Reason, ReasonKind
from retrieval.near import Near
from retrieval.standing import Standing, met

_VOTERS = 5
"""How many of the nearest precedents say which way the case is likely to go."""

FEW_MISSING = 4
"""Facts that a clause may still want for the findings to bring it in."""

_ORDER: tuple[ReasonKind, ...] = (
    "required", "criteria_met", "exception", "opposing", "criteria_undecided", "similar", "words",
)  # fmt: skip

Findings = Mapping[str, frozenset[str]]


@dataclass
class Selection:
    """What comes back, gathered step by step: what must come in first, what is merely near after it."""

    standing: Standing
    near: Sequence[Near]
    folding: Folding = field(default_factory=Folding)
    reasons: dict[str, list[Reason]] = field(default_factory=dict)
    """Reasons by source; a source is selected once it has any."""
    bonus: dict[str, float] = field(default_factory=dict)
    """What findings add to a clause's score, by source."""
    whole: set[str] = field(default_factory=set)
    """Sources shown by their first passage, as the clause itself is meant and not one of its sections."""
    folded: dict[str, list[str]] = field(default_factory=dict)

    def require(self, names: Iterable[str]) -> None:
        """Clauses that must come in, by id or `id@version`."""
        for name in sorted(set(names)):
            if clause := self.standing.named(name):
                said = "must be considered" if name in (clause.id, clause.ref) else f"must be considered, as {name}"
                self._clause(clause.ref, "required", said)

    def apply(self, verdicts: Mapping[str, Verdict], findings: Findings) -> None:
        """Clauses whose criteria are met, and what displaces them."""
        vocabulary = self.standing.pack.vocabulary
        for rank, id in enumerate(met(verdicts)):
            clause = self.standing.by_id[id]
            self._clause(clause.ref, "criteria_met", wording.met(verdicts[id], findings, vocabulary))
            self.bonus[clause.ref] = share(rank)
            for exception in clause.exceptions:
                if displacing := self.standing.by_id.get(exception):
                    self._clause(displacing.ref, "exception", f"an exception to {clause.ref}, whose criteria are met")

    def weigh(self, verdicts: Mapping[str, Verdict]) -> None:
        """Undecided clauses that few facts would settle: the findings speak for those that rest on the most."""
        open_ = [id for id, verdict in verdicts.items() if _nearly_decided(verdict)]
        ranked = sorted(open_, key=lambda id: (len(verdicts[id].missing), -len(verdicts[id].rests_on), id))
        for rank, id in enumerate(ranked):
            self.bonus.setdefault(self.standing.by_id[id].ref, share(rank))

    def oppose(self, search: Callable[[Collection[str]], Near | None], decided: Tier | None = None) -> None:
        """The nearest precedent that went the likely way, and the nearest that went another.

        Args:
            search: finds the nearest among passages, for when none of those at hand went that way.
            decided: where met clauses lead; without it the nearest precedents say what is likely.
        """
        precedents = [near for near in self.near if near.source in self.standing.precedents]
        if not precedents:
            return
        likely = decided or self._likely(precedents)
        alike = next((near for near in precedents if self.standing.tier(near.source) == likely), None)
        if alike := alike or search(self.standing.alike(likely)):
            self._take(alike)
        against = next((near for near in precedents if self.standing.tier(near.source) != likely), None)
        if against := against or search(self.standing.other_than(likely)):
            by = "the clauses that are met say" if decided else "most of the nearest say"
            said = f"went another way: {self.standing.tier(against.source)}, where {by} {likely}"
            self._add(against.source, "opposing", said)
            self._take(against)

    def fill(self, limit: int) -> None:
        """The best, up to `limit` in all: at least a third clauses and a third precedents where there are any.

        A precedent that tells nearly the same story as one that is there takes no place of its own.
        """
        for kind in ("clause", "precedent"):
            least = -(-limit // 3)
            of_kind = (one for one in self._candidates() if (one in self.standing.precedents) == (kind == "precedent"))
            for source in of_kind:
                if self._count(kind) >= least:
                    break
                self._admit(source)
        for source in self._candidates():
            if len(self.reasons) >= limit:
                break
            self._admit(source)

    def explain(self, verdicts: Mapping[str, Verdict]) -> None:
        """On everything that came in: that it is near, too, and which facts would decide it."""
        for source in self.reasons:
            if near := self._nearby.get(source):
                self._take(near)
        for id, verdict in verdicts.items():
            ref = self.standing.by_id[id].ref
            if verdict.outcome is Outcome.UNDECIDED and ref in self.reasons:
                said = wording.undecided(verdict, self.standing.pack.vocabulary)
                self._add(ref, "criteria_undecided", said)

    def hits(self) -> tuple[Hit, ...]:
        """Best first, ties by passage id."""
        made = [self._hit(source, self._nearby.get(source)) for source, held in self.reasons.items() if held]
        return tuple(sorted(made, key=lambda hit: (-hit.score, hit.passage.id)))

    def _hit(self, source: str, near: Near | None) -> Hit:
        passage: Passage = near.passage if near and source not in self.whole else self.standing.lead(source)
        reasons = sorted(self.reasons[source], key=lambda reason: _ORDER.index(reason.kind))
        if note := self.standing.note(source):
            reasons = [reason.model_copy(update={"detail": reason.detail + note}) for reason in reasons]
        return Hit(
            passage=passage,
            score=(near.score if near else 0.0) + self.bonus.get(source, 0.0),
            reasons=tuple(reasons),
            links=tuple(self._links(source)),
            folded=tuple(self.folded.get(source, ())),
        )

    @cached_property
    def _nearby(self) -> Mapping[str, Near]:
        return {near.source: near for near in self.near}

    def _links(self, source: str) -> Iterator[Link]:
        clause = self.standing.by_ref.get(source)
        if clause is None:
            return
        for id in clause.exceptions:
            if exception := self.standing.by_id.get(id):
                yield Link(kind="exception", name=exception.ref, title=exception.title)
        for id in clause.duties:
            if duty := self.standing.pack.duties.get(id):
                yield Link(kind="duty", name=id, title=duty.title)

    def _candidates(self) -> Iterable[str]:
        """Sources that are near or that findings speak for, the best first."""
        return self._ranked if self.bonus else (near.source for near in self.near)

    @cached_property
    def _ranked(self) -> list[str]:
        scores = {near.source: near.score for near in self.near}
        for source, bonus in self.bonus.items():
            scores[source] = scores.get(source, 0.0) + bonus
        return [source for _, source in sorted((-score, source) for source, score in scores.items())]

    def _admit(self, source: str) -> None:
        if source not in self.reasons and not self._fold(source):
            self.reasons[source] = []

    def _fold(self, source: str) -> bool:
        """Whether the precedent tells nearly the same as one that is there, and is now counted on that one."""
        precedent = self.standing.precedents.get(source)
        if precedent is None:
            return False
        for held in self.reasons:
            known = self.standing.precedents.get(held)
            if known and self.folding.same(precedent, known):
                alike = self.folded.setdefault(held, [])
                alike.extend([source] if source not in alike else [])
                return True
        return False

    def _likely(self, precedents: Sequence[Near]) -> Tier:
        """The tier that most of the nearest precedents have; the nearest one's among equals."""
        tiers = [self.standing.tier(near.source) for near in precedents[:_VOTERS]]
        return max(tiers, key=Counter(tiers).__getitem__)

    def _count(self, kind: str) -> int:
        return sum(1 for source in self.reasons if (source in self.standing.by_ref) == (kind == "clause"))

    def _clause(self, ref: str, kind: ReasonKind, detail: str) -> None:
        self._add(ref, kind, detail)
        self.whole.add(ref)

    def _take(self, near: Near) -> None:
        held = self.reasons.setdefault(near.source, [])
        held.extend(reason for reason in near.reasons if reason not in held)

    def _add(self, source: str, kind: ReasonKind, detail: str) -> None:
        reason = Reason(kind=kind, detail=detail)
        held = self.reasons.setdefault(source, [])
        if reason not in held:
            held.append(reason)


def _nearly_decided(verdict: Verdict) -> bool:
    return verdict.outcome is Outcome.UNDECIDED and bool(verdict.rests_on) and len(verdict.missing) <= FEW_MISSING
