"""The embedded drafter: criteria over findings and a vote of the nearest precedents. No model, no key, no network.

Its words are quotes: every claim cites a sentence of a clause or precedent as it stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.cases import Case
from copilot.drafters.criteria import Standing, assess
from copilot.drafters.votes import Vote, vote
from copilot.drafters.wording import claim_for_clause, claim_for_precedent, first_quote
from copilot.drafts import Citation, Draft
from copilot.duties import reportability
from copilot.findings import Finding
from copilot.plans import Plan, Step, bind
from copilot.reviews import DutyStatus
from policy_corpus import Clause, Pack, Reportability, Tier
from retrieval.hits import Hit

FEWEST_SUPPORT = 0.25
"""Cosine to the nearest precedent (0–1) below which nothing in the corpus is near enough to follow."""

MOST_NAMED = 3
"""Steps that the summary names."""

FEWEST_AGREEMENT = 0.5
"""Share of the precedents' votes that one tier needs before a draft rests on precedents alone."""


@dataclass(frozen=True)
class PrecedentDrafter:
    """Drafts from what the policy says of the findings, and otherwise from what was decided in the nearest cases."""

    pack: Pack
    name: str = "precedents"

    @property
    def settings(self) -> dict[str, str]:
        return {"support": str(FEWEST_SUPPORT), "agreement": str(FEWEST_AGREEMENT)}

    def sent(self, case: Case) -> tuple[()]:
        """Nothing ever leaves."""
        return ()

    async def find(self, case: Case) -> tuple[Finding, ...]:
        """Nothing of its own: the detectors' findings are what it works with."""
        return ()

    async def draft(
        self, case: Case, findings: Sequence[Finding], duties: Sequence[DutyStatus], hits: Sequence[Hit]
    ) -> Draft:
        """Clauses whose criteria are met decide; where none is, precedents may; where neither does, it abstains."""
        standing = assess(case, findings, self.pack, hits)
        votes = vote(hits, self.pack)
        if standing.deciding:
            return self._by_clauses(case, findings, standing, votes, hits, duties)
        if votes.leader is not None and votes.support >= FEWEST_SUPPORT and votes.agreement >= FEWEST_AGREEMENT:
            return self._by_precedents(case, standing, votes, hits, duties)
        return self._abstain(case, standing, votes, hits, duties)

    def _by_clauses(
        self,
        case: Case,
        findings: Sequence[Finding],
        standing: Standing,
        votes: Vote,
        hits: Sequence[Hit],
        duties: Sequence[DutyStatus],
    ) -> Draft:
        leading = standing.deciding[0]
        plan = self._plan(standing.deciding, case)
        tier = plan.tier(self.pack)
        claims = [claim_for_clause(clause, standing, findings, hits) for clause in standing.deciding]
        agreeing = votes.nearest(tier)
        if agreeing is not None:
            claims.append(claim_for_precedent(agreeing, hits))
        return self._finish(
            Draft(
                drafter=self.name,
                summary=f"{leading.title}: {_describe(plan, self.pack)}.",
                plan=plan,
                clauses=tuple(clause.ref for clause in standing.deciding),
                claims=tuple(claim for claim in claims if claim is not None),
                opposing=self._opposing(tier, votes, hits),
                confidence=round(0.5 + 0.4 * votes.share(tier) * votes.support, 2),
            ),
            case,
            standing,
            duties,
        )

    def _by_precedents(
        self, case: Case, standing: Standing, votes: Vote, hits: Sequence[Hit], duties: Sequence[DutyStatus]
    ) -> Draft:
        leader = votes.leader
        assert leader is not None
        plan = Plan(steps=tuple(bind(leader.plan_by_role(), case, leader.id))).ordered(self.pack)
        claims = [claim_for_precedent(precedent, hits) for precedent in votes.of(leader, most=3)]
        tier = plan.tier(self.pack)
        return self._finish(
            Draft(
                drafter=self.name,
                summary=f"No clause is settled; the nearest precedents point to: {_describe(plan, self.pack)}.",
                plan=plan,
                clauses=tuple(ref for ref in leader.clauses if self.pack.clause(ref) is not None),
                claims=tuple(claim for claim in claims if claim is not None),
                opposing=self._opposing(tier, votes, hits),
                confidence=round(0.6 * votes.agreement * votes.support, 2),
            ),
            case,
            standing,
            duties,
        )

    def _abstain(
        self, case: Case, standing: Standing, votes: Vote, hits: Sequence[Hit], duties: Sequence[DutyStatus]
    ) -> Draft:
        if votes.support < FEWEST_SUPPORT:
            why = "no clause's criteria are met and no precedent is near enough to follow"
        else:
            why = "no clause's criteria are met and the nearest precedents disagree"
        claims = [claim_for_precedent(precedent, hits) for precedent in votes.ranked[:2]]
        draft = Draft(
            drafter=self.name,
            summary=f"No recommendation: {why}.",
            abstained=why,
            claims=tuple(claim for claim in claims if claim is not None),
        )
        return self._finish(draft, case, standing, duties)

    def _plan(self, clauses: Sequence[Clause], case: Case) -> Plan:
        """The leading clause's steps, with what the others add to protect someone."""
        steps: list[Step] = []
        for number, clause in enumerate(clauses):
            for step in bind(clause.default_plan, case, clause.ref):
                if number == 0 or self.pack.actions[step.action].tier is Tier.PROTECT:
                    steps.append(step)
        return Plan(steps=tuple(steps)).ordered(self.pack)

    def _opposing(self, tier: Tier, votes: Vote, hits: Sequence[Hit]) -> Citation | None:
        """The nearest precedent whose plan is of another tier."""
        other = next((one for one in votes.ranked if votes.tiers[one.id] is not tier), None)
        return None if other is None else first_quote(other.id, hits)

    def _finish(self, draft: Draft, case: Case, standing: Standing, duties: Sequence[DutyStatus]) -> Draft:
        """What every draft says: reportability, what is missing, what would flip it, what was not looked at."""
        quiet = draft.plan.tier(self.pack) in (Tier.NONE, Tier.PROTECT)
        level, basis = reportability(duties, self.pack)
        if level is Reportability.UNKNOWN and standing.deciding and standing.deciding[0].protects:
            level, basis = Reportability.NOT_INDICATED, f"{standing.deciding[0].title} is met, and no duty is raised"
        return draft.model_copy(
            update={
                "missing": standing.missing,
                "would_flip": standing.flips(self.pack),
                "not_checked": standing.not_checked(case, self.pack) if quiet else (),
                "reportability": level,
                "reportability_basis": basis,
            }
        )


def _describe(plan: Plan, pack: Pack) -> str:
    """The gravest steps by name, and how many more there are."""
    steps = sorted(plan.steps, key=lambda step: -pack.actions[step.action].tier.rank)
    titles = list(dict.fromkeys(pack.actions[step.action].title for step in steps))
    named = ", ".join(title[0].lower() + title[1:] for title in titles[:MOST_NAMED])
    more = len(titles) - MOST_NAMED
    return (named or "no step") + (f", and {more} more step{'s' if more > 1 else ''}" if more > 0 else "")
