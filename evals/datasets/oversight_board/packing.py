"""The set as a pack: paragraphs are its clauses, decided cases its precedents, the facts of a later one a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

from copilot.cases import Case, Part, Party
from evals.datasets.oversight_board.reading import Board, BoardDecision
from policy_corpus import (
    Action,
    Authority,
    Clause,
    Fact,
    Pack,
    Precedent,
    PrecedentFinding,
    Stage,
    Tier,
    Vocabulary,
)
from policy_corpus.pack import Manifest

RELEASE = date(2023, 1, 1)
"""Decisions before this day are the pack's precedents, later ones are cases."""

ASSESS = "assess_under_standard"
STANDARD = "standard"


def pack_of(board: Board, decided: Iterable[BoardDecision]) -> Pack:
    """The pack with those decisions as its precedents. Clauses are undated, as the paragraphs are."""
    return Pack(
        manifest=_manifest(board),
        vocabulary=_vocabulary(board),
        actions={ASSESS: _ASSESS},
        duties={},
        clauses=tuple(_clause(paragraph.id, paragraph.section, paragraph.text) for paragraph in board.paragraphs),
        precedents=precedents_of(board, decided),
    )


def precedents_of(board: Board, decided: Iterable[BoardDecision]) -> tuple[Precedent, ...]:
    return tuple(_precedent(board, decision) for decision in decided)


def case_of(decision: BoardDecision) -> Case:
    """The case as it stood before its decision: its facts, judged on the day of the decision."""
    moment = datetime.combine(decision.decided, time(), tzinfo=UTC)
    account = Party(id="account", kind="account", role="subject")
    facts = Part(id="facts", role="report", party="account", text=decision.facts)
    return Case(id=decision.id, received_at=moment, surface="post", language="en", parties=(account,), parts=(facts,))


def _manifest(board: Board) -> Manifest:
    return Manifest(
        id="oversight_board",
        title="Community Standards with decisions of the Oversight Board",
        version="1",
        released=RELEASE,
        notice="For evaluation only. The paragraphs are of a later day than the decisions that applied them.",
        areas={section: section for section in board.sections},
    )


def _vocabulary(board: Board) -> Vocabulary:
    named = sorted({name for decision in board.decisions for name in decision.standards} | set(board.sections))
    values = {name: f"Decided under '{name}'" for name in named} | {"unknown": "Not yet decided"}
    fact = Fact(title="Standard applied", definition="Under which standard the case was decided.", values=values)
    return Vocabulary(facts={STANDARD: fact})


_ASSESS = Action(
    title="Assess under a standard",
    definition="Assess the content under the named standard; the draft proposes no enforcement.",
    targets=("case",),
    tier=Tier.NONE,
    stage=Stage.CONTAIN,
    reversible=True,
    gate="one_reviewer",
)


def _clause(id: str, section: str, text: str) -> Clause:
    return Clause(id=id, title=section, area=section, sections={"rule": text})


def _precedent(board: Board, decision: BoardDecision) -> Precedent:
    scorable: Sequence[str] = board.scorable(decision)
    return Precedent(
        id=decision.id,
        title=decision.title,
        decided=decision.decided,
        authority=Authority.APPEAL,
        area=scorable[0] if scorable else "",
        surface="post",
        facts=decision.facts,
        findings=tuple(PrecedentFinding(fact=STANDARD, value=name) for name in decision.standards),
        rationale=f"The Board decided this under {' and '.join(decision.standards)}. Outcome: {decision.outcome}.",
    )
