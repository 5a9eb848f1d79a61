"""Reading ahead changes when texts are embedded, never what comes of them, and keeps the order of the cases."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import numpy as np
import pytest

from copilot.ahead import BLOCK, RECENT, Ahead, in_turn, told_by
from copilot.cases import Case
from copilot.detectors.learned import MOST_SENTENCES, LearnedDetector, learn
from copilot.detectors.lexical import LexicalDetector
from copilot.drafters.precedents import PrecedentDrafter
from copilot.review import Reviewer
from policy_corpus import Pack
from retrieval import BruteForceIndex, Embedder, HashingEmbedder, Retriever
from retrieval.embedders.base import Vectors
from tests.copilot.stand_ins import case

TEXTS = [f"Somebody sells watch number {at}. It is burning right now!" for at in range(2 * BLOCK + 3)]


@dataclass
class Counting:
    """Hashed words; remembers what it was asked."""

    inner: Embedder = field(default_factory=HashingEmbedder)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    fails: bool = False

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    @property
    def dimension(self) -> int:
        return self.inner.dimension

    @property
    def window(self) -> int:
        return self.inner.window

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self.fails:
            raise RuntimeError("no model")
        self.asked.append(tuple(texts))
        return self.inner.embed(texts)


def cases() -> list[Case]:
    return [case(text).model_copy(update={"id": str(at)}) for at, text in enumerate(TEXTS)]


def line(pack: Pack, embedder: Embedder) -> Reviewer:
    retriever = Retriever(pack, BruteForceIndex(embedder))
    retriever.sync()
    detectors = (LexicalDetector.of(pack), LearnedDetector(learn(pack, embedder), embedder))
    return Reviewer(pack, retriever, detectors, (PrecedentDrafter(pack),))


def reviewed(reviewer: Reviewer, held: Sequence[Case]) -> list[str]:
    async def go() -> list[str]:
        ready = in_turn(held, reviewer.retriever.index.embedder)
        reviews = [await reviewer.review(one) async for one in ready]
        return [one.model_dump_json(exclude={"provenance": {"seconds", "started_at"}}) for one in reviews]

    return asyncio.run(go())


def test_reviews_are_the_same_in_the_same_order(small: Pack) -> None:
    assert reviewed(line(small, Ahead(Counting())), cases()) == reviewed(line(small, Counting()), cases())


def test_nothing_is_left_to_embed_when_a_case_is_reviewed(child_safety: Pack) -> None:
    # What is embedded ahead is worked out twice, here and where it is used: this notices when they part.
    counting = Counting()
    less = {"examples": child_safety.examples[::10], "training_cases": ()}
    few = child_safety.with_precedents(child_safety.precedents[::4]).model_copy(update=less)
    reviewer = line(few, Ahead(counting))
    assert any(one.learned.model for one in reviewer.detectors if isinstance(one, LearnedDetector))
    counting.asked.clear()
    reviewed(reviewer, cases())
    assert len(counting.asked) == 3  # one call a block


def test_a_text_is_embedded_once_and_forgotten_after_its_turn(small: Pack) -> None:
    counting = Counting()
    ahead = Ahead(counting)
    ahead.hold(ahead.vectors(["one", "two", "one"]))
    assert np.array_equal(ahead.embed(["two", "three", "one"]), HashingEmbedder().embed(["two", "three", "one"]))
    assert counting.asked == [("one", "two"), ("three",)]
    ahead.hold({})
    ahead.embed(["one", "three"])
    assert counting.asked[-1] == ("one",)  # what it was given is gone, what it was asked is remembered for a while
    ahead.embed([f"word {at}" for at in range(RECENT)])
    ahead.embed(["three"])
    assert counting.asked[-1] == ("three",)
    assert ahead.embed([]).shape == (0, counting.dimension)


def test_texts_of_a_case_are_its_sentences_and_its_windows() -> None:
    told = list(told_by(case("One here. Two there."), Ahead(Counting())))
    assert told == ["One here.", "Two there.", "One here. Two there."]
    long = case(" ".join(f"Sentence number {at} stands here." for at in range(MOST_SENTENCES + 1)))
    assert not any(text == "Sentence number 1 stands here." for text in told_by(long, Ahead(Counting())))


@dataclass
class Fast(Counting):
    """Has a way of its own for queries."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return -self.inner.embed(texts)


def test_a_query_that_comes_alone_goes_the_fast_way() -> None:
    ahead, plain = Ahead(Fast()), HashingEmbedder()
    assert np.array_equal(ahead.embed_queries(["one"]), -plain.embed(["one"]))
    assert np.array_equal(ahead.embed_queries(["one", "two"]), plain.embed(["one", "two"]))
    assert np.array_equal(Ahead(Counting()).embed_queries(["one"]), plain.embed(["one"]))
    assert list(told_by(case("One here. Two there."), ahead)) == ["One here.", "Two there."]


def test_stopping_early_leaves_nothing_held(small: Pack) -> None:
    ahead = Ahead(counting := Counting())

    async def first() -> str:
        async with aclosing(in_turn(cases(), ahead)) as ready:
            async for one in ready:
                return one.id
        return ""

    assert asyncio.run(first()) == "0"
    asked = len(counting.asked)
    ahead.embed([TEXTS[0]])
    assert len(counting.asked) == asked + 1


def test_a_model_that_fails_is_no_silent_end(small: Pack) -> None:
    async def go() -> None:
        async for _ in in_turn(cases(), Ahead(Counting(fails=True))):
            pass

    with pytest.raises(RuntimeError, match="no model"):
        asyncio.run(go())
