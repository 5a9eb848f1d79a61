"""The engine beside the plainest way to say the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_corpus import Passage
from retrieval import BruteForceIndex, HashingEmbedder
from retrieval.changes import changes
from retrieval.engine.layers import Layer, Layers
from retrieval.engine.postings import K1, B, gathered
from retrieval.engine.product import ProductCodes
from retrieval.engine.ranking import best, united
from retrieval.engine.segment import made
from retrieval.engine.telling import COMMON, telling
from retrieval.lexical import LexicalIndex
from retrieval.nearness import Nearness
from tests.retrieval.corpus import clause, pack, passage, precedent

WORDS = ["parcel", "refund", "late", "garden", "tree", "stamp", "form", "letter", "lost", "found", "abroad", "fee"]
EMBEDDER = HashingEmbedder(64)


def _passages(count: int, seed: int) -> list[Passage]:
    rng = np.random.default_rng(seed)
    return [passage(f"C-{at:04}@1#rule", " ".join(rng.choice(WORDS, size=7)) + f" {at % 50}") for at in range(count)]


def _layers(passages: list[Passage], coarse: bool = False) -> Layers:
    vectors = EMBEDDER.embed([f"{one.title}. {one.text}" for one in passages])
    segment = made(passages, {one.id: [row] for one, row in zip(passages, vectors, strict=True)}, 64)
    if coarse:
        segment = replace(segment, coarse=ProductCodes.of(segment.rows.rows), exact_up_to=50)
    return Layers((Layer.of(segment),))


MANY = _passages(1500, 1)
ORACLE = BruteForceIndex(EMBEDDER)
ORACLE.sync(MANY)
EXACT, COARSE = _layers(MANY), _layers(MANY, coarse=True)


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5),
    st.integers(1, 30),
    st.one_of(st.none(), st.sets(st.integers(0, 1600)), st.floats(0, 1)),
    st.integers(1, 3),
)
def test_any_filter_gives_what_brute_force_gives(
    words: list[str], k: int, chosen: set[int] | float | None, windows: int
) -> None:
    numbers = range(int(chosen * 1500)) if isinstance(chosen, float) else chosen
    allowed = None if numbers is None else frozenset(f"C-{at:04}@1#rule" for at in numbers)
    vectors = EMBEDDER.embed([" ".join(words), *words][:windows])
    expected = ORACLE.search(vectors, k, allowed)
    for layers in (EXACT, COARSE):
        found = layers.near(vectors, k, allowed)
        assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=2e-5)
    assert {id for id, _ in EXACT.near(vectors, 2000, allowed)} == {
        id for id, _ in ORACLE.search(vectors, 2000, allowed)
    }


@given(st.lists(st.floats(-1, 1, width=32), max_size=700), st.integers(1, 40), st.floats(-1, 1))
def test_the_best_are_those_of_a_whole_sort(values: list[float], k: int, above: float) -> None:
    scores = np.array(values, dtype=np.float32)
    places, found = best(scores, k, above)
    rounded = [(-round(float(score), 5), at) for at, score in enumerate(scores) if score > np.float32(above)]
    expected = sorted(rounded)[:k]
    assert list(zip((-found).tolist(), places.tolist(), strict=True)) == expected


def test_the_best_of_very_many_with_ties() -> None:
    scores = np.random.default_rng(3).integers(0, 40, 50_000).astype(np.float32) / np.float32(40)
    places, found = best(scores, 100, 0.0)
    expected = sorted(range(50_000), key=lambda at: (-scores[at], at))[:100]
    assert places.tolist() == expected
    assert found.tolist() == [round(float(scores[at]), 5) for at in expected]


def test_places_of_several_rankings_are_united() -> None:
    drawn = [np.random.default_rng(size).integers(0, 90, size).astype(np.int32) for size in (0, 1, 40, 200)]
    for parts in (drawn[:1], drawn[:2], drawn, [drawn[3], drawn[3]]):
        assert united(parts).tolist() == sorted({place for part in parts for place in part.tolist()})
    assert united(drawn).dtype == np.int32


def test_scores_are_those_of_bm25() -> None:
    texts = {one.id: telling(f"{one.title} {one.text}") for one in MANY[:200]}
    average = sum(map(len, texts.values())) / 200
    lexical = LexicalIndex.of(MANY[:200])
    query = ["late", "garden", "garden", "7"]
    spread = Counter(word for text in texts.values() for word in set(text))
    expected = {}
    for id, text in texts.items():
        score = 0.0
        for word in query:
            rarity = log(1 + (200 - spread[word] + 0.5) / (spread[word] + 0.5))
            times = text.count(word)
            score += rarity * times * (K1 + 1) / (times + K1 * (1 - B + B * len(text) / average))
        if score:
            expected[id] = score
    found = dict(lexical.search([" ".join(query)], 200))
    assert found == pytest.approx(expected, abs=1e-4)


def test_a_window_counts_only_where_it_says_more_than_the_whole() -> None:
    lexical = LexicalIndex.of(MANY[:50])
    assert lexical.search(["late garden tree", "late", "garden tree"], 9) == lexical.search(["late garden tree"], 9)
    both, late, garden = (
        dict(lexical.search(texts, 50)) for texts in (["late", "garden garden"], ["late"], ["garden"])
    )
    assert both.keys() == late.keys() | garden.keys()
    assert all(both[id] == pytest.approx(max(late.get(id, 0), 2 * garden.get(id, 0)), abs=1e-4) for id in both)


def test_the_words_of_a_text_that_passages_hold_go_by_rarity() -> None:
    lexical = LexicalIndex.of([passage("A@1#rule", "late parcels of the garden"), passage("B@1#rule", "garden")])
    assert lexical.rarest("The garden parcels, late or lost") == ["late", "parcels", "garden"]
    assert {"late", "garden", "parcels"} <= lexical.vocabulary
    assert not lexical.vocabulary & COMMON


def test_a_word_of_passages_that_are_gone_still_counts_for_those_left() -> None:
    held = [passage(f"C-{at}@1#rule", f"parcel number{at}") for at in range(9)]
    segment = made(held, {one.id: [np.ones(4, dtype=np.float32)] for one in held}, 4)
    lexical = LexicalIndex(Layers((Layer.of(segment, [one.id for one in held[2:]]),)))
    assert {id for id, _ in lexical.search(["parcel"], 5)} == {"C-0@1#rule", "C-1@1#rule"}


def test_no_words_and_no_passages() -> None:
    nothing, _ = gathered([])
    assert nothing.spread(["late"]).tolist() == [0]
    assert LexicalIndex.of([]).search(["late"], 5) == []
    assert LexicalIndex.of([passage("A@1#rule", "the", title="of")]).search(["late the"], 5) == []


def test_what_two_packs_do_not_share() -> None:
    old = pack([clause("A", "One."), clause("B", "Two.")], [precedent("P", "Facts."), precedent("Q", "Other.")])
    new = old.with_precedents((old.precedents[0], precedent("R", "New.")))
    found = changes(old, new)
    assert {one.id for one in found.put} == {"R#facts", "R#rationale"}
    assert found.drop == {"Q#facts", "Q#rationale"}
    reworded = old.with_precedents((precedent("P", "Facts, told anew."), old.precedents[1]))
    assert [one.id for one in changes(old, reworded).put] == ["P#facts"]
    assert changes(old, old.model_copy(deep=True)) == changes(old, old)


def test_nearness_takes_up_changes() -> None:
    old = pack([clause("A", "Parcels are refunded.")], [precedent("P", "A late parcel.")])
    new = old.with_precedents((precedent("R", "A ship left the harbour."),))
    index = BruteForceIndex(EMBEDDER)
    index.sync(old.passages())
    nearness = Nearness(old.passages(), index).updated(changes(old, new))
    ready = nearness.read("the ship in the harbour")
    assert ready is not None
    found = nearness.find(ready, frozenset(one.id for one in new.passages()))
    assert [one.source for one in found] == ["R", "A@1"]
    assert index.pending(new.passages()) == 0
