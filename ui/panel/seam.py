"""What the panel needs of a desk. `copilot.desk.Desk` is one; tests bring their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from copilot.cases import Case, Span
from copilot.decisions import Decision, Verb
from copilot.findings import Finding
from copilot.plans import Plan
from copilot.reviews import Review
from policy_corpus import Pack, Reportability


class Row(Protocol):
    """One line of the queue."""

    @property
    def case_id(self) -> str: ...
    @property
    def surface(self) -> str: ...
    @property
    def received_at(self) -> datetime | None: ...
    @property
    def tier(self) -> str: ...
    @property
    def held_back(self) -> str: ...
    @property
    def reportability(self) -> str: ...
    @property
    def decided(self) -> Verb | None: ...


class CaseDesk(Protocol):
    """Cases in, decisions out."""

    @property
    def pack(self) -> Pack: ...

    def queue(self) -> Sequence[Row]: ...

    def case(self, id: str, /) -> Case: ...

    def review(self, id: str, /) -> Review | None: ...

    async def draft(self, id: str, corrections: tuple[Finding, ...] = (), /) -> Review: ...

    def decisions(self, id: str, /) -> Sequence[Decision]: ...

    def reveal(self, id: str, span: Span, analyst: str, /) -> None: ...

    def decide(
        self,
        id: str,
        verb: Verb,
        /,
        *,
        analyst: str,
        opened_at: datetime,
        reason: str = "",
        plan: Plan | None = None,
        reportability: Reportability | None = None,
        corrections: tuple[Finding, ...] = (),
        words_read: tuple[Span, ...] = (),
    ) -> Decision: ...
