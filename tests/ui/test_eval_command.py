"""`reviewer-copilot eval` as an evaluator, a program and CI meet it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from evals import figures, gold
from tests.conftest import SMALL
from tests.evals.conftest import FIXTURES
from ui import cli

pytestmark = pytest.mark.usefixtures("few_resamples")

TEXTS = {
    "t-1": ("A stall offers a fake watch in three posts.", "limit", ["T-1"], []),
    "t-2": ("A fake bag for one coin, only joking.", "none", ["T-2"], []),
    "t-3": ("The stall is burning right now and somebody is behind it.", "imminent", ["S-1"], ["warden"]),
    "t-4": ("Somebody asks when the market opens.", "none", None, []),
}


def _line(id: str, part: str = "tune") -> str:
    text, tier, clauses, duties = TEXTS[id]
    words = {"id": "text", "role": "user", "party": "A", "text": text}
    case = {"id": f"{id}-{part}", "parties": [{"id": "A", "kind": "account", "role": "subject"}], "parts": [words]}
    expected = {"tier": tier, "clauses": clauses, "duties": duties}
    return json.dumps({"case": case, "expected": expected, "family": f"{id}-{part}", "area": "trade", "part": part})


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Gold cases of the small pack; work is done in a folder that is thrown away."""
    folder = tmp_path / "gold"
    (folder / "small").mkdir(parents=True)
    lines = [_line(id) for id in TEXTS] + [_line("t-1", "test")]
    (folder / "small" / "cases.jsonl").write_text("\n".join(lines) + "\n")
    monkeypatch.setattr(gold, "SHIPPED", folder)
    monkeypatch.setattr(figures, "RESULTS", tmp_path / "results")
    monkeypatch.setenv("REVIEWER_COPILOT_EMBEDDER", "hashing")
    monkeypatch.setenv("REVIEWER_COPILOT_PACK", str(SMALL))
    monkeypatch.setenv("REVIEWER_COPILOT_SERVICE", '{"registered": "yes"}')
    monkeypatch.chdir(tmp_path)
    return folder


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit:
        cli.main(["eval", *args])
    said = capsys.readouterr()
    assert isinstance(exit.value.code, int)
    return exit.value.code, said.out, said.err


def test_gold_prints_a_table_and_writes_json_and_a_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run(capsys, "gold", "--plain", "--out", "made")
    assert code == 0, err
    assert "gold-small, part 'tune': 4 cases, 4 families" in out and "No report duty was lost." in out
    held = json.loads((tmp_path / "made" / "gold-small.json").read_text())
    assert held["systems"]["copilot"]["manifest"]["command"] == "reviewer-copilot eval gold --part tune"
    assert (tmp_path / "made" / "gold-small.html").is_file() and "measuring: 4 of 4" in err


def test_a_lost_duty_is_named_and_fails_after_everything_was_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, shipped: Path
) -> None:
    hard = _line("t-4").replace('"duties": []', '"duties": ["warden"]')
    (shipped / "small" / "cases.jsonl").write_text(_line("t-3") + "\n" + hard + "\n")
    code, out, _ = run(capsys, "all", "--pack", str(SMALL))
    assert code == 1 and "FAILED: 1 report duties were lost: t-4-tune (warden)" in out
    assert "t-4-tune (warden)" in (tmp_path / "var" / "eval" / "report.html").read_text()
    assert json.loads((tmp_path / "results" / "gold-small.json").read_text())["passed"] is False


def test_reading_the_test_part_is_written_down(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = tmp_path / "results" / "test-reads.jsonl"
    run(capsys, "gold", "--plain")
    assert not log.exists()
    code, out, _ = run(capsys, "gold", "--plain", "--part", "test", "--json")
    assert code == 0 and json.loads(out)["part"] == "test"
    (line,) = log.read_text().splitlines()
    assert json.loads(line)["reason"] == "reviewer-copilot eval gold --part test"


def test_two_runs_are_compared_in_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "gold", "--runs", "runs")
    code, out, _ = run(capsys, "compare", "runs/copilot", "runs/copilot")
    assert code == 0 and out.startswith("copilot against copilot: NO EVIDENCE")
    code, out, _ = run(capsys, "compare", "runs/copilot", "runs/majority", "--json", "--out", "made")
    assert code == 0 and json.loads(out)["verdict"] == "worse" and json.loads(out)["gate"] == []
    assert "What flipped" in Path("made/comparison.html").read_text()
    assert run(capsys, "compare", "runs/copilot")[0] == 2


