"""The measurement of what is found of the nearest."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from retrieval.embedders import HashingEmbedder
from tests.bench.material import material
from tests.bench.recall import Measured, measured


def test_where_all_are_compared_all_are_found(tmp_path: Path) -> None:
    found = material(400, tmp_path, HashingEmbedder(64), print, base=40)
    every = list(measured(found, tmp_path, 3, 2, 4))
    assert [one.name for one in every] == ["400 short", "400 short filtered", "400 long", "400 long filtered"]
    assert [len(one.first) for one in every] == [6, 3, 4, 2]
    assert all((one.first == 1).all() and (one.all == 1).all() and (one.took > 0).all() for one in every)
    assert every[2].vectors == 4


def test_a_line_says_how_sure_a_share_is() -> None:
    half = np.array([0.0, 1.0] * 30)
    said = str(Measured("10 short", half, np.ones(60), np.full(60, 2.0), 1.0))
    assert said.startswith("10 short: n = 60, 1.0 vectors, 2.00 ms (2.00-2.00), of 10 0.5000 [0.3")
    assert said.endswith("of 100 1.0000 [1.0000, 1.0000]")
