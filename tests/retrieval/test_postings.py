"""Scores by words are the same however they are added up."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.engine import adding, weighing
from retrieval.engine.contents import Contents
from retrieval.engine.postings import Postings, gathered, hashed
from retrieval.engine.segment import made
from tests.retrieval.corpus import passage

TEXTS = [[f"w{word}" for word in row] for row in np.random.default_rng(3).integers(0, 60, (900, 12)).tolist()]
QUERIES = [{"w1": 2.0, "w2": 0.3, "w59": 1.7}, {"w2": 1.1, "absent": 4.0}, {"w30": 0.9, "w31": 0.7}]
WEIGHTS = [1.0, 0.5, 0.25]


def test_the_highest_and_the_weighted_sum_are_those_of_each_query_alone() -> None:
    postings, _ = gathered(TEXTS)
    each = [next(postings.scored([query])) for query in QUERIES]
    highest, whole = postings.scored(QUERIES, WEIGHTS)
    assert (highest == np.max(each, axis=0)).all()
    assert whole == pytest.approx(np.array(WEIGHTS) @ each, rel=1e-6)
    assert len(list(postings.scored(QUERIES))) == 1


@pytest.mark.parametrize("block", [7, 100, 10_000])
@pytest.mark.parametrize("many", [0, 10**9], ids=["scipy", "numpy"])
def test_every_way_of_adding_gives_the_same_sums(monkeypatch: pytest.MonkeyPatch, block: int, many: int) -> None:
    postings, _ = gathered(TEXTS)
    plainly = _plainly(postings)
    monkeypatch.setattr(adding, "MANY", many)
    monkeypatch.setattr(adding, "_is_loaded", lambda: False)
    monkeypatch.setattr("retrieval.engine.postings._BLOCK", block)
    assert (adding.adder(1) is adding.plain) == (many > 0)
    for one, other in zip(plainly, postings.scored(QUERIES, WEIGHTS), strict=True):
        assert (one == other).all()
    each = postings.apart(QUERIES)
    assert each is not None and (weighing.highest(each) == plainly[0]).all()
    assert (weighing.weighed(each, WEIGHTS) == plainly[1]).all()


def test_very_many_scores_are_not_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    postings, _ = gathered(TEXTS)
    monkeypatch.setattr("retrieval.engine.postings._APART", len(QUERIES) * len(TEXTS))
    assert postings.apart(QUERIES) and postings.apart([*QUERIES, {"w3": 1.0}]) is None and postings.apart([]) is None


def _plainly(postings: Postings) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The highest and the weighted sum, word by word in the order of their postings."""
    numbers = {word: at for at, word in enumerate(sorted({word for row in TEXTS for word in row}, key=hashed))}
    scores = np.zeros((len(QUERIES), postings.count), dtype=np.float32)
    for row, query in zip(scores, QUERIES, strict=True):
        for word in sorted(query.keys() & numbers, key=numbers.__getitem__, reverse=True):
            these = slice(*postings.starts[numbers[word] : numbers[word] + 2])
            row[postings.places[these]] += np.float32(query[word]) * postings.weights[these]
    whole = np.zeros(postings.count, dtype=np.float32)
    for row, weight in zip(scores, WEIGHTS, strict=True):
        whole += np.float32(weight) * row
    return scores.max(axis=0), whole


def test_words_of_most_passages_are_summed_as_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    postings, _ = gathered([[*row, "all", "most"][: 13 + at % 3] for at, row in enumerate(TEXTS)])
    queries = [{**query, "all": 0.01, "most": 0.3 * at} for at, query in enumerate(QUERIES, 1)]
    at_once = postings.scored(queries, WEIGHTS)
    monkeypatch.setattr("retrieval.engine.postings._SOME", 10**9)
    for one, other in zip(at_once, postings.scored(queries, WEIGHTS), strict=True):
        assert one == pytest.approx(other, rel=1e-6) and other.all()


def test_what_is_loaded_already_is_used_for_few_postings_too() -> None:
    assert adding.adder(adding.MANY) is not adding.plain
    assert adding.adder(1) is adding.adder(adding.MANY)


def test_turned_round_every_passage_has_its_own_words() -> None:
    postings, names = gathered([*TEXTS, []])
    held = Contents.of(postings).passages
    assert held.shape == (len(TEXTS) + 1, len(names)) and held.indices.dtype == held.indptr.dtype == np.int32
    for place in (0, 17, len(TEXTS)):
        assert {names[word] for word in held[[place]].indices.tolist()} == set([*TEXTS, []][place])


def test_chosen_passages_score_as_they_do_among_all() -> None:
    postings, _ = gathered([*TEXTS, []])
    places = np.array([3, 4, 250, len(TEXTS)], dtype=np.int32)
    expected = np.array([next(postings.scored([query]))[places] for query in QUERIES]).T
    found = Contents.of(postings).scores(places, QUERIES)
    assert found == pytest.approx(expected, abs=1e-5) and expected[:3].any()
    assert not Contents.of(postings).scores(places, [{"absent": 1.0}, {}]).any()
    assert Contents.of(postings).scores(places[:0], QUERIES).shape == (0, 3)


@pytest.mark.parametrize("k", [1, 5, 40, 2000])
def test_every_pool_gets_its_best(k: int) -> None:
    """Whether the pool is small, large, or large and without what scores high."""
    held = [passage(f"C-{at:04}@1#rule", " ".join(row)) for at, row in enumerate(TEXTS)]
    segment = made(held, {one.id: [np.ones(4, dtype=np.float32)] for one in held}, 4)
    (ranked,) = segment.worded(QUERIES, len(held), [segment.pools.of(None)])
    low = {id for id, _ in ranked[len(ranked) // 2 :]} | {one.id for one in held[::2]} - {id for id, _ in ranked[:90]}
    pools = [segment.pools.of(frozenset(some)) for some in (low, [one.id for one in held[::9]], [], ["unknown"])]
    for pool, found in zip(pools, segment.worded(QUERIES, k, pools), strict=True):
        within = {segment.ids[place] for place in pool.places.tolist()}
        assert found == [pair for pair in ranked if pair[0] in within][:k]
    assert pools[0].share > 0.25 > pools[1].share > 0
