"""Shortlists: rare words choose, all words rank, and below the bound nothing changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.engine import shortlist
from retrieval.engine.layers import Layer, Layers
from retrieval.engine.segment import Segment, made
from retrieval.lexical import LexicalIndex
from tests.bench import shortlists
from tests.retrieval.corpus import passage

COMMON = [f"common{at}" for at in range(6)]
RNG = np.random.default_rng(7)
PASSAGES = [
    passage(
        f"{'C' if at % 2 else 'D'}-{at:04}@1#rule",
        " ".join([*RNG.choice(COMMON, 4), f"middle{RNG.integers(40)}", f"rare{at // 5}"]),
    )
    for at in range(1_000)
]
TEXTS = {one.id: one.text for one in PASSAGES}
SEGMENT = made(PASSAGES, {one.id: [np.ones(4, dtype=np.float32)] for one in PASSAGES}, 4)
LEXICAL = LexicalIndex(Layers((Layer.of(SEGMENT),)))
ASKED = LEXICAL.asked(["common0 common1 middle3 rare12", "common2 common5 rare44 rare12", "common3 common4 common5"], 3)
WEIGHTS = [1.0, 0.5, 0.25]
POOLS = [None, frozenset(one.id for one in PASSAGES[::2]), frozenset(one.id for one in PASSAGES[50:70])]


def worded(segment: Segment = SEGMENT, k: int = 5) -> list[list[tuple[str, float]]]:
    return list(segment.worded(ASKED, k, [segment.pools.of(pool) for pool in POOLS], WEIGHTS))


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Bounds that this little reaches."""
    monkeypatch.setattr(shortlist, "FULL", 100)
    monkeypatch.setattr(shortlist, "_RARE", 300)
    return monkeypatch


def test_few_postings_need_no_shortlist() -> None:
    assert shortlist.rare(SEGMENT.postings, ASKED) is None


def test_rare_words_choose_and_every_query_keeps_one(bounded: pytest.MonkeyPatch) -> None:
    kept = shortlist.rare(SEGMENT.postings, ASKED)
    assert kept is not None
    assert [set(query) for query in kept[:2]] == [{"middle3", "rare12"}, {"rare44", "rare12"}]
    assert len(kept[2]) == 1 and kept[2].items() <= ASKED[2].items()
    assert shortlist.rare(SEGMENT.postings, [{"common0": 1.0, "absent": 2.0}]) == [{"common0": 1.0}]


def test_with_room_for_all_the_rankings_are_those_of_all_postings(bounded: pytest.MonkeyPatch) -> None:
    bounded.setattr(shortlist, "_RARE", 10**9)
    bounded.setattr(shortlist, "_LEAST", 10**4)
    listed = worded()
    bounded.setattr(shortlist, "FULL", 10**9)
    for one, other in zip(listed, worded(), strict=True):
        assert [id for id, _ in one] == [id for id, _ in other]
        assert [score for _, score in one] == pytest.approx([score for _, score in other], abs=2e-5)


def test_what_is_found_has_its_whole_score_and_its_pool(bounded: pytest.MonkeyPatch) -> None:
    listed = worded()
    bounded.setattr(shortlist, "FULL", 10**9)
    for pool, one, other in zip([*POOLS, *POOLS], listed, worded(k=1_000), strict=True):
        full = dict(other)
        assert [score for _, score in one] == pytest.approx([full[id] for id, _ in one], abs=2e-5)
        assert [score for _, score in one] == sorted((score for _, score in one), reverse=True)
        assert pool is None or {id for id, _ in one} <= pool


def test_the_passages_with_the_rarest_words_come_first_all_the_same(bounded: pytest.MonkeyPatch) -> None:
    windowed, *_ = worded()
    assert {TEXTS[id].split()[-1] for id, _ in windowed} <= {"rare12", "rare44"} and len(windowed) == 5
    (single,) = LEXICAL.ranked([{**ASKED[2]}] * 20 + [{"rare44": 3.0}], 5, [None])
    assert {TEXTS[id].split()[-1] for id, _ in single} == {"rare44"} and len(single) == 5


def test_what_only_all_queries_together_point_to_is_listed_too(bounded: pytest.MonkeyPatch) -> None:
    """For each query a hundred passages are better than the one that holds something of all of them."""
    names = ["first", "second", "third", "fourth"]
    held = [passage(f"{name}-{at}@1#rule", f"{name} {name}") for name in names for at in range(100)]
    all_of_them = passage("all@1#rule", " ".join(names))
    blank = [np.ones(4, dtype=np.float32)]
    segment = made([*held, all_of_them], {one.id: blank for one in [*held, all_of_them]}, 4)
    queries, weights = [{name: 1.0} for name in names], [1.0, 0.9, 0.8, 0.7]
    assert shortlist.rare(segment.postings, queries) is not None
    _, together = segment.worded(queries, 5, [segment.pools.of(None)], weights)
    bounded.setattr(shortlist, "FULL", 10**9)
    _, of_all = segment.worded(queries, 5, [segment.pools.of(None)], weights)
    assert together[0][0] == all_of_them.id
    assert [id for id, _ in together] == [id for id, _ in of_all]
    assert [score for _, score in together] == pytest.approx([score for _, score in of_all], abs=2e-5)


def test_a_segment_without_passages_of_a_pool_finds_none(bounded: pytest.MonkeyPatch) -> None:
    none = SEGMENT.pools.of(frozenset(["unknown"]))
    assert list(SEGMENT.worded(ASKED, 5, [none], WEIGHTS)) == [[], []]
    assert list(SEGMENT.worded(ASKED, 5, [], WEIGHTS)) == []


def test_passages_that_are_gone_are_passed_over(bounded: pytest.MonkeyPatch) -> None:
    first = [id for id, _ in worded()[0]]
    layers = Layers((Layer.of(replace(SEGMENT), frozenset(first[:3])),))
    (found,) = LexicalIndex(layers).ranked(ASKED, 5, [None])
    assert [id for id, _ in found][:2] == first[3:] and len(found) == 5


@pytest.mark.parametrize("filtered", [False, True])
def test_what_a_shortlist_keeps_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, filtered: bool) -> None:
    def share(full: int) -> float:
        found = shortlists.measured(400, 400, 3, tmp_path, "hashing", filtered=filtered, full=full)
        return found["all windows, first 50"]["mean"]

    assert share(10**9) == 1.0
    monkeypatch.setattr(shortlist, "_RARE", 20)
    monkeypatch.setattr(shortlist, "_LISTED", 1)
    monkeypatch.setattr(shortlist, "_LEAST", 1)
    assert 0.0 < share(0) < 1.0
