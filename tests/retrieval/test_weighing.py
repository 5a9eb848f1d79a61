"""What is laid ready before the weights are told gives the best by them, or says that it can't."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.engine import shortlist, weighing
from retrieval.engine.pools import Pool
from retrieval.engine.ranking import best
from retrieval.engine.segment import Segment, made
from retrieval.engine.weighing import Ready, highest, weighed
from retrieval.later import Numbers
from tests.retrieval.corpus import passage

DRAW = np.random.default_rng(5)
EACH = [(DRAW.random(2_000) ** 8 * 20).astype(np.float32) for _ in range(6)]
TEXTS = [" ".join(f"w{word}" for word in row) for row in DRAW.integers(0, 60, (900, 12)).tolist()]
QUERIES = [{"w1": 2.0, "w2": 0.3, "w59": 1.7}, {"w2": 1.1, "absent": 4.0}, {"w30": 0.9, "w31": 0.7}]
WEIGHTS = [1.0, 0.5, 0.25]


def pool(places: NDArray[np.int_]) -> Pool:
    mask = np.zeros(2_000, dtype=np.bool_)
    mask[places] = True
    return Pool(places.astype(np.int32), mask)


def plain() -> NDArray[np.float32]:
    return weighed(EACH, [1.0] * len(EACH))


POOLS = [pool(np.arange(2_000)), pool(np.arange(0, 2_000, 2)), pool(np.arange(7, 2_000, 50)), pool(np.arange(0))]


@pytest.fixture(scope="module")
def segment() -> Segment:
    held = [passage(f"C-{at:04}@1#rule", text) for at, text in enumerate(TEXTS)]
    return made(held, {one.id: [np.ones(4, dtype=np.float32)] for one in held}, 4)


def test_the_highest_and_the_sum_go_query_by_query() -> None:
    assert (highest(EACH) == np.max(EACH, axis=0)).all()
    assert weighed(EACH, [0.1 * at for at in range(6)]) == pytest.approx(np.arange(6) * 0.1 @ np.array(EACH), rel=1e-5)


@pytest.mark.parametrize("ready", [30, 200, 3_000])
@pytest.mark.parametrize("weights", [[1.0] * 6, [1.0, 0.9, 0.7, 0.8, 1.0, 0.6], [0.02, 1.0, 0.0, 0.3, 0.1, 0.0]])
def test_what_is_ready_gives_the_best_or_nothing(
    monkeypatch: pytest.MonkeyPatch, ready: int, weights: Sequence[float]
) -> None:
    monkeypatch.setattr(weighing, "_READY", ready)
    for one in POOLS:
        within = weighed(EACH, weights)[one.places]
        at, scores = best(within, 20, 0.0)
        found = Ready.of(one, EACH, plain).best(20, weights)
        if found is not None:
            assert found[0].tolist() == one.places[at].tolist() and found[1].tolist() == scores.tolist()


def test_ready_for_even_weights_and_not_for_what_only_one_query_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighing, "_READY", 200)
    ready = Ready.of(POOLS[0], EACH, plain)
    assert ready.best(20, [1.0] * 6) is not None and len(ready.places) == 200
    assert ready.best(20, [0.001, 0.0, 0.0, 1.0, 0.0, 0.0]) is None
    assert ready.best(201, [1.0] * 6) is None


def test_nothing_is_ready_where_one_that_is_left_may_still_be_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ready are two with a plain sum of 10, from a query that counts .97; not ready is one with 9.9 from another."""
    monkeypatch.setattr(weighing, "_READY", 2)
    each = [np.zeros(2_000, dtype=np.float32) for _ in range(2)]
    each[0][2], each[1][:2] = 9.9, 10.0
    ready = Ready.of(POOLS[0], each, lambda: weighed(each, [1.0, 1.0]))
    assert ready.places.tolist() == [0, 1]
    assert best(weighed(each, [1.0, 0.97]), 1, 0.0)[0].tolist() == [2]
    assert ready.best(1, [1.0, 0.97]) is None


def test_a_small_pool_is_ready_as_a_whole_and_needs_no_plain_sum() -> None:
    def unwanted() -> NDArray[np.float32]:
        raise AssertionError

    assert Ready.of(POOLS[2], EACH, unwanted).places.tolist() == POOLS[2].places.tolist()


@pytest.mark.parametrize("full", [0, 10**9], ids=["shortlist", "all"])
@pytest.mark.parametrize("ready", [3, 4_096])
def test_rankings_by_one_query_come_before_any_weight_is_told(
    monkeypatch: pytest.MonkeyPatch, segment: Segment, full: int, ready: int
) -> None:
    monkeypatch.setattr(shortlist, "FULL", full)
    monkeypatch.setattr(weighing, "_READY", ready)
    pools = [segment.pools.of(None), segment.pools.of(frozenset(segment.ids[::3]))]
    weights = Numbers(len(QUERIES))
    found = segment.worded(QUERIES, 7, pools, weights)
    first = [next(found), next(found)]
    with ThreadPoolExecutor(1) as other, weights:
        rest = other.submit(lambda: list(found))
        weights.tell(WEIGHTS)
        assert [*first, *rest.result(30)] == list(segment.worded(QUERIES, 7, pools, WEIGHTS))


def test_kept_apart_or_not_the_rankings_are_the_same(monkeypatch: pytest.MonkeyPatch, segment: Segment) -> None:
    pools = [segment.pools.of(None), segment.pools.of(frozenset(segment.ids[::3]))]
    apart = list(segment.worded(QUERIES, 50, pools, WEIGHTS))
    monkeypatch.setattr(weighing, "_READY", 60)
    assert list(segment.worded(QUERIES, 50, pools, WEIGHTS)) == apart
    monkeypatch.setattr("retrieval.engine.postings._APART", 0)
    assert list(segment.worded(QUERIES, 50, pools, WEIGHTS)) == apart
