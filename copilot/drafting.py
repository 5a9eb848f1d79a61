"""The seam between the review and whoever drafts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from copilot.cases import Case
from copilot.drafts import Draft
from copilot.findings import Finding
from copilot.reviews import DutyStatus
from retrieval.hits import Hit


class Exchange(Protocol):
    """One exchange with something outside; as text it says its kind and size, never its content."""

    @property
    def tokens_in(self) -> int: ...

    @property
    def tokens_out(self) -> int: ...


class Drafter(Protocol):
    """Finds facts in a case and drafts a recommendation from what was retrieved.

    Either may raise `copilot.errors.DrafterError`; the review then goes on without it and says so.
    """

    @property
    def name(self) -> str:
        """Short and stable: `precedents`, `model xai:…`."""
        ...

    @property
    def settings(self) -> dict[str, str]:
        """What is needed to replay it: model id, parameters, prompt hash."""
        ...

    def sent(self, case: Case) -> Sequence[Exchange]:
        """What left the machine about this case since this was last asked."""
        ...

    async def find(self, case: Case) -> tuple[Finding, ...]:
        """Findings, each with the words that show it."""
        ...

    async def draft(
        self, case: Case, findings: Sequence[Finding], duties: Sequence[DutyStatus], hits: Sequence[Hit]
    ) -> Draft:
        """A cited draft that rests on nothing but the case and the hits."""
        ...
