"""Earlier results: their headlines stay when newer ones replace them, and the report draws them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals import history, report
from evals.errors import RunError
from evals.history import HISTORY, MOST_STATES, Point
from evals.measuring import SuiteResult, measure
from evals.metrics.intervals import Sampling
from evals.suites import HeldSuite
from evals.systems import ReviewerSystem
from tests.evals.small_pack import GOLD, reviewer, small_pack

SUITE = HeldSuite("library", small_pack(), GOLD, data_sha256="d" * 64)


@pytest.fixture(scope="module")
def result() -> SuiteResult:
    return measure(SUITE, [ReviewerSystem("copilot", reviewer(small_pack()))], sampling=Sampling(samples=20))


def of(result: SuiteResult, version: str, day: str = "2026-01-02", **manifest: str) -> str:
    """The result as another version would have committed it."""
    held: dict[str, Any] = json.loads(result.to_json())
    said = held["systems"]["copilot"]["manifest"]
    said.update({"code_version": version, "started_at": f"{day}T00:00:00Z", **manifest})
    return json.dumps(held)


def test_a_replaced_result_leaves_its_headlines(result: SuiteResult, tmp_path: Path) -> None:
    file = tmp_path / "library.json"
    history.replace(file, of(result, "v1"))
    assert history.read(tmp_path) == () and not (tmp_path / HISTORY).exists()
    history.replace(file, of(result, "v2"))
    kept = history.read(tmp_path)
    accuracy = next(one for one in kept if one.figure == "plan tier accuracy")
    fresh = result.judged.figure("plan tier accuracy")
    assert fresh is not None and (accuracy.value, accuracy.low, accuracy.n) == (fresh.value, fresh.low, fresh.n)
    assert (accuracy.day, accuracy.code_version, accuracy.data, accuracy.part) == ("2026-01-02", "v1", "d" * 12, "tune")
    assert json.loads(file.read_text())["systems"]["copilot"]["manifest"]["code_version"] == "v2"


def test_the_same_state_again_keeps_nothing_and_no_state_stands_twice(result: SuiteResult, tmp_path: Path) -> None:
    file = tmp_path / "library.json"
    for version in ("v1", "v1", "v2", "v1", "v2"):
        history.replace(file, of(result, version))
    assert {one.code_version for one in history.read(tmp_path)} == {"v1"}
    history.replace(file, of(result, "v2", data_sha256="e" * 64))  # other cases are another result
    assert [one.data[0] for one in history.read(tmp_path) if one.figure == "coverage"] == ["d", "d"]


def test_only_so_many_are_kept_and_those_of_other_suites_stay(result: SuiteResult, tmp_path: Path) -> None:
    other = of(result, "v0").replace('"suite": "library"', '"suite": "museum"')
    history.replace(tmp_path / "museum.json", other)
    history.replace(tmp_path / "museum.json", other.replace("v0", "v1"))
    for number in range(MOST_STATES + 5):
        history.replace(tmp_path / "library.json", of(result, f"v{number}"))
    kept = history.read(tmp_path)
    versions = [one.code_version for one in kept if (one.suite, one.figure) == ("library", "coverage")]
    assert versions == [f"v{number}" for number in range(4, MOST_STATES + 4)]
    assert {one.code_version for one in kept if one.suite == "museum"} == {"v0"}


def test_an_evaluation_with_methods_is_kept_too(tmp_path: Path) -> None:
    figure = {"name": "standard top-1", "value": 0.5, "low": 0.4, "high": 0.6, "n": 40}
    held = {
        "suite": "oversight-board",
        "code_version": "v1",
        "made_at": "2026-02-03T04:05:06Z",
        "setting": {"data_sha256": "d" * 64, "pack_fingerprint": "p" * 64},
        "methods": [{"method": "bm25", "figures": []}, {"method": "copilot", "figures": [figure]}],
    }
    (point,) = history.points(held)
    assert (point.day, point.figure, point.data, point.value) == ("2026-02-03", "standard top-1", "d" * 12, 0.5)


def test_what_cannot_be_read_is_named_and_stays(result: SuiteResult, tmp_path: Path) -> None:
    file = tmp_path / "library.json"
    file.write_text("{")
    with pytest.raises(RunError, match="the earlier 'library.json' can't be read; move it away"):
        history.replace(file, of(result, "v1"))
    assert file.read_text() == "{"
    (tmp_path / HISTORY).write_text("{}\n")
    with pytest.raises(RunError, match=r"history.jsonl:1: not a figure of an earlier result"):
        history.read(tmp_path)


def _points(result: SuiteResult, data: str) -> tuple[Point, ...]:
    manifest = json.loads(result.to_json())["systems"]["copilot"]["manifest"]
    pack = manifest["pack_fingerprint"]
    return tuple(history.points(json.loads(of(result, "v1", data_sha256=data, pack_fingerprint=pack))))


def test_the_report_draws_earlier_values_and_stars_those_on_other_cases(result: SuiteResult) -> None:
    assert "over runs" not in report.page([result])
    same = report.page([result], history=_points(result, "d" * 64))
    assert "plan tier accuracy over runs" in same and ">2026-01-02<" in same
    other = report.page([result], history=_points(result, "e" * 64))
    assert ">2026-01-02 *<" in other
    elsewhere = tuple(one.model_copy(update={"suite": "museum"}) for one in _points(result, "d" * 64))
    assert "over runs" not in report.page([result], history=elsewhere)