def test_the_gate_stops_what_is_surely_worse(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "gold", "--runs", "runs", "--out", "made")
    committed = Path("made/gold-small.json")
    code, _, err = run(capsys, "compare", "runs/copilot", "--gate", str(committed))
    assert code == 0 and "gate: passed" in err
    code, _, err = run(capsys, "compare", "runs/majority", "--gate", str(committed))
    assert code == 1 and "gate: report lost: t-3-tune (warden)" in err and "gate: FAILED" in err
    known = ["--system", "majority"]  # what was lost before is no news
    assert run(capsys, "compare", "runs/majority", "--gate", str(committed), *known)[0] == 0
    code, _, err = run(capsys, "compare", "runs/copilot", "--gate", str(committed), "--figure", "luck")
    assert code == 2 and "the figure 'luck' was not measured" in err


@pytest.mark.parametrize("format", ["json", "csv", "trec-run", "trec-qrels", "inspect"])
def test_a_run_is_exported(capsys: pytest.CaptureFixture[str], format: str) -> None:
    run(capsys, "gold", "--plain", "--runs", "runs")
    code, out, err = run(capsys, "export", "runs/copilot", format)
    assert code == 0, err
    if format == "csv":
        assert next(csv.DictReader(io.StringIO(out)))["system"] == "copilot"
    elif format.startswith("trec"):
        assert "t-1-tune" in out
    else:
        json.loads(out)
    assert "fake watch" not in out


def test_a_run_on_cases_that_changed_is_not_exported(capsys: pytest.CaptureFixture[str], shipped: Path) -> None:
    run(capsys, "gold", "--plain", "--runs", "runs")
    (shipped / "small" / "cases.jsonl").write_text(_line("t-1") + "\n")
    code, _, err = run(capsys, "export", "runs/copilot", "csv")
    assert code == 2 and "the cases have changed since the run; run it again" in err


def test_a_public_set_is_run_exported_and_gated(capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(FIXTURES / "sets")]
    code, out, _ = run(capsys, "public", "injection", *data, "--plain", "--runs", "runs", "--out", "made")
    assert code == 0 and "action F1" in out and "This set knows no duties." in out
    assert run(capsys, "export", "runs/copilot", "csv", *data)[0] == 0
    assert run(capsys, "compare", "runs/copilot", "--gate", "made/injection.json", *data)[0] == 0
    code, _, err = run(capsys, "public", "edoss", *data)
    assert code == 2 and "unknown set 'edoss'; did you mean 'edos'" in err


def test_any_labelled_file_by_naming_its_columns(capsys: pytest.CaptureFixture[str]) -> None:
    golden = FIXTURES / "sets" / "golden"
    columns = ["--text", "body", "--label", "verdict", "--family", "story", "--benign", "fine", "--withheld", "csam"]
    code, out, err = run(capsys, "file", str(golden / "other.csv"), *columns)
    assert code == 0 and "other, part 'tune'" in out and "withheld: 1 rows" in out, err
    code, _, err = run(capsys, "file", str(golden / "other.csv"))
    assert code == 3 and "other.csv:2: there is no column 'text'" in err
    sheet = [str(golden / "golden_dataset.csv"), "--safeguard", "--policy", str(golden / "policy.txt")]
    assert run(capsys, "file", *sheet, "--limit", "1")[0] == 0


def test_figures_are_put_into_texts_and_checked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("Nothing here.\n")
    assert run(capsys, "figures", "--check")[:2] == (0, "up to date\n")
    run(capsys, "all", "--pack", str(SMALL))
    readme.write_text('It is <!-- figure gold-small.json copilot "coverage" value -->?<!-- /figure -->.\n')
    code, _, err = run(capsys, "figures", "--check")
    assert code == 1 and "README.md:1: coverage says '?'" in err
    assert run(capsys, "figures")[0] == 0 and "?" not in readme.read_text()
    assert run(capsys, "figures", "--check")[0] == 0
