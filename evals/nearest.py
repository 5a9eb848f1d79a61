"""A second embedded drafter, for measuring a second opinion where no language model is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.cases import Case
from copilot.drafters.precedents import PrecedentDrafter
from copilot.drafts import Draft
from copilot.findings import Finding
from copilot.reviews import DutyStatus
from retrieval.hits import Hit


@dataclass(frozen=True)
class NearestDrafter:
    """The embedded drafter with nothing but precedents before it: it sees no clause, so that none is met."""

    inner: PrecedentDrafter
    name: str = "nearest precedents"

    @property
    def settings(self) -> dict[str, str]:
        return {**self.inner.settings, "sees": "precedents"}

    def sent(self, case: Case) -> tuple[()]:
        """Nothing ever leaves."""
        return ()

    async def find(self, case: Case) -> tuple[Finding, ...]:
        """Nothing of its own."""
        return ()

    async def draft(
        self, case: Case, findings: Sequence[Finding], duties: Sequence[DutyStatus], hits: Sequence[Hit]
    ) -> Draft:
        """What was decided in the nearest cases."""
        seen = tuple(hit for hit in hits if hit.passage.kind == "precedent")
        drafted = await self.inner.draft(case, findings, duties, seen)
        return drafted.model_copy(update={"drafter": self.name})
