"""The evaluation: the copilot and the baselines on the same cases, each case knowing only what came before it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from copilot.drafters.precedents import PrecedentDrafter
from copilot.review import Reviewer
from copilot.reviews import Review
from evals.base import Progress, silent
from evals.datasets.oversight_board.docket import Day, Docket, Policy
from evals.datasets.oversight_board.drafting import DocketRetriever, StandardDrafter
from evals.datasets.oversight_board.packing import RELEASE, case_of, pack_of, precedents_of
from evals.datasets.oversight_board.reading import Board, BoardDecision, read
from evals.datasets.oversight_board.result import BoardResult, Prediction, Setting, summarise
from evals.embedding import RememberingEmbedder
from evals.hashing import digest_of_files
from evals.metrics.intervals import Sampling
from evals.rankings import order
from policy_corpus import Pack
from retrieval import BruteForceIndex, Embedder, Retriever

COPILOT = "copilot"
STOCK = "stock search"
BM25 = "bm25"
SO_FAR = "most frequent so far"


def evaluate(
    path: Path,
    *,
    embedder: Embedder,
    progress: Progress = silent,
    sampling: Sampling | None = None,
    limit: int | None = None,
    command: str = "",
) -> BoardResult:
    """Runs everything on the decisions from 2023-01-01 on; blocks until done, so call it outside any event loop.

    Args:
        path: the folder that holds `oversight-board` and `community-standards`.
        limit: only the first so many cases, for a quick look.

    Raises:
        DataError: the files are missing or malformed.
    """
    board = read(path)
    files = digest_of_files([path / "oversight-board", path / "community-standards"])
    progress(0, 1, "embedding the policy and the decisions")
    bench = _Bench(board, embedder)
    later = [decision for decision in board.decisions if decision.decided >= RELEASE][:limit]
    predictions = asyncio.run(_predict(bench, later, progress))
    setting = Setting(
        command=command,
        data_sha256=files,
        embedder=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        pack_fingerprint=bench.pack.fingerprint,
        cases=len(later),
        earlier=len(board.before(RELEASE)),
        paragraphs=len(board.paragraphs),
    )
    return summarise(board, later, predictions, bench.day, setting, sampling or Sampling())


async def _predict(bench: _Bench, later: Sequence[BoardDecision], progress: Progress) -> list[dict[str, Prediction]]:
    found: list[dict[str, Prediction]] = []
    for number, decision in enumerate(later):
        progress(number, len(later), decision.id)
        found.append(await bench.predict(decision))
    progress(len(later), len(later), "done")
    return found


@dataclass
class _Desk:
    """The two reviewers of one day."""

    copilot: Reviewer
    stock: Reviewer


class _Bench:
    """What the methods share; packs of a day differ in their precedents only."""

    def __init__(self, board: Board, embedder: Embedder) -> None:
        remembering = RememberingEmbedder(embedder)
        self._board = board
        self._embedder = embedder
        self.policy = Policy(board, remembering)
        self._docket = Docket(board, self.policy, remembering)
        self.pack = pack_of(board, board.before(RELEASE))
        self._index = BruteForceIndex(remembering)
        self._desks: dict[date, _Desk] = {}

    def day(self, day: date) -> Day:
        return self._docket.day(day)

    async def predict(self, decision: BoardDecision) -> dict[str, Prediction]:
        """Every method's answer to one case."""
        day = self.day(decision.decided)
        desk = self._desk(decision.decided)
        case = case_of(decision)
        reviews = {COPILOT: await desk.copilot.review(case), STOCK: await desk.stock.review(case)}
        found = {name: _from_review(review, self.pack) for name, review in reviews.items()}
        return {**found, BM25: self._bm25(decision, day), SO_FAR: self._so_far(day)}

    def _desk(self, on: date) -> _Desk:
        """The reviewers of a day; only the latest day is kept, as its index is the one in step."""
        if on not in self._desks:
            pack = self.pack.with_precedents(precedents_of(self._board, self._board.before(on)))
            stock = Retriever(pack, self._index)
            stock.sync()
            ranking = DocketRetriever(pack, BruteForceIndex(self._embedder), self.policy, self.day(on))
            self._desks = {
                on: _Desk(
                    copilot=Reviewer(pack, ranking, (), (StandardDrafter(pack),)),
                    stock=Reviewer(pack, stock, (), (PrecedentDrafter(pack),)),
                )
            }
        return self._desks[on]

    def _bm25(self, decision: BoardDecision, day: Day) -> Prediction:
        """Standards by their best paragraph, earlier decisions by their facts."""
        sections = [paragraph.section for paragraph in self._board.paragraphs]
        standards = dict.fromkeys(order(sections, self.policy.by_paragraph.scores(decision.facts)))
        decisions = order([one.id for one in day.decisions], day.words(decision.facts))
        return Prediction(standards=tuple(standards), decisions=decisions)

    def _so_far(self, day: Day) -> Prediction:
        """The standards applied most and the decisions cited most up to that day; ties: the older first."""
        standards = np.array([day.applied[section] for section in self._board.sections])
        decisions = np.array([float(day.cited[one.id]) for one in day.decisions])
        ids = [one.id for one in day.decisions]
        return Prediction(standards=order(self._board.sections, standards), decisions=order(ids, decisions))


def _from_review(review: Review, pack: Pack) -> Prediction:
    """Standards in the order of the draft's clauses, then of the hits; decisions in the order of the hits."""
    drafts = [checked.draft for checked in review.drafts if not checked.draft.abstained]
    refs = [ref for draft in drafts for ref in draft.clauses]
    sources = [hit.passage.source for hit in review.hits]
    standards = dict.fromkeys(_areas([*refs, *sources], pack))
    decisions = dict.fromkeys(hit.passage.source for hit in review.hits if hit.passage.kind == "precedent")
    verdicts = Counter(str(one.verdict) for checked in review.drafts for one in checked.gate.citations)
    return Prediction(
        standards=tuple(standards),
        decisions=tuple(decisions),
        seconds=review.provenance.seconds,
        verdicts=dict(verdicts),
        uncited=sum(len(checked.gate.uncited) for checked in review.drafts),
        abstained=not drafts,
    )


def _areas(sources: Sequence[str], pack: Pack) -> Iterator[str]:
    for source in sources:
        clause = pack.clause(source)
        if clause is not None:
            yield clause.area
