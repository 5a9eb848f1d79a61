"""Retrieval keeps its promises beside the stock chain. Everything is measured anew; vectors and indexes are kept.

Takes long the first time, as a hundred thousand passages go into the stock chain's index.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench import plots
from tests.bench.retrieval import options_of, run


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    options = options_of(["--out", str(tmp_path_factory.mktemp("bench") / "out.json")])
    options.cache.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = run(options)["cells"]
    print("\n" + plots.table(found))
    return found


def _median(cells: dict[str, Any], cell: str, system: str, quantity: str = "end_to_end_ms") -> float:
    median: float = cells[cell][system][quantity]["median"]
    return median


@pytest.mark.parametrize(("size", "most"), [(100_000, 5.0), (1_000_000, 10.0)])
@pytest.mark.parametrize("more", ["", " filtered"])
def test_what_is_not_embedding_takes_milliseconds(cells: dict[str, Any], size: int, most: float, more: str) -> None:
    assert _median(cells, f"{size} short{more}", "ours, engine", "without_embedding_ms") <= most


@pytest.mark.parametrize("more", ["", " filtered"])
def test_reading_filters_and_reasons_fit_into_that_too(cells: dict[str, Any], more: str) -> None:
    assert _median(cells, f"100000 short{more}", "ours", "without_embedding_ms") <= 5.0


@pytest.mark.parametrize(("chain", "times"), [("stock", 20), ("stock with bm25s", 3)])
def test_short_queries_are_many_times_faster(cells: dict[str, Any], chain: str, times: int) -> None:
    cell = "100000 short"
    assert _median(cells, cell, "ours") * times <= _median(cells, cell, chain)


def test_bulk_indexing_is_twice_as_fast(cells: dict[str, Any]) -> None:
    assert cells["bulk"]["ratio"] >= 2


@pytest.mark.parametrize(("command", "most"), [("search", 1.0), ("review", 2.0)])
def test_a_cold_command_answers_soon(cells: dict[str, Any], command: str, most: float) -> None:
    assert cells["cold"][command]["seconds"]["median"] <= most


def test_a_million_passages_fit_into_four_gibibytes(cells: dict[str, Any]) -> None:
    assert cells["1000000 memory ours, engine"]["peak"] <= 4096
