"""Signs of how far a draft can be trusted, as plain numbers for the confidence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from copilot.cases import Case
from copilot.detectors.learned import LearnedDetector
from copilot.drafters.criteria import MOST_FLIPS, OPEN, Standing
from copilot.drafters.votes import Vote
from copilot.findings import Finding
from policy_corpus import Clause, Outcome, Pack, Scope, Tier
from policy_corpus.criteria import UNKNOWN
from policy_corpus.deciding import decides
from policy_corpus.deciding import tier as tier_of
from retrieval.hits import Found, Hit

UNSTATED = 0.5
"""How sure a finding counts whose finder doesn't say."""
MEASURED_LANGUAGES = frozenset({"", "en"})
"""Languages of the text for which the packaged embedder and patterns were measured; none stated counts as English."""


@dataclass(frozen=True)
class Signs:
    """Each between 0 and 1, but for `margin` (-1 to 1) and for logarithms of counts, which may grow beyond 1."""

    by_clauses: float
    """1 where a clause is met and decides, 0 where precedents alone speak."""
    protects: float
    """1 where the leading clause is a protection."""
    rests_on: float
    """Established facts that the leading clause rests on, in sixths."""
    weakest: float
    """How sure the least sure of those facts is."""
    mean_sure: float
    """How sure those facts are on average."""
    confirmed: float
    """The share of them that is confirmed."""
    open_beside_action: float
    """Graver clauses that are undecided with something established, beside a plan against somebody: log(1 + n) / 3."""
    open_beside_quiet: float
    """The same beside a plan that acts against nobody."""
    quiet_unshaken: float
    """1 where the plan acts against nobody and no fact was found that makes a case graver."""
    steady: float
    """1 where no single open or deciding fact would change the tier, 0 where at least six values would."""
    contested: float
    """Facts of which finders hold different values, in thirds."""
    agreement: float
    """The share of the precedents' weight, by nearness, authority and status, that went to the draft's tier."""
    support: float
    """Cosine of the nearest precedent."""
    relevant: float
    """1 where the search found something relevant."""
    found: float
    """Facts held of the party and the case, without what the settings say of the service: log(1 + n) / 3."""
    reach: float
    """How far the plan goes: 0 (none) to 1 (imminent)."""
    unmeasured_language: float
    """1 where the text is in a language for which nothing was measured."""
    pivots: float
    """How likely all facts hold without each of which the clauses would say another tier, as far as their finders
    say."""
    weakest_pivot: float
    """How sure the least sure of those facts is; 1 where there is none."""
    by_classifiers: float
    """The share of the facts that the leading clause rests on of which a classifier is the surest finder."""
    by_signals: float
    """The share of them that another system or person had said."""
    suspected: float
    """Facts of which nothing but a suspicion is found, in thirds."""
    margin: float
    """By how much the nearest precedent of the draft's tier is nearer (cosine) than the nearest of another, -1 to 1.
    Where there is none, its cosine counts as 0."""
    length: float
    """Words of the case: log(1 + n) / 6."""
    parts: float
    """Parts of the case, in sixths."""
    parties: float
    """Parties, in quarters."""
    unviewed: float
    """1 where there is a file that nobody has looked at."""
    signalled: float
    """1 where other systems or persons said something of the case."""
    noted: float
    """1 where a reviewer left a note."""
    deciding: float
    """Clauses that are met and decide, in quarters."""

    def values(self) -> dict[str, float]:
        """By name, in a fixed order."""
        return asdict(self)


def quiet(tier: Tier) -> bool:
    """Whether a plan of this tier acts against nobody: 'no violation', or protection alone."""
    return tier in (Tier.NONE, Tier.PROTECT)


