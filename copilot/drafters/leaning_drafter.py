"""The embedded drafter, helped where no clause is settled by what all precedents together teach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from copilot.cases import Case
from copilot.drafters.leaning import Leaning, cheapest
from copilot.drafters.precedents import PrecedentDrafter
from copilot.drafters.wording import first_quote
from copilot.drafts import Citation, Draft
from copilot.findings import Finding, gather
from copilot.reviews import DutyStatus
from policy_corpus import Precedent, Tier
from policy_corpus.deciding import Decider
from retrieval.hits import Hit


@dataclass(frozen=True)
class LeaningDrafter:
    """Clauses decide as ever; without one, the tier that all precedents lean to, quoted from the nearest of that tier.

    Where no precedent of that tier came back, or none is near enough, it drafts as if nothing had been learned.
    """

    inner: PrecedentDrafter
    leaning: Leaning
    name: str = "precedents"

    @property
    def settings(self) -> dict[str, str]:
        return {**self.inner.settings, "leans": "all precedents"}

    def searched_by(self, embedder: str) -> LeaningDrafter:
        """The same drafter over hits that a model with that fingerprint found."""
        return replace(self, inner=self.inner.searched_by(embedder))

    def sent(self, case: Case) -> tuple[()]:
        """Nothing ever leaves."""
        return ()

    async def find(self, case: Case) -> tuple[Finding, ...]:
        """What the embedded drafter finds of its own."""
        return await self.inner.find(case)

    async def draft(
        self, case: Case, findings: Sequence[Finding], duties: Sequence[DutyStatus], hits: Sequence[Hit]
    ) -> Draft:
        """The embedded drafter's draft over the hits that speak for the tier which is cheapest to be wrong about."""
        plain = await self.inner.draft(case, findings, duties, hits)
        if self._decided(case, findings, hits):
            return plain
        chances = self.leaning.chances(case.text)
        tier = cheapest(chances)
        for clauses in (self.leaning.clauses(case.text, tier), ()):
            drafted = await self.inner.draft(case, findings, duties, tuple(self._speaking(hits, tier, clauses)))
            if not drafted.abstained:
                said = {"confidence": round(chances[tier], 3), "opposing": self._opposing(hits, tier)}
                return drafted.model_copy(update=said)
        return plain

    def _decided(self, case: Case, findings: Sequence[Finding], hits: Sequence[Hit]) -> bool:
        """Whether a clause among the hits is met for any party that is judged."""
        pack = self.inner.pack
        refs = dict.fromkeys(hit.passage.source for hit in hits if hit.passage.kind == "clause")
        decider = Decider(tuple(clause for ref in refs if (clause := pack.clause(ref)) is not None), pack)
        return any(decider.deciding(gather(findings, party, pack.vocabulary)) for party in case.judged())

    def _speaking(self, hits: Sequence[Hit], tier: Tier, clauses: Sequence[str]) -> Iterator[Hit]:
        """The clauses among the hits, and the precedents of that tier that rest on the likeliest clause there is."""
        near = [one for hit in hits if (one := self._precedent(hit)) is not None and self._tier(one) is tier]
        main = next((ref for ref in clauses if any(ref in one.clauses[:1] for one in near)), None)
        kept = {one.id for one in near if main is None or main in one.clauses[:1]}
        yield from (hit for hit in hits if hit.passage.kind != "precedent" or hit.passage.source in kept)

    def _opposing(self, hits: Sequence[Hit], tier: Tier) -> Citation | None:
        found = (self._precedent(hit) for hit in hits)
        other = next((one for one in found if one is not None and self._tier(one) is not tier), None)
        return None if other is None else first_quote(other.id, hits)

    def _precedent(self, hit: Hit) -> Precedent | None:
        return self.inner.pack.precedent(hit.passage.source) if hit.passage.kind == "precedent" else None

    def _tier(self, precedent: Precedent) -> Tier:
        return self.inner.pack.tier(precedent.plan)
