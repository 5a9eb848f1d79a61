"""The files: decisions of the Oversight Board, and paragraphs of the Community Standards that they apply.

community-standards/*.jsonl   id, section, text
oversight-board/*.jsonl       id, title, decided, facts, standards[], outcome, cites[]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from evals.base import Strict
from evals.datasets.files import read_models


class Paragraph(Strict):
    """One paragraph of the policy, undated."""

    id: str
    section: str
    text: str


class BoardDecision(Strict):
    """One decision of the Board; names of standards and outcome sentences are masked in its facts."""

    id: str
    title: str
    decided: date
    facts: str
    standards: tuple[str, ...]
    outcome: str
    cites: tuple[str, ...] = ()
    """Ids of earlier decisions that it names."""


@dataclass(frozen=True)
class Board:
    """Everything that was read, decisions in order of their dates."""

    paragraphs: tuple[Paragraph, ...]
    decisions: tuple[BoardDecision, ...]

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """The standards that have paragraphs, in the order of the text."""
        return tuple(dict.fromkeys(paragraph.section for paragraph in self.paragraphs))

    def before(self, day: date) -> tuple[BoardDecision, ...]:
        """Decisions that were out before that day."""
        return tuple(decision for decision in self.decisions if decision.decided < day)

    def scorable(self, decision: BoardDecision) -> tuple[str, ...]:
        """Its standards that have a section; the text is of a later day, and some standards are gone from it."""
        return tuple(standard for standard in decision.standards if standard in self.sections)

    def citable(self, decision: BoardDecision) -> tuple[str, ...]:
        """The decisions it cites that are in the file and older than itself."""
        earlier = {other.id for other in self.before(decision.decided)}
        return tuple(id for id in decision.cites if id in earlier)


def read(path: Path) -> Board:
    """The set below `path`, a folder that holds `oversight-board` and `community-standards`.

    Raises:
        DataError: a file is missing or malformed; all problems at once, each with file and line.
    """
    paragraphs = read_models(path / "community-standards", Paragraph, "paragraphs of the Community Standards")
    decisions = read_models(path / "oversight-board", BoardDecision, "decisions of the Oversight Board")
    return Board(paragraphs, tuple(_by_date(decisions)))


def _by_date(decisions: tuple[BoardDecision, ...]) -> Iterator[BoardDecision]:
    yield from sorted(decisions, key=lambda decision: decision.decided)
