"""Scores by words are the same however they are added up."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.engine import adding
from retrieval.engine.postings import gathered
from retrieval.engine.segment import made
from tests.retrieval.corpus import passage

TEXTS = [[f"w{word}" for word in row] for row in np.random.default_rng(3).integers(0, 60, (900, 12)).tolist()]
QUERIES = [{"w1": 2.0, "w2": 0.3, "w59": 1.7}, {"w2": 1.1, "absent": 4.0}, {"w30": 0.9, "w31": 0.7}]
WEIGHTS = [1.0, 0.5, 0.25]


def test_the_highest_and_the_weighted_sum_are_those_of_each_query_alone() -> None:
    postings, _ = gathered(TEXTS)
    each = [postings.scored([query])[0] for query in QUERIES]
    highest, whole = postings.scored(QUERIES, WEIGHTS)
    assert (highest == np.max(each, axis=0)).all()
    assert whole == pytest.approx(np.array(WEIGHTS) @ each, rel=1e-6)
    assert not postings.scored(QUERIES)[1].any()


@pytest.mark.parametrize("block", [7, 100, 10_000])
@pytest.mark.parametrize("many", [0, 10**9], ids=["scipy", "numpy"])
def test_every_way_of_adding_gives_the_same_sums(monkeypatch: pytest.MonkeyPatch, block: int, many: int) -> None:
    postings, _ = gathered(TEXTS)
    plainly = postings.scored(QUERIES, WEIGHTS)
    monkeypatch.setattr(adding, "MANY", many)
    monkeypatch.setattr("retrieval.engine.postings._BLOCK", block)
    assert (adding.adder(1) is adding.plain) == (many > 0)
    for one, other in zip(plainly, postings.scored(QUERIES, WEIGHTS), strict=True):
        assert (one == other).all()


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
