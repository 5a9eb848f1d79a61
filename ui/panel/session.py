"""What one browser session holds: the open case as its analyst saw it, and changes not yet decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from copilot.cases import Span
from copilot.findings import Finding
from copilot.plans import Step
from ui.panel.seam import Row


@dataclass(frozen=True)
class Editing:
    """A plan in the making."""

    steps: tuple[Step, ...]
    start: tuple[Step, ...]
    """The steps that editing began with."""


@dataclass(frozen=True)
class OnScreen:
    """The open case, as it stood when it was shown."""

    case: str
    opened_at: datetime
    seen: str
    """Names the state of case, review and decisions that is on screen; a decision on another state is refused."""
    draft: int | None
    revealed: frozenset[str] = frozenset()
    read: tuple[Span, ...] = ()
    corrections: tuple[Finding, ...] = ()
    editing: Editing | None = None


@dataclass(frozen=True)
class Session:
    """One analyst's page."""

    number: int = 0
    """Counts the answers, so that the page notices each."""
    screen: OnScreen | None = None
    rows: tuple[Row, ...] = ()
    """The queue as it was last read: when the page came up, after a decision, after a draft."""

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(row.case_id for row in self.rows)

    def on(self, screen: OnScreen | None) -> Session:
        return replace(self, screen=screen)

    def next(self) -> Session:
        return replace(self, number=self.number + 1)
