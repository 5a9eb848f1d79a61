"""Cosines are the same however many rows are compared at a time, and by how many threads."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval import later
from retrieval.embedders.base import Vectors
from retrieval.engine import vectors
from retrieval.engine.vectors import Rows, products

DRAW = np.random.default_rng(11)


def unit(count: int, size: int = 96) -> Vectors:
    rows = DRAW.standard_normal((count, size), dtype=np.float32)
    found: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


@pytest.mark.parametrize("sizes", [[1] * 900, [1, 2, 3] * 300], ids=["one each", "several each"])
@pytest.mark.parametrize("asked", [1, 2, 15])
def test_picked_rows_are_compared_as_all_are(sizes: list[int], asked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, queries = unit(sum(sizes)), unit(asked)
    held = Rows(rows, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))
    places = np.sort(DRAW.choice(len(sizes), 700, replace=False)).astype(np.int32)
    expected = np.maximum.reduceat((rows @ queries.T).max(axis=1), held.starts[:-1])
    assert held.cosines(queries) == pytest.approx(expected, abs=1e-6)
    alone = held.cosines_of(places, queries)
    assert alone == pytest.approx(expected[places], abs=1e-6)
    monkeypatch.setattr(later, "cores", lambda: 2)
    monkeypatch.setattr(vectors, "_SHARED", 0)
    assert (held.cosines_of(places, queries) == alone).all()
    assert held.each_cosine_of(places, queries).max(axis=1) == pytest.approx(alone, abs=1e-6)


def test_a_part_is_computed_to_the_last_bit_as_it_is_in_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, queries = unit(1_000), unit(7)
    held = Rows(rows, np.arange(1_001, dtype=np.int64))
    monkeypatch.setattr(vectors, "_AT_ONCE", 1)
    assert (held.cosines_of(np.arange(1_000, dtype=np.int32), queries) == products(rows, queries).max(axis=1)).all()


@pytest.mark.parametrize("count", [0, 1, 389, 390, 391, 1_170])
def test_rows_are_compared_step_by_step(count: int) -> None:
    rows, queries = unit(count), unit(7)
    assert vectors._step(queries) == 390
    found = products(rows, queries)
    assert found.shape == (count, 7) and found == pytest.approx(rows @ queries.T, abs=1e-6)
    for start in range(0, count, 390):
        assert (found[start : start + 390] == rows[start : start + 390] @ queries.T).all()
    assert products(rows, queries[:0]).shape == (count, 0)


def test_nothing_to_compare() -> None:
    held = Rows(unit(3), np.arange(4, dtype=np.int64))
    assert held.cosines_of(np.zeros(0, dtype=np.int32), unit(2)).shape == (0,)
