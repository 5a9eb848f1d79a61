"""The measurement of what is found of the nearest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evals.figures import fill, lookup
from retrieval.embedders import HashingEmbedder
from tests.bench.material import material
from tests.bench.recall import Measured, _share, kinds, main


def test_where_all_are_compared_all_are_found(tmp_path: Path) -> None:
    found = material(400, tmp_path, HashingEmbedder(64), print, base=40)
    asked = dict(kinds(found, tmp_path, 3, 2, 4))
    assert [*asked] == ["400 short", "400 short filtered", "400 long", "400 long filtered"]
    every = [ask() for ask in asked.values()]
    assert [len(one.first) for one in every] == [6, 3, 4, 2]
    assert all((one.first == 1).all() and (one.all == 1).all() and (one.took > 0).all() for one in every)
    assert every[2].vectors == 4


def test_of_nothing_everything_is_found() -> None:
    assert _share([], []) == 1.0
    assert _share(["a", "b"], ["a", "c"]) == 0.5


def test_figures_are_kept_as_texts_quote_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "bench-recall.json"
    for size in ("200", "220"):
        command = ["--size", size, "--base", "40", "--queries", "2", "--long-queries", "1", "--embedder", "hashing"]
        monkeypatch.setattr("sys.argv", ["recall", *command, "--cache", str(tmp_path), "--out", str(out)])
        main()
    figure = lookup(out, "200 short filtered", "of the 10 nearest, %")
    assert figure == {"name": "of the 10 nearest, %", "value": 100.0, "low": 100.0, "high": 100.0, "n": 2}
    assert lookup(out, "220 long", "of the 100 nearest, %")["n"] == 2
    text = tmp_path / "text.md"
    text.write_text('<!-- figure bench-recall.json "220 short" "of the 10 nearest, %" --><!-- /figure -->')
    fill(text, tmp_path)
    assert ">100.00 [100.00, 100.00] (n = 4)<" in text.read_text()


def test_a_line_says_how_sure_a_share_is() -> None:
    half = np.array([0.0, 1.0] * 30)
    said = str(Measured("10 short", half, np.ones(60), np.full(60, 2.0), 1.0))
    assert said.startswith("10 short: n = 60, 1.0 vectors, 2.00 ms (2.00-2.00), of 10 0.5000 [0.3")
    assert said.endswith("of 100 1.0000 [1.0000, 1.0000]")
