"""Product codes name the nearest, and codes of another kind are noticed."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.embedders import HashingEmbedder
from retrieval.embedders.base import Vectors
from retrieval.engine import manifest, packed, stored
from retrieval.engine.packed import Cells
from retrieval.engine.pools import Pool
from retrieval.engine.product import ProductCodes
from retrieval.engine.segment import made
from retrieval.engine.vectors import Rows
from retrieval.errors import IndexDamaged, IndexFault
from retrieval.indexes.base import SCHEMA
from tests.retrieval.corpus import passage

DIMENSION = 32


def _crowded(count: int, groups: int, seed: int) -> Vectors:
    """Rows of length 1 that crowd around some."""
    dice = np.random.default_rng(seed)
    around = dice.standard_normal((groups, DIMENSION), dtype=np.float32)
    rows = around[dice.integers(0, groups, count)] + 0.5 * dice.standard_normal((count, DIMENSION), dtype=np.float32)
    found: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


ROWS = _crowded(12_000, 120, seed=1)
CODES = ProductCodes.of(ROWS)
ASKED = _crowded(80, 120, seed=1)


def _rows(rows: Vectors) -> Rows:
    return Rows(rows, np.arange(len(rows) + 1))


def _pool(mask: NDArray[np.bool_]) -> Pool:
    return Pool(np.flatnonzero(mask).astype(np.int32), mask)


def _share_found(vectors: Vectors, pool: Pool, k: int) -> float:
    places = CODES.candidates(vectors, k, pool, _rows(ROWS))
    assert (np.diff(places) > 0).all() and pool.mask[places].all()
    nearest = pool.places[np.argsort(-(ROWS[pool.places] @ vectors.T).max(axis=1))[:k]]
    return float(np.isin(nearest, places).mean())


def test_the_same_rows_give_the_same_codes() -> None:
    again = ProductCodes.of(ROWS.copy())
    assert (again.codes == CODES.codes).all()
    assert (again.codebook == CODES.codebook).all()


@pytest.mark.parametrize("vectors", [1, 5])
def test_the_nearest_are_among_the_candidates_though_most_cells_are_passed_over(
    monkeypatch: pytest.MonkeyPatch, vectors: int
) -> None:
    monkeypatch.setattr(packed, "_FEW", 1)
    pool = _pool(np.arange(len(ROWS)) % 3 > 0)
    found = [_share_found(ASKED[at : at + vectors], pool, 10) for at in range(0, 80, vectors)]
    assert np.mean(found) > 0.98
    for one in (pool, _pool(np.arange(len(ROWS)) < 700)):
        compared = CODES.candidates(ASKED[:vectors], 10, one, _rows(ROWS))
        assert 10 <= len(compared) <= packed._LEAST


def test_what_is_near_to_one_vector_of_many_is_among_the_candidates() -> None:
    pool = _pool(np.ones(len(ROWS), dtype=np.bool_))
    nearest = [int((ROWS @ one).argmax()) for one in ASKED[:6]]
    places = CODES.candidates(ASKED[:6], 10, pool, _rows(ROWS))
    assert set(nearest) <= set(places.tolist())


def test_as_many_are_named_as_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_FEW", 1)
    monkeypatch.setattr(packed, "_LEAST", 1)
    pool = _pool(np.ones(len(ROWS), dtype=np.bool_))
    for k in (1, 100, 4_000, 20_000):
        assert len(CODES.candidates(ASKED[:3], k, pool, _rows(ROWS))) >= min(k, len(ROWS))


def test_a_passage_of_several_rows_is_named_once() -> None:
    starts = np.arange(0, len(ROWS) + 1, 3)
    rows = Rows(ROWS, starts)
    places = CODES.candidates(ASKED[:2], 50, _pool(np.ones(len(starts) - 1, dtype=np.bool_)), rows)
    nearest = np.argsort(-(ROWS @ ASKED[:2].T).max(axis=1))[:30] // 3
    assert (np.diff(places) > 0).all()
    assert np.isin(nearest, places).all()


def test_blank_rows_harm_nothing() -> None:
    rows = ROWS[:2_000].copy()
    rows[::7] = 0.0
    codes = ProductCodes.of(rows)
    places = codes.candidates(ASKED[:1], 10, _pool(np.ones(len(rows), dtype=np.bool_)), _rows(rows))
    assert int((rows @ ASKED[0]).argmax()) in places


def test_other_vectors_are_ranked_anew() -> None:
    cells = Cells(ROWS[:50])
    near, pairs = cells.ranked(ASKED[:2])
    assert cells.ranked(ASKED[:2].copy())[0] is near
    assert pairs[0] == int(near.argmax())
    other, _ = cells.ranked(ASKED[2:4])
    assert other == pytest.approx(ROWS[:50] @ ASKED[2:4].T, abs=1e-5)


def test_codes_of_another_kind_are_noticed(tmp_path: Path) -> None:
    passages = [passage(f"C-{at}@1#rule", f"number {at}") for at in range(60)]
    rows = {one.id: [row] for one, row in zip(passages, ROWS, strict=False)}
    segment = made(passages, rows, DIMENSION)
    coded = replace(segment, coarse=ProductCodes.of(segment.rows.rows))
    stored.write(coded, tmp_path, pack="sample", embedder=HashingEmbedder(DIMENSION), schema=SCHEMA)
    told = manifest.read(tmp_path)
    assert stored.opened(tmp_path, told).coarse is not None
    np.save(tmp_path / "codes.npy", np.zeros((60, DIMENSION // 8), dtype=np.uint8))
    with pytest.raises(IndexDamaged, match="can't be read"):
        stored.opened(tmp_path, told)


def test_without_the_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(IndexFault, match="requires faiss.*pip install faiss-cpu"):
        ProductCodes.of(ROWS)
