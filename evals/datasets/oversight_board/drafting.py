"""The copilot on this set: a retriever that ranks as the docket does, and a drafter that quotes what it finds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from copilot.cases import Case
from copilot.drafters.wording import claim_for_precedent, first_quote
from copilot.drafts import Claim, Draft
from copilot.findings import Finding
from copilot.plans import Plan, Step
from copilot.reviews import DutyStatus
from evals.datasets.oversight_board.docket import Day, Policy
from evals.datasets.oversight_board.packing import ASSESS
from evals.rankings import Scores
from policy_corpus import Pack
from retrieval import Embedder, Hit, Index, Reason, Retriever
from retrieval.hits import Found
from retrieval.where import EVERYWHERE, Where

STANDARDS = 3
PARAGRAPHS = 2
"""How many standards a search gives back, and how many paragraphs of each."""


class DocketRetriever(Retriever):
    """Gives the paragraphs of the likeliest standards and the likeliest earlier decisions, by what the day knows."""

    def __init__(self, pack: Pack, index: Index, policy: Policy, day: Day) -> None:
        super().__init__(pack, index)
        self._embedder: Embedder = index.embedder
        self._policy = policy
        self._day = day

    def search(
        self,
        query: str,
        findings: Mapping[str, frozenset[str]],
        *,
        as_of: date,
        must_include: Collection[str] = (),
        where: Where = EVERYWHERE,
        limit: int = 12,
    ) -> Found:
        vector = np.asarray(self._embedder.embed([query])[0], dtype=np.float64)
        evidence = self._policy.evidence(query, vector)
        paragraphs = tuple(self._paragraphs(vector, self._day.standards(evidence)))
        wanted = max(0, limit - len(paragraphs))
        return Found((*paragraphs, *self._decisions(query, vector, evidence, wanted)))

    def _paragraphs(self, vector: Scores, likely: Scores) -> Iterator[Hit]:
        nearness = self._policy.nearness(vector)
        for place in np.argsort(-likely, kind="stable")[:STANDARDS]:
            members = np.flatnonzero(self._policy.group == place)
            for member in members[np.argsort(-nearness[members], kind="stable")][:PARAGRAPHS]:
                clause = self.pack.clauses[int(member)]
                detail = f"near in meaning, of '{clause.area}' (share {likely[place]:.2f})"
                reason = Reason(kind="similar", detail=detail, score=round(float(nearness[member]), 5))
                yield Hit(passage=clause.passages()[0], score=float(likely[place]), reasons=(reason,))

    def _decisions(self, query: str, vector: Scores, evidence: Scores, most: int) -> Iterator[Hit]:
        if not self._day.known:
            return
        likely = self._day.citations(query, vector, evidence)
        for place in np.argsort(-likely, kind="stable")[:most]:
            reading = self._day.known[int(place)]
            precedent = self.pack.precedent(reading.decision.id)
            if precedent is not None:
                cited = self._day.cited[precedent.id]
                reason = Reason(
                    kind="similar", detail=f"cited {cited} times so far", score=float(reading.vector @ vector)
                )
                yield Hit(passage=precedent.passages()[0], score=float(likely[place]), reasons=(reason,))


@dataclass(frozen=True)
class StandardDrafter:
    """Says which standard applies and quotes it, with the likeliest earlier decisions. Proposes no enforcement."""

    pack: Pack
    name: str = "standards"

    @property
    def settings(self) -> dict[str, str]:
        return {"standards": str(STANDARDS), "paragraphs": str(PARAGRAPHS)}

    def sent(self, case: Case) -> tuple[()]:
        """Nothing ever leaves."""
        return ()

    async def find(self, case: Case) -> tuple[Finding, ...]:
        """Nothing: the set has no vocabulary of facts."""
        return ()

    async def draft(
        self, case: Case, findings: Sequence[Finding], duties: Sequence[DutyStatus], hits: Sequence[Hit]
    ) -> Draft:
        clauses = tuple(hit.passage.source for hit in hits if hit.passage.kind == "clause")
        if not clauses:
            return Draft(drafter=self.name, summary="No standard was found.", abstained="no paragraph came back")
        leading = hits[0].passage
        step = Step(action=ASSESS, on="case", because=clauses[:PARAGRAPHS])
        return Draft(
            drafter=self.name,
            summary=f"The standard that applies is most likely '{leading.title}'.",
            plan=Plan(steps=(step,)),
            clauses=clauses,
            claims=tuple((*self._standard(clauses, hits), *self._precedents(hits))),
            confidence=round(min(hits[0].score, 1.0), 3),
        )

    def _standard(self, clauses: Sequence[str], hits: Sequence[Hit]) -> Iterator[Claim]:
        for source in clauses[:PARAGRAPHS]:
            citation = first_quote(source, hits)
            clause = self.pack.clause(source)
            if citation is not None and clause is not None:
                yield Claim(text=f"{clause.area} says: {citation.quote}", citations=(citation,))

    def _precedents(self, hits: Sequence[Hit], most: int = 3) -> Iterator[Claim]:
        for source in [hit.passage.source for hit in hits if hit.passage.kind == "precedent"][:most]:
            precedent = self.pack.precedent(source)
            claim = claim_for_precedent(precedent, hits) if precedent is not None else None
            if claim is not None:
                yield claim
