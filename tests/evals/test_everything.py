"""All suites in one go, on fixtures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals import everything, gold
from evals.measuring import measure
from evals.metrics.citations import WordOverlap
from evals.metrics.intervals import Sampling
from evals.suites import HeldSuite
from evals.systems import ReviewerSystem
from tests.evals.small_pack import GOLD, reviewer, small_pack


def test_results_and_report_are_written(tmp_path: Path, fixtures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = tmp_path / "gold" / "library_board"
    shipped.mkdir(parents=True)
    (shipped / "cases.jsonl").write_text("".join(one.model_dump_json() + "\n" for one in GOLD))
    monkeypatch.setattr(gold, "SHIPPED", tmp_path / "gold")
    told: list[str] = []
    found = everything.run_all(
        reviewer(small_pack()),
        data=fixtures / "sets",
        results=tmp_path / "results",
        page=tmp_path / "report.html",
        sampling=Sampling(samples=20),
        progress=lambda done, of, what: told.append(what),
    )
    names = {"gold-library-board", "openai-moderation", "edos", "xstest", "hatecheck", "injection", "procedures"}
    assert {result.suite.name for result in found} == names
    assert {file.stem for file in (tmp_path / "results").glob("*.json")} == names
    held = json.loads((tmp_path / "results" / "xstest.json").read_text())
    assert held["systems"]["copilot"]["manifest"]["data_sha256"]
    page = (tmp_path / "report.html").read_text()
    assert all(name in page for name in names) and told


def test_a_judge_adds_alces_figures(quick: Sampling) -> None:
    suite = HeldSuite("library", small_pack(), GOLD)
    result = measure(suite, [ReviewerSystem("copilot", reviewer(small_pack()))], sampling=quick, judge=WordOverlap())
    recall = result.judged.figure("citation recall (ALCE)")
    assert recall is not None and recall.value is not None and recall.value > 0.5
