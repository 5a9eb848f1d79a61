"""Selection: which of what was found comes back, and the reasons for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from policy_corpus import Outcome, Passage, Tier, Verdict
from retrieval.fusion import share
from retrieval.hits import Hit, Reason, ReasonKind
from retrieval.nearness import Near
from retrieval.standing import Standing, met

_VOTERS = 5
"""How many of the nearest precedents say which way the case is likely to go."""

_ORDER: tuple[ReasonKind, ...] = (
    "required", "criteria_met", "exception", "opposing", "criteria_undecided", "similar", "words",
)  # fmt: skip


@dataclass
class Selection:
    """What comes back, gathered step by step: what must come in first, what is merely near after it."""

    standing: Standing
    near: Sequence[Near]
    reasons: dict[str, list[Reason]] = field(default_factory=dict)
    """Reasons by source; a source is selected once it has any."""
    bonus: dict[str, float] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    """Sources shown by their first passage, as the clause itself is meant and not one of its sections."""

    def require(self, names: Iterable[str]) -> None:
        """Clauses that must come in, by id or `id@version`."""
        for name in sorted(set(names)):
            if clause := self.standing.named(name):
                said = "must be considered" if name in (clause.id, clause.ref) else f"must be considered, as {name}"
                self._clause(clause.ref, "required", said)

    def apply(self, verdicts: Mapping[str, Verdict]) -> None:
        """Clauses whose criteria are met, and what displaces them."""
        for rank, id in enumerate(met(verdicts)):
            clause = self.standing.clauses[id]
            self._clause(clause.ref, "criteria_met", f"its criteria are met: {_listed(verdicts[id].rests_on)}")
            self.bonus[clause.ref] = share(rank)
            for exception in clause.exceptions:
                if displacing := self.standing.clauses.get(exception):
                    self._clause(displacing.ref, "exception", f"an exception to {clause.ref}, whose criteria are met")

    def oppose(self, search: Callable[[frozenset[str]], Near | None]) -> None:
        """The nearest precedent that went the likely way, and the nearest that went another.

        Args:
            search: finds the nearest among passages, for when none of those at hand went another way.
        """
        precedents = [near for near in self.near if near.passage.kind == "precedent"]
        if not precedents:
            return
        likely = self._likely(precedents)
        self._take(next(near for near in precedents if self.standing.tier(near.source) == likely))
        against = next((near for near in precedents if self.standing.tier(near.source) != likely), None)
        if against := against or search(self._other_than(likely)):
            said = f"went another way: {self.standing.tier(against.source)}, where most of the nearest say {likely}"
            self._add(against.source, "opposing", said)
            self._take(against)

    def fill(self, limit: int) -> None:
        """What is near, up to `limit` in all: at least a third clauses and a third precedents where there are any."""
        for kind in ("clause", "precedent"):
            ranked = [near for near in self.near if near.passage.kind == kind]
            short = -(-limit // 3) - self._count(kind)
            for near in [near for near in ranked if near.source not in self.reasons][: max(0, short)]:
                self._take(near)
        rest = [near for near in self.near if near.source not in self.reasons]
        for near in rest[: max(0, limit - len(self.reasons))]:
            self._take(near)

    def take_all(self) -> None:
        """Everything that is near."""
        for near in self.near:
            self._take(near)

    def add_nearness(self) -> None:
        """On what came in for another reason: that it is near, too."""
        for near in self.near:
            if near.source in self.reasons:
                self._take(near)

    def explain_undecided(self, verdicts: Mapping[str, Verdict]) -> None:
        """On clauses that came in because they are near: which facts would decide them."""
        for id, verdict in verdicts.items():
            ref = self.standing.clauses[id].ref
            if verdict.outcome is Outcome.UNDECIDED and ref in self.reasons:
                self._add(ref, "criteria_undecided", f"its criteria are open; missing: {_listed(verdict.missing)}")

    def hits(self) -> tuple[Hit, ...]:
        """Best first, ties by passage id."""
        near = {found.source: found for found in self.near}
        made = [self._hit(source, near.get(source)) for source in self.reasons]
        return tuple(sorted(made, key=lambda hit: (-hit.score, hit.passage.id)))

    def _hit(self, source: str, near: Near | None) -> Hit:
        passage: Passage = near.passage if near and source not in self.whole else self.standing.lead(source)
        reasons = sorted(self.reasons[source], key=lambda reason: _ORDER.index(reason.kind))
        if note := self.standing.note(source):
            reasons = [reason.model_copy(update={"detail": reason.detail + note}) for reason in reasons]
        score = (near.score if near else 0.0) + self.bonus.get(source, 0.0)
        return Hit(passage=passage, score=score, reasons=tuple(reasons))

    def _likely(self, precedents: Sequence[Near]) -> Tier:
        """The tier that most of the nearest precedents have; the nearest one's among equals."""
        tiers = [self.standing.tier(near.source) for near in precedents[:_VOTERS]]
        return max(tiers, key=Counter(tiers).__getitem__)

    def _other_than(self, tier: Tier) -> frozenset[str]:
        others = (one for one in self.standing.precedents.values() if self.standing.tier(one.id) != tier)
        return frozenset(passage.id for one in others for passage in one.passages())

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


def _listed(facts: Iterable[str]) -> str:
    return ", ".join(sorted(facts))
