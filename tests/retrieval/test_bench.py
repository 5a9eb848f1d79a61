"""The speed measurements run, keep what they measured, and draw it; how fast anything is, isn't asked here."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from retrieval.embedders import HashingEmbedder
from tests.bench import plots, prose
from tests.bench.material import material
from tests.bench.ours import Engine, Whole, fits, kind, number, pack, passage, source
from tests.bench.results import Results
from tests.bench.retrieval import main, options_of, run
from tests.bench.timing import Clock, take_turns

ROOT = Path(__file__).parents[2]
QUICK = [sys.executable, "-m", "tests.bench.retrieval", "--quick"]
TIMED = {"200 short", "200 short filtered", "200 long", "200 long filtered"}


def _places(folder: Path) -> list[str]:
    places = ["--cache", folder / "cache", "--out", folder / "out.json", "--plots", folder / "plots"]
    return [str(place) for place in places]


def _quick(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*QUICK, *_places(folder)], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_quick_run_measures_all_systems_and_is_not_repeated(tmp_path: Path) -> None:
    done = _quick(tmp_path)
    assert done.returncode == 0, done.stderr
    whole = json.loads((tmp_path / "out.json").read_text())
    assert whole["cells"].keys() == TIMED | {"200 words short", "200 words long", "bulk"}
    for name in TIMED:
        assert whole["cells"][name].keys() == {"ours", "ours, engine", "stock", "stock with bm25s"}
    timed = {(name, system): told for name in TIMED for system, told in whole["cells"][name].items()}
    for system, told in timed.items():
        assert 0 < told["found"] <= told["n"], system
        assert 0 < told["without_embedding_ms"]["median"] <= told["end_to_end_ms"]["median"], system
    assert whole["cells"]["bulk"]["n"] == 40
    drawn = {file.name: file.read_bytes() for file in (tmp_path / "plots").iterdir()}
    assert drawn.keys() == {"bench-retrieval-short.svg", "bench-retrieval-long.svg"}
    kept = (tmp_path / "out.json").read_bytes()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as said:
        main(["--quick", *_places(tmp_path)])
    assert "…" not in said.getvalue()
    assert (tmp_path / "out.json").read_bytes() == kept
    assert {file.name: file.read_bytes() for file in (tmp_path / "plots").iterdir()} == drawn


def test_one_cell_can_be_asked_for_and_the_next_run_adds_another(tmp_path: Path) -> None:
    assert set(_asked("--list").split("\n")) == TIMED | {"200 words short", "200 words long", "bulk"}
    assert _asked("--list", "--only", "200 s*", "bulk").split("\n") == ["200 short", "200 short filtered", "bulk"]
    options = options_of(["--quick", "--cache", str(tmp_path), "--out", str(tmp_path / "out.json")])
    for only in ("200 words short", "200 words long"):
        options.only = [only]
        whole = run(options)
    assert whole["cells"].keys() == {"200 words short", "200 words long"}


def _asked(*arguments: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        main(["--quick", *arguments])
    return out.getvalue().strip()


def test_both_of_ours_look_through_the_same_passages(tmp_path: Path) -> None:
    found = material(400, tmp_path, HashingEmbedder(64), print, base=40)
    systems = Engine(found, tmp_path), Whole(found, tmp_path)
    for at, text in prose.queries(found.texts, 5, 8, [at for at in range(400) if fits(at)]):
        for system in systems:
            assert at in system.search(text, False)
            filtered = system.search(text, True)
            assert at in filtered
            assert all(fits(one) for one in filtered)


def test_results_are_kept_cell_by_cell_and_only_for_the_same_settings(tmp_path: Path) -> None:
    def broken() -> None:
        raise KeyboardInterrupt

    first = Results(tmp_path / "out.json", {"runs": 5}, lambda said: None)
    first.measure("one", lambda: 1)
    with pytest.raises(KeyboardInterrupt):
        first.measure("two", broken)
    assert Results(tmp_path / "out.json", {"runs": 5}, lambda said: None).cells == {"one": 1}
    assert Results(tmp_path / "out.json", {"runs": 6}, lambda said: None).cells == {}


class Counted:
    """A system that answers at once and remembers when it was asked."""

    def __init__(self, name: str, asked: list[str]) -> None:
        self.embedding = Clock()
        self._name, self._asked = name, asked

    def search(self, text: str, filtered: bool) -> list[int]:
        self._asked.append(self._name)
        return [int(text)]


def test_systems_take_turns() -> None:
    asked: list[str] = []
    systems = {name: Counted(name, asked) for name in "abc"}
    figures = take_turns(systems, [(1, "1"), (2, "7"), (3, "3")], runs=2, filtered=False)
    assert "".join(asked[6:]) == "abcbcacab" * 2
    assert {told["found"] for told in figures.values()} == {2}
    assert all(told["end_to_end_ms"]["low"] <= told["end_to_end_ms"]["median"] for told in figures.values())  # type: ignore[index]


def test_material_is_the_same_each_time_and_a_part_of_what_is_larger(tmp_path: Path) -> None:
    embedder = HashingEmbedder(64)
    small = material(60, tmp_path, embedder, print, base=40)
    large = material(100, tmp_path / "other", embedder, print, base=40)
    assert large.texts[:60] == small.texts[:]
    assert large.texts[-1] == list(large.texts)[99]
    assert (large.vectors[:60] == small.vectors).all()
    assert len(set(large.texts)) == 100
    assert np.linalg.norm(large.vectors, axis=1) == pytest.approx(1, abs=1e-5)
    cosines = (large.vectors[40:80] * large.vectors[:40]).sum(axis=1)
    assert 0.8 < cosines.min() < cosines.max() < 0.97


def test_passages_and_pack_are_the_same() -> None:
    texts = prose.passages(80)
    made = {one.id: one for one in (passage(at, text) for at, text in enumerate(texts))}
    assert made == {one.id: one for one in pack(texts).passages()}
    assert [number(id) for id in made] == [source(at) for at in range(80)]
    assert sum(kind(at) == "clause" for at in range(80)) == 40


def test_queries_are_as_long_as_they_should_be_and_come_from_their_passage() -> None:
    texts = prose.passages(30)
    for at, query in prose.queries(texts, 5, 8):
        assert len(query.split(" ")) == 8
        assert set(query.split(" ")) <= set(texts[at].split(" "))
    assert {at for at, _ in prose.queries(texts, 5, 8, among=[3])} == {3}
    for at, query in prose.queries(texts, 5, 240):
        assert len(query.split(" ")) == 240
        assert query.startswith(texts[at])


def test_plots_show_what_was_measured(tmp_path: Path) -> None:
    figure = {"median": 2.0, "low": 1.0, "high": 3.0}
    told = {"end_to_end_ms": figure, "without_embedding_ms": figure, "found": 1, "n": 2}
    cells = {
        f"{size} {length}{more}": {"ours": told}
        for size in (10, 100)
        for length in ("short", "long")
        for more in ("", " filtered")
    }
    files = plots.draw(cells, tmp_path)
    first = [file.read_bytes() for file in files]
    assert [file.read_bytes() for file in plots.draw(cells, tmp_path)] == first
    for file in files:
        words = " ".join(ElementTree.parse(file).getroot().itertext())
        assert "ours" in words
        assert "stock" not in words
        assert file.stat().st_size < 100_000
    assert "| 10 | short filtered | ours | 2 [1, 3] | 2 [1, 3] | 1/2 |" in plots.table(cells)
