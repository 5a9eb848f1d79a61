"""What the policy says of the findings: which clauses decide, what is missing, and what would change the outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from copilot.case_facts import case_facts
from copilot.cases import Case
from copilot.drafts import Flip
from copilot.findings import Finding, gather
from copilot.reviews import DutyStatus
from policy_corpus import Clause, Outcome, Pack, Tier, Verdict
from policy_corpus.criteria import UNKNOWN
from policy_corpus.deciding import Decided, tier
from policy_corpus.plans import Proposed, proposed
from retrieval.hits import Hit

MOST_FLIPS = 6
MOST_MISSING = 8

OPEN = frozenset({UNKNOWN})
Held = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Standing:
    """How the clauses among the hits stand to one party's findings."""

    party: str | None
    held: Held
    pack: Pack
    clauses: tuple[Clause, ...]
    """All that were looked at."""
    decided: Decided
    """What they say."""
    recorded: Held = field(default_factory=dict)
    """What the case file says by itself, for the conditions of steps."""
    shown: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By fact, the ids of the parts whose words show it."""

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """By clause ref."""
        return self.decided.verdicts

    @property
    def deciding(self) -> tuple[Clause, ...]:
        """Clauses that are met and not displaced, the furthest-reaching first."""
        return self.decided.deciding

    def established(self, fact: str) -> bool:
        """Whether a value is held of it, and not merely suspected."""
        return UNKNOWN not in self.held.get(fact, OPEN)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Facts that would settle clauses of which something is established already, the most frequent first, and those
        that would settle the condition of a step."""
        wanted: Counter[str] = Counter()
        for verdict in self.verdicts.values():
            if verdict.outcome is Outcome.UNDECIDED and verdict.rests_on:
                wanted.update(verdict.missing)
        ranked = [fact for fact, _ in sorted(wanted.items(), key=lambda item: (-item[1], item[0]))]
        conditions = self._open_conditions[:MOST_MISSING]
        return tuple(dict.fromkeys((*ranked[: MOST_MISSING - len(conditions)], *conditions)))

    @cached_property
    def steps(self) -> tuple[tuple[Clause, Proposed], ...]:
        """The steps that are this party's: its leading clause's, and of its other clauses those that protect."""
        actions, held = self.pack.actions, {**self.held, **self.recorded}
        return tuple(
            (clause, one)
            for number, clause in enumerate(self.deciding)
            for one in proposed(clause.default_plan, held, actions)
            if number == 0 or actions[one.step.action].tier is Tier.PROTECT
        )

    @property
    def _open_conditions(self) -> list[str]:
        facts = self.pack.vocabulary.facts
        return sorted({fact for _, one in self.steps for fact in one.missing if fact in facts})

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """The values of open or deciding facts that would change the tier, each tried in turn."""
        return tuple(islice(self._flips(), MOST_FLIPS))

    def _flips(self) -> Iterator[Flip]:
        now = tier(self.deciding, self.pack)
        rests_on = self.verdicts[self.deciding[0].ref].rests_on if self.deciding else frozenset()
        for fact in dict.fromkeys((*self.missing, *sorted(rests_on))):
            for value in self.pack.vocabulary.facts[fact].values:
                if value == UNKNOWN or self.held.get(fact) == frozenset({value}):
                    continue
                clauses = self.decided.instead(fact, value)
                if clauses is None:
                    continue  # where the same clauses are met, they reach as far
                then = tier(clauses, self.pack)
                if then is not now:
                    yield Flip(fact=fact, value=value, about=self.party, would=_would(clauses, then))

    def not_checked(self, case: Case, pack: Pack) -> tuple[str, ...]:
        """Facts that could make the case graver and that nothing establishes, and media that nobody viewed."""
        open_facts = [
            f"{fact.title}: not established"
            for name, fact in pack.vocabulary.facts.items()
            if fact.raises_severity and not self.established(name)
        ]
        unviewed = sum(part.media is not None and part.media.viewed is None for part in case.parts)
        return (*([f"{unviewed} file(s) that nobody has viewed"] if unviewed else []), *open_facts)


def _would(clauses: Sequence[Clause], then: Tier) -> str:
    return f"{clauses[0].title} would apply (tier '{then}')" if clauses else "no clause would be settled"


def assess(
    case: Case, findings: Sequence[Finding], duties: Sequence[DutyStatus], pack: Pack, hits: Sequence[Hit]
) -> tuple[Standing, ...]:
    """The standing of every judged party, the one for whom the clauses go furthest first."""
    clauses = tuple(clause_hits(hits, pack))
    recorded = case_facts(case, duties, pack)
    standings = [_standing(party, pack, clauses, findings, recorded) for party in case.judged()]
    return tuple(sorted(standings, key=lambda one: (tier(one.deciding, pack).rank, len(one.deciding)), reverse=True))


def clause_hits(hits: Iterable[Hit], pack: Pack) -> Iterable[Clause]:
    """The clauses among the hits, each once, without the fallback: that one answers only by a person."""
    for ref in dict.fromkeys(hit.passage.source for hit in hits if hit.passage.kind == "clause"):
        clause = pack.clause(ref)
        if clause is not None and not clause.fallback:
            yield clause


def _standing(
    party: str | None, pack: Pack, clauses: tuple[Clause, ...], findings: Sequence[Finding], recorded: Held
) -> Standing:
    held = gather(findings, party, pack.vocabulary)
    shown: dict[str, frozenset[str]] = {}
    for finding in findings:
        if finding.about in (None, party):
            parts = frozenset(span.part for span in finding.evidence)
            shown[finding.fact] = shown.get(finding.fact, frozenset()) | parts
    return Standing(party, held, pack, clauses, Decided(clauses, held, pack), recorded, shown)
