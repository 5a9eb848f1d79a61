"""A command in a fresh process answers before its user looks away: a search within 1 s, a review within 2 s."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest

from tests.ui.cold import Ran, run

RUNS = 5
SEARCH = "account of an adult asks a child to move to a private chat"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose index, pack copy and detector exist; says what making them took."""
    folder = tmp_path_factory.mktemp("cold") / "home"
    started = time.perf_counter()
    assert run(folder, "search", SEARCH).code == 0
    indexed = time.perf_counter()
    assert _review(folder).code == 0
    print(f"\nfirst search {indexed - started:.1f} s, first review after it {time.perf_counter() - indexed:.1f} s")
    return folder


def test_a_cold_search(home: Path) -> None:
    assert _median("cold search", lambda: run(home, "search", SEARCH)) < 1.0


def test_a_cold_review(home: Path) -> None:
    assert _median("cold review of one case", lambda: _review(home)) < 2.0


def _review(home: Path) -> Ran:
    file = home.parent / "case.jsonl"
    file.write_text(json.dumps({"id": "a", "text": f"An {SEARCH}. The child says she is 14 and reports it."}) + "\n")
    return run(home, "review", str(file), "--fresh")


def _median(what: str, command: Callable[[], Ran]) -> float:
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        ran = command()
        seconds.append(time.perf_counter() - started)
        assert (ran.code, ran.heavy) == (0, frozenset())
    print(f"\n{what}: median {median(seconds):.2f} s of {RUNS} ({min(seconds):.2f}–{max(seconds):.2f})")
    return median(seconds)