def signs(
    case: Case,
    tier: Tier,
    standing: Standing,
    votes: Vote,
    findings: Sequence[Finding],
    hits: Sequence[Hit],
    pack: Pack,
) -> Signs:
    """The signs of a draft of that tier, for the party whose clauses go furthest."""
    lead = standing.deciding[0] if standing.deciding else None
    counted = _counted(findings, standing, pack)
    surest = _surest(counted)
    rests_on = _rests_on(lead, standing)
    sure = {fact: _sure(surest[fact]) if fact in surest else UNSTATED for fact in rests_on}
    finders = [surest[fact] for fact in rests_on if fact in surest and surest[fact].kind != "service"]
    own = [one for one in counted if one.kind != "service"]
    pivots = [_sure(surest[fact]) for fact in _pivots(own, standing, pack)]
    held = {fact: values for fact, values in standing.held.items() if values != OPEN}
    grave = any(values.intersection(pack.vocabulary.facts[fact].raises_severity) for fact, values in held.items())
    graver = math.log1p(len(list(graver_open(standing, tier, pack)))) / 3
    calm = quiet(tier)
    return Signs(
        by_clauses=float(lead is not None),
        protects=float(lead is not None and lead.protects),
        rests_on=min(len(sure), 6) / 6,
        weakest=min(sure.values(), default=0.0),
        mean_sure=_mean(list(sure.values())),
        confirmed=_mean([float(value == 1.0) for value in sure.values()]),
        open_beside_action=0.0 if calm else graver,
        open_beside_quiet=graver if calm else 0.0,
        quiet_unshaken=float(calm and not grave),
        steady=1 - len(standing.flips) / MOST_FLIPS,
        contested=min(sum(len(values - OPEN) > 1 for values in held.values()), 3) / 3,
        agreement=votes.share(tier),
        support=votes.support,
        relevant=float(not isinstance(hits, Found) or hits.relevant),
        found=math.log1p(len({one.fact for one in own})) / 3,
        reach=tier.rank / (len(Tier) - 1),
        unmeasured_language=float(case.language.lower().partition("-")[0] not in MEASURED_LANGUAGES),
        pivots=math.prod(pivots),
        weakest_pivot=min(pivots, default=1.0),
        by_classifiers=_mean([float(one.finder == LearnedDetector.name) for one in finders]),
        by_signals=_mean([float(one.kind == "signal") for one in finders]),
        suspected=min(sum(UNKNOWN in values for values in held.values()), 3) / 3,
        margin=votes.margin(tier),
        length=math.log1p(sum(len((part.text or "").split()) for part in case.parts)) / 6,
        parts=min(len(case.parts), 6) / 6,
        parties=min(len(case.parties), 4) / 4,
        unviewed=float(any(part.media is not None and part.media.viewed is None for part in case.parts)),
        signalled=float(bool(case.signals)),
        noted=float(any(part.role == "note" for part in case.parts)),
        deciding=min(len(standing.deciding), 4) / 4,
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def graver_open(standing: Standing, tier: Tier, pack: Pack) -> Iterable[Clause]:
    """Clauses that would go further, of which something is established and something is open."""
    for clause in standing.clauses:
        verdict = standing.verdicts[clause.ref]
        open_ = decides(clause) and verdict.outcome is Outcome.UNDECIDED and verdict.rests_on
        if open_ and pack.tier(clause.default_plan).rank > tier.rank:
            yield clause


def _counted(findings: Sequence[Finding], standing: Standing, pack: Pack) -> Sequence[Finding]:
    """The findings of the standing's party, the case and the service that found a value which is held."""
    scope = pack.vocabulary.scope
    return [
        one
        for one in findings
        if (one.about in (None, standing.party) or scope(one.fact) is Scope.CASE)
        and one.value in standing.held.get(one.fact, OPEN) - OPEN
    ]


def _surest(findings: Sequence[Finding]) -> Mapping[str, Finding]:
    """Of every fact, the finding whose finder is surest of it; the first of several."""
    found: dict[str, Finding] = {}
    for one in findings:
        if one.fact not in found or _sure(one) > _sure(found[one.fact]):
            found[one.fact] = one
    return found


def _rests_on(lead: Clause | None, standing: Standing) -> Sequence[str]:
    """The established facts that the leading clause rests on."""
    if lead is None:
        return ()
    return sorted(fact for fact in standing.verdicts[lead.ref].rests_on if standing.established(fact))


def _pivots(own: Sequence[Finding], standing: Standing, pack: Pack) -> Iterator[str]:
    """The facts found of the party, confirmed ones aside, without each of which another tier would follow."""
    now = tier_of(standing.deciding, pack)
    for fact in sorted({one.fact for one in own if not one.confirmed}):
        otherwise = standing.decided.instead(fact, UNKNOWN)
        if otherwise is not None and tier_of(otherwise, pack) is not now:
            yield fact


def _sure(finding: Finding) -> float:
    if finding.confirmed:
        return 1.0
    return UNSTATED if finding.confidence is None else min(finding.confidence, 0.99)
