"""The embedded drafter: criteria over findings and a vote of the nearest precedents. No model, no key, no network.

Its words are quotes: every claim cites a sentence of a clause or precedent as it stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from copilot.cases import Case
from copilot.drafters.assembling import assemble
from copilot.drafters.confidence import Calibration, Sureness, fitting, sureness
from copilot.drafters.criteria import Standing, assess
from copilot.drafters.error_budget import DEFAULT_BUDGET
from copilot.drafters.explaining import described, how_sure, not_sure_enough, what_was_found, what_would_change_it
from copilot.drafters.signs import Signs, quiet, signs
from copilot.drafters.votes import Vote, vote
from copilot.drafters.wording import claim_for_clause, claim_for_precedent, first_quote
from copilot.drafts import Citation, Draft
from copilot.duties import pointing, reportability
from copilot.findings import Finding
from copilot.plans import Plan, bind
from copilot.reviews import DutyStatus
from policy_corpus import Pack, Reportability, Tier
from policy_corpus.actions import Stage
from retrieval.hits import Hit

FEWEST_SUPPORT = 0.25
"""Cosine to the nearest precedent (0–1) below which nothing in the corpus is near enough to follow."""

FEWEST_AGREEMENT = 0.5
"""Share of the precedents' votes that one tier needs before a draft rests on precedents alone, where nothing is
calibrated."""


@dataclass(frozen=True)
class Proposal:
    """A draft before anyone asked how sure it is, with what it rests on."""

    draft: Draft
    case: Case
    findings: Sequence[Finding]
    standing: Standing
    votes: Vote
    hits: Sequence[Hit]
    pack: Pack

    @property
    def tier(self) -> Tier:
        return self.draft.plan.tier(self.pack)

    @property
    def signs(self) -> Signs:
        return signs(self.case, self.tier, self.standing, self.votes, self.findings, self.hits, self.pack)


@dataclass(frozen=True)
class PrecedentDrafter:
    """Drafts from what the policy says of the findings, and otherwise from what was decided in the nearest cases."""

    pack: Pack
    name: str = "precedents"
    budget: float = DEFAULT_BUDGET
    """The share of cases (0–1) that may get a wrong recommendation; surer drafts alone are given to keep to it."""
    embedder: str = ""
    """Fingerprint of the model that the hits were found by: a calibration holds for one only."""
    calibration: Calibration | None = None
    """Judge by this one rather than by what comes with the program."""

    @property
    def settings(self) -> dict[str, str]:
        fitted = self.fitted
        return {
            "support": str(FEWEST_SUPPORT),
            "agreement": str(FEWEST_AGREEMENT),
            "error_budget": str(self.budget),
            "calibration": "none for this pack" if fitted is None else _named(fitted),
        }

    @property
    def fitted(self) -> Calibration | None:
        """What its confidence rests on; none where nothing was fitted for this pack and embedder."""
        return self.calibration or fitting(self.pack, self.embedder)

    def searched_by(self, embedder: str) -> Self:
        """The same drafter over hits that a model with that fingerprint found."""
        return replace(self, embedder=embedder)

    def sent(self, case: Case) -> tuple[()]:
        """Nothing ever leaves."""
        return ()

    async def find(self, case: Case) -> tuple[Finding, ...]:
        """Nothing of its own: the detectors' findings are what it works with."""
        return ()

    async def draft(
        self, case: Case, findings: Sequence[Finding], duties: Sequence[DutyStatus], hits: Sequence[Hit]
    ) -> Draft:
        """Clauses whose criteria are met decide; where none is, precedents may; where neither is sure enough, it
        abstains."""
        standings = assess(case, findings, duties, self.pack, hits)
        votes = vote(hits, self.pack)
        proposed = self.propose(case, findings, standings, votes, hits)
        if proposed is None or not self._may_stand(proposed):
            return self._finish(self._nothing(votes, hits), case, findings, standings[0], duties)
        sure = sureness(proposed.signs, self.fitted, self.budget)
        draft = self._explained(proposed, sure) if sure.enough else self._held_back(proposed, sure)
        return self._finish(draft, case, findings, standings[0], duties)

    def propose(
        self, case: Case, findings: Sequence[Finding], standings: Sequence[Standing], votes: Vote, hits: Sequence[Hit]
    ) -> Proposal | None:
        """What it would say if it had to; none where neither clause nor precedent speaks."""
        if standings[0].deciding:
            draft = self._by_clauses(case, findings, standings, votes, hits)
        elif votes.leader is not None and votes.support >= FEWEST_SUPPORT:
            draft = self._by_precedents(case, votes, hits)
        else:
            return None
        return Proposal(draft, case, findings, standings[0], votes, hits, self.pack)

    def _may_stand(self, proposed: Proposal) -> bool:
        """Whether precedents that carry a draft alone agree. Where sureness is calibrated, that judges it."""
        if proposed.standing.deciding or proposed.votes.agreement >= FEWEST_AGREEMENT:
            return True
        return self.fitted is not None

    def _by_clauses(
        self, case: Case, findings: Sequence[Finding], standings: Sequence[Standing], votes: Vote, hits: Sequence[Hit]
    ) -> Draft:
        leading, standing = standings[0].deciding[0], standings[0]
        plan = assemble(standings, case, self.pack)
        tier = plan.tier(self.pack)
        claims = [claim_for_clause(clause, standing, findings, hits) for clause in standing.deciding]
        agreeing = votes.nearest(tier)
        if agreeing is not None:
            claims.append(claim_for_precedent(agreeing, hits))
        return Draft(
            drafter=self.name,
            summary=f"{leading.title}: {described(plan, self.pack)}.",
            plan=plan,
            clauses=tuple(clause.ref for clause in standing.deciding),
            claims=tuple(claim for claim in claims if claim is not None),
            opposing=self._opposing(tier, votes, hits),
        )

    def _by_precedents(self, case: Case, votes: Vote, hits: Sequence[Hit]) -> Draft:
        leader = votes.leader
        assert leader is not None
        plan = Plan(steps=tuple(bind(leader.plan_by_role(), case, leader.id))).ordered(self.pack)
        claims = [claim_for_precedent(precedent, hits) for precedent in votes.of(leader, most=3)]
        return Draft(
            drafter=self.name,
            summary=f"No clause is settled; the nearest precedents point to: {described(plan, self.pack)}.",
            plan=plan,
            clauses=tuple(ref for ref in leader.clauses if self.pack.clause(ref) is not None),
            claims=tuple(claim for claim in claims if claim is not None),
            opposing=self._opposing(plan.tier(self.pack), votes, hits),
        )

    def _explained(self, proposed: Proposal, sure: Sureness) -> Draft:
        draft, standing = proposed.draft, proposed.standing
        said = [
            draft.summary,
            what_was_found(standing, proposed.findings, self.pack) if standing.deciding else "",
            how_sure(sure, proposed.votes, proposed.tier),
            what_would_change_it(standing.flips, self.pack),
        ]
        return draft.model_copy(
            update={"summary": " ".join(one for one in said if one), "confidence": round(sure.confidence, 2)}
        )

    def _held_back(self, proposed: Proposal, sure: Sureness) -> Draft:
        """What it rests on stays to be read, and so does keeping evidence; the recommendation goes."""
        why = not_sure_enough(sure)
        steps = proposed.draft.plan.steps
        kept = tuple(step for step in steps if self.pack.actions[step.action].stage is Stage.PRESERVE)
        summary = f"No recommendation: {why}. The nearest reading: {proposed.draft.summary}"
        return proposed.draft.model_copy(update={"summary": summary, "plan": Plan(steps=kept), "abstained": why})

    def _nothing(self, votes: Vote, hits: Sequence[Hit]) -> Draft:
        if votes.support < FEWEST_SUPPORT:
            why = "no clause's criteria are met and no precedent is near enough to follow"
        else:
            why = "no clause's criteria are met and the nearest precedents disagree"
        claims = [claim_for_precedent(precedent, hits) for precedent in votes.ranked[:2]]
        return Draft(
            drafter=self.name,
            summary=f"No recommendation: {why}.",
            abstained=why,
            claims=tuple(claim for claim in claims if claim is not None),
        )

    def _opposing(self, tier: Tier, votes: Vote, hits: Sequence[Hit]) -> Citation | None:
        """The nearest precedent whose plan is of another tier."""
        other = next((one for one in votes.ranked if votes.tiers[one.id] is not tier), None)
        return None if other is None else first_quote(other.id, hits)

    def _finish(
        self,
        draft: Draft,
        case: Case,
        findings: Sequence[Finding],
        standing: Standing,
        duties: Sequence[DutyStatus],
    ) -> Draft:
        """What every draft says: reportability, what is missing, what would flip it, what was not looked at."""
        level, basis = reportability(duties, self.pack)
        if level is Reportability.UNKNOWN and not draft.abstained and not pointing(case, findings, self.pack):
            level, basis = Reportability.NOT_INDICATED, "No report duty is raised, and nothing found points to one"
        return draft.model_copy(
            update={
                "missing": standing.missing,
                "would_flip": standing.flips,
                "not_checked": standing.not_checked(case, self.pack) if quiet(draft.plan.tier(self.pack)) else (),
                "reportability": level,
                "reportability_basis": basis,
            }
        )


def _named(fitted: Calibration) -> str:
    """Which fit it is: one on the same data with other levels, or grown otherwise, is another."""
    levels = f"levels {fitted.levels[:12]}" if fitted.levels else "no levels"
    return f"{fitted.n} drafts, data {fitted.data_sha256[:12]}, fit {fitted.digest[:12]}, {levels}"
