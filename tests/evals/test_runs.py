"""Runs: kept whole, continued, compared, exported."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from evals import exports, figures, history, report
from evals.compare import compare
from evals.errors import FiguresError, RunError
from evals.gold import GoldCase
from evals.measuring import SuiteResult, measure
from evals.metrics.figure import Figure
from evals.metrics.intervals import Sampling
from evals.regressions import surely_worse
from evals.runs import ANSWERS, Run, execute, load
from evals.suites import HeldSuite
from evals.systems import Outcome, ReviewerSystem
from tests.evals.small_pack import GOLD, reviewer, small_pack

SUITE = HeldSuite("library", small_pack(), GOLD, data_sha256="d" * 64)
TUNE = SUITE.cases("tune")


class Counting(ReviewerSystem):
    """A system that counts how often it was asked."""

    asked = 0

    async def answer(self, gold: GoldCase) -> Outcome:
        self.asked += 1
        return await super().answer(gold)


def _run(folder: Path | None, system: ReviewerSystem, *, seed: int = 0, cache: Path | None = None) -> Run:
    return asyncio.run(execute(SUITE, "tune", TUNE, system, folder=folder, cache=cache, seed=seed, parallel=3))


@pytest.fixture
def good() -> Counting:
    return Counting("copilot", reviewer(small_pack()))


@pytest.fixture
def blind() -> Counting:
    return Counting("blind", reviewer(small_pack(), detectors=()))


def test_a_run_is_kept_whole_and_comes_back(tmp_path: Path, good: Counting) -> None:
    run = _run(tmp_path / "run", good)
    again = load(tmp_path / "run")
    assert {one.case_id: one for one in again.records} == {one.case_id: one for one in run.records}
    assert again.manifest == run.manifest
    assert again.manifest.pack_fingerprint == small_pack().fingerprint and again.manifest.code_version
    assert all(record.review is not None and record.scores for record in again.records)


def test_a_run_that_was_cut_off_is_continued(tmp_path: Path, good: Counting) -> None:
    _run(tmp_path / "run", good)
    file = tmp_path / "run" / ANSWERS
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:3]) + lines[3][:40])
    good.asked = 0
    run = _run(tmp_path / "run", good)
    assert good.asked == 3 and len(run.records) == 6
    assert len(load(tmp_path / "run").records) == 6
    good.asked = 0
    _run(tmp_path / "run", good)
    assert good.asked == 0


def test_a_damaged_line_is_named(tmp_path: Path, good: Counting) -> None:
    _run(tmp_path / "run", good)
    file = tmp_path / "run" / ANSWERS
    file.write_text("{}\n" + file.read_text())
    with pytest.raises(RunError, match=r"answers.jsonl:1: not a line of a run"):
        load(tmp_path / "run")


def test_a_folder_never_mixes_two_runs(tmp_path: Path, good: Counting, blind: Counting) -> None:
    _run(tmp_path / "run", good)
    with pytest.raises(RunError, match="'run' holds another run: fingerprint, system differ"):
        _run(tmp_path / "run", blind)
    with pytest.raises(RunError, match="seed differ"):
        _run(tmp_path / "run", good, seed=1)
    with pytest.raises(RunError, match="there is no run in 'nothing'"):
        load(tmp_path / "nothing")


def test_answers_are_cached_by_content(tmp_path: Path, good: Counting, blind: Counting) -> None:
    first = _run(tmp_path / "a", good, cache=tmp_path / "cache")
    good.asked = 0
    second = _run(tmp_path / "b", good, cache=tmp_path / "cache")
    assert good.asked == 0 and first.records == second.records
    _run(tmp_path / "c", blind, cache=tmp_path / "cache")
    assert blind.asked == 6


def test_losing_a_report_is_worse_whatever_else(good: Counting, blind: Counting, quick: Sampling) -> None:
    found = compare(_run(None, good), _run(None, blind), sampling=quick)
    assert found.verdict == "worse" and "loses reports" in found.why
    assert "WORSE" in found.to_table()
    assert json.loads(found.to_json())["verdict"] == "worse"
    page = found.to_html()
    assert "What flipped" in page and "http://" not in page


def test_equal_runs_give_no_evidence(good: Counting, quick: Sampling) -> None:
    run = _run(None, good)
    found = compare(run, run, sampling=quick)
    assert found.verdict == "no evidence" and not found.flips
    assert {one.p for one in found.scores} == {1.0}


def test_a_sure_difference_is_said_and_flips_are_listed(good: Counting, quick: Sampling) -> None:
    run = _run(None, good)
    worse = [
        record.model_copy(update={"scores": {**record.scores, "plan tier accuracy": 0.0}}) for record in run.records
    ]
    better = [
        record.model_copy(update={"scores": {**record.scores, "plan tier accuracy": 1.0}}) for record in run.records
    ]
    found = compare(Run(run.manifest, tuple(worse)), Run(run.manifest, tuple(better)), sampling=quick)
    assert found.verdict == "better" and len(found.flips) == 6
    assert all(flip.right == "b" for flip in found.flips)
    assert [one.difference.slice for one in found.slices] == ["area: board", "difficulty: medium"]


def test_runs_on_other_data_are_not_compared(good: Counting) -> None:
    run = _run(None, good)
    other = Run(run.manifest.model_copy(update={"data_sha256": "e" * 64}), run.records)
    with pytest.raises(RunError, match="the runs differ in data_sha256"):
        compare(run, other)


@pytest.fixture(scope="module")
def result(quick: Sampling) -> SuiteResult:
    system = ReviewerSystem("copilot", reviewer(small_pack()))
    return measure(SUITE, [system, ReviewerSystem("blind", reviewer(small_pack(), detectors=()))], sampling=quick)


def test_csv_has_a_row_for_each_figure(result: SuiteResult) -> None:
    rows = list(csv.DictReader(io.StringIO(exports.to_csv(result))))
    assert len(rows) == sum(len(system.figures) + len(system.slices) for system in result.systems)
    assert {row["system"] for row in rows} == {"copilot", "blind"}


def test_trec_files_are_read_by_ir_measures(result: SuiteResult) -> None:
    import ir_measures

    run = list(ir_measures.read_trec_run(exports.to_trec_run(result.judged)))  # type: ignore[no-untyped-call]
    qrels = list(ir_measures.read_trec_qrels(exports.to_trec_qrels(result)))  # type: ignore[no-untyped-call]
    assert {doc.query_id for doc in run} == {gold.id for gold in result.cases}
    found = ir_measures.calc_aggregate([ir_measures.R @ 10], qrels, run)
    assert found[ir_measures.R @ 10] == 1.0


@pytest.mark.parametrize("with_text", [False, True])
def test_the_inspect_log_follows_its_schema(result: SuiteResult, fixtures: Path, with_text: bool) -> None:
    log = json.loads(exports.to_inspect(result, result.judged, with_text=with_text))
    jsonschema.validate(log, json.loads((fixtures / "inspect_log.schema.json").read_text()))
    assert len(log["samples"]) == 6
    assert ("umbrella" in json.dumps(log)) is with_text


def test_markers_in_code_are_left_alone_and_slips_are_named(result: SuiteResult, tmp_path: Path) -> None:
    (tmp_path / "library.json").write_text(result.to_json())
    text = tmp_path / "text.md"
    text.write_text("```\n" + MARKED + "```\n`" + MARKED.strip() + "`\n")
    assert figures.check(text, tmp_path) == () and figures.fill(text, tmp_path) == 0
    text.write_text('One\n\n<!-- figure library.json copilot "coverage" share -->x<!-- /figure -->\n')
    with pytest.raises(FiguresError, match=r"text.md:3: can't read the marker"):
        figures.check(text, tmp_path)


@pytest.mark.parametrize(
    ("form", "pattern"), [(" value", r"\d\.\d\d"), (" interval", r"\[\d\.\d\d, \d\.\d\d\]"), (" n", r"\d+")]
)
def test_a_part_of_a_figure(result: SuiteResult, tmp_path: Path, form: str, pattern: str) -> None:
    (tmp_path / "library.json").write_text(result.to_json())
    text = tmp_path / "text.md"
    text.write_text(f'<!-- figure library.json copilot "coverage"{form} -->?<!-- /figure -->')
    figures.fill(text, tmp_path)
    assert re.search(rf" -->{pattern}<!-- /figure -->$", text.read_text())


def test_a_result_that_changed_is_read_anew(tmp_path: Path) -> None:
    text = tmp_path / "text.md"
    text.write_text('<!-- figure bench.json "bulk: ours" "rate" value -->?<!-- /figure -->')
    for rate in (2.5, 3.5):
        told = {"rate": {"median": rate, "low": rate, "high": rate}, "runs": 5}
        (tmp_path / "bench.json").write_text(json.dumps({"format": 1, "cells": {"bulk": {"ours": told}}}))
        assert (figures.fill(text, tmp_path), figures.check(text, tmp_path)) == (1, ())
        assert f">{rate:.2f}<" in text.read_text()


def test_the_texts_say_what_the_committed_results_say() -> None:
    root = Path(__file__).parents[2]
    for text in (root / "README.md", root / "docs" / "evaluation.md"):
        assert [str(one) for one in figures.check(text)] == [], "run make figures"


def test_the_report_reads_from_the_top(result: SuiteResult, tmp_path: Path) -> None:
    earlier = tuple(history.points(json.loads(result.to_json())))
    file = report.write([result], tmp_path / "out" / "report.html", history=earlier)
    page = file.read_text()
    order = [
        "No report duty was lost",
        "Beside references",
        "The gate: planted faults",
        "Plots",
        "Costliest cases",
        "System card",
        "Method and limits",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert page.count("<svg ") >= 4 and "over runs" in page
    assert "<script" not in page and "http://" not in page and "https://" not in page and "src=" not in page
    assert report.page([result]) == report.page([result])


def test_over_record_cases_a_report_holds_ids_only(result: SuiteResult) -> None:
    page = report.page([result], ids_only=True)
    for gold in result.cases:
        assert gold.case.text not in page


MARKED = 'Accuracy is <!-- figure library.json copilot "plan tier accuracy" -->old<!-- /figure -->.\n'


def test_measured_speeds_are_figures_too(tmp_path: Path) -> None:
    timed = {"end_to_end_ms": {"median": 9.5, "low": 8.25, "high": 12.0, "p95": 20.0}, "found": 3, "n": 10, "runs": 5}
    cells = {"1000 short": {"ours": timed}, "bulk": {"ratio": 2.5}, "1000 memory ours": {"peak": 569}}
    (tmp_path / "bench.json").write_text(json.dumps({"format": 1, "cells": cells}))
    text = tmp_path / "text.md"
    text.write_text('<!-- figure bench.json "1000 short: ours" "end_to_end_ms" --><!-- /figure -->')
    figures.fill(text, tmp_path)
    assert ">9.50 [8.25, 12.00] (n = 5)<" in text.read_text()


def test_figures_are_put_into_a_text_and_checked(result: SuiteResult, tmp_path: Path) -> None:
    (tmp_path / "library.json").write_text(result.to_json())
    readme = tmp_path / "README.md"
    readme.write_text(MARKED)
    assert [stale.line for stale in figures.check(readme, tmp_path)] == [1]
    assert figures.fill(readme, tmp_path) == 1
    assert figures.check(readme, tmp_path) == () and figures.fill(readme, tmp_path) == 0
    assert "(n = " in readme.read_text() and "old" not in readme.read_text()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("library.json", "none.json"), "there is no result 'none.json'"),
        (("copilot", "robot"), "'library.json' has no system 'robot'; it has: copilot, blind"),
        (("plan tier accuracy", "luck"), "'library.json' has no figure 'luck'"),
    ],
)
def test_a_marker_for_what_is_not_there_is_an_error(
    result: SuiteResult, tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    (tmp_path / "library.json").write_text(result.to_json())
    readme = tmp_path / "README.md"
    readme.write_text(MARKED.replace(*change))
    with pytest.raises(FiguresError, match=says):
        figures.check(readme, tmp_path)


@pytest.mark.parametrize(
    ("fresh", "problems"),
    [
        (Figure(name="plan tier accuracy", value=0.1, n=9, low=0.05, high=0.2), 1),
        (Figure(name="plan tier accuracy", value=0.1, n=9, low=0.0, high=1.0), 0),
        (Figure(name="missed action", value=0.9, n=9, low=0.8, high=1.0, better="lower"), 1),
        (Figure(name="missed action", value=0.0, n=9, low=0.0, high=0.1, better="lower"), 0),
    ],
)
def test_the_gate_stops_what_is_surely_worse(result: SuiteResult, tmp_path: Path, fresh: Figure, problems: int) -> None:
    committed = tmp_path / "library.json"
    committed.write_text(result.to_json())
    assert len(surely_worse(committed, "copilot", [fresh], [fresh.name])) == problems
    with pytest.raises(RunError, match="'luck' was not measured"):
        surely_worse(committed, "copilot", [fresh], ["luck"])
