"""All suites in one go, on fixtures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals import everything, gold
from evals.judging import Judging, WordOverlap
from evals.measuring import measure
from evals.metrics.intervals import Sampling
from evals.suites import HeldSuite
from evals.systems import ReviewerSystem
from retrieval import HashingEmbedder
from tests.evals.small_pack import GOLD, reviewer, small_pack


def test_results_and_report_are_written(
    tmp_path: Path, fixtures: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "gold" / "library_board"
    shipped.mkdir(parents=True)
    (shipped / "cases.jsonl").write_text("".join(one.model_dump_json() + "\n" for one in GOLD))
    monkeypatch.setattr(gold, "SHIPPED", tmp_path / "gold")
    told: list[str] = []
    found = everything.run_all(
        [reviewer(small_pack())],
        embedder=embedder,
        data=fixtures / "sets",
        results=tmp_path / "results",
        page=tmp_path / "report.html",
        folder=tmp_path / "runs",
        sampling=Sampling(samples=20),
        progress=lambda done, of, what: told.append(what),
    )
    names = {"gold-library-board", "openai-moderation", "edos", "xstest", "hatecheck", "injection", "procedures"}
    assert {result.suite.name for result in found.suites} == set(found.seconds) == names
    assert found.passed and "No report duty was lost" in found.to_table()
    assert json.loads(found.to_json()) | {"seconds": {}} == {"format": 1, "passed": True, "seconds": {}, "lost": {}}
    assert {file.stem for file in (tmp_path / "results").glob("*.json")} == names
    held = json.loads((tmp_path / "results" / "xstest.json").read_text())
    assert held["systems"]["copilot"]["manifest"]["data_sha256"]
    page = (tmp_path / "report.html").read_text()
    assert all(f'id="{name}"' in page for name in names) and told
    kept = {folder.parent.name for folder in (tmp_path / "runs").glob("*/*")}
    assert kept == {f"{name}-tune" for name in names}


def test_a_lost_report_is_told_after_everything_was_written(
    tmp_path: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "gold" / "library_board"
    shipped.mkdir(parents=True)
    (shipped / "cases.jsonl").write_text("".join(one.model_dump_json() + "\n" for one in GOLD))
    monkeypatch.setattr(gold, "SHIPPED", tmp_path / "gold")
    blind = reviewer(small_pack(), detectors=())
    quick = Sampling(samples=20)
    found = everything.run_all([blind], embedder=embedder, results=tmp_path, page=tmp_path / "r.html", sampling=quick)
    assert not found.passed and "FAILED: 1 report duties were lost: g-4 (tell_board)" in found.to_table()
    assert json.loads(found.to_json())["lost"] == {"gold-library-board": [{"case_id": "g-4", "duty": "tell_board"}]}
    assert (tmp_path / "gold-library-board.json").is_file() and "g-4 (tell_board)" in (tmp_path / "r.html").read_text()


def test_runs_of_another_state_stay_where_they_are(tmp_path: Path) -> None:
    suite = HeldSuite("library", small_pack(), GOLD)
    other = HeldSuite("library", small_pack(), GOLD, data_sha256="d" * 64)
    folders = {everything.run_folder(tmp_path, one, "tune") for one in (suite, other, suite)}
    assert len(folders) == 2 and everything.run_folder(None, suite, "tune") is None


def test_a_judge_adds_alces_figures(quick: Sampling) -> None:
    suite = HeldSuite("library", small_pack(), GOLD)
    result = measure(
        suite, [ReviewerSystem("copilot", reviewer(small_pack()))], sampling=quick, judging=Judging(WordOverlap())
    )
    recall = result.judged.figure("citation recall (ALCE)")
    assert recall is not None and recall.value is not None and recall.value > 0.5
