"""`reviewer-copilot precedents` as an analyst and a program meet it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from policy_corpus import load
from tests.conftest import SMALL
from ui import cli

MAPPING = """\
columns: {id: ref, decided: closed, facts: summary, rationale: why, plan: outcome}
constants: {language: en, authority: reviewed, area: trade}
values: {plan: {removed: [{action: hide, on: items}], nothing: []}}
id_prefix: T-
"""

GOOD = "1,2026-03-01,A stall offered watches.,The mark was copied.,removed\n"
WRONG = "2,2026-03-01,A stall offered bags.,The mark was copied.,gone\n"
NAMED = "3,2026-03-01,A stall of jane@example.org.,Nothing was copied.,nothing\n"


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(shutil.copytree(SMALL, tmp_path / "small"))
    monkeypatch.setenv("REVIEWER_COPILOT_EMBEDDER", "hashing")
    monkeypatch.setenv("REVIEWER_COPILOT_PACK", str(folder))
    return folder


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit:
        cli.main(["precedents", *args])
    said = capsys.readouterr()
    assert isinstance(exit.value.code, int)
    return exit.value.code, said.out, said.err


def bring(tmp_path: Path, *rows: str) -> list[str]:
    (tmp_path / "team q1.csv").write_text("ref,closed,summary,why,outcome\n" + "".join(rows))
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    return ["import", str(tmp_path / "team q1.csv"), "--mapping", str(tmp_path / "mapping.yaml")]


def test_illustrative_ones_are_replaced_on_the_first_day(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, pack: Path
) -> None:
    code, out, err = run(capsys, *bring(tmp_path, GOOD), "--replace-illustrative")
    assert (code, err) == (0, "")
    assert "1 imported" in out
    assert "set aside: precedents/all.jsonl.off" in out
    assert "written: precedents/imported-team-q1.jsonl; small now has 1 precedents" in out
    assert [one.id for one in load(pack).precedents] == ["T-1"]


def test_rows_that_stay_out_are_named_and_the_exit_code_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, pack: Path
) -> None:
    code, out, err = run(capsys, *bring(tmp_path, GOOD, WRONG, NAMED), "--json")
    assert code == 3
    assert json.loads(out) == {
        "imported": 1, "importable": 1, "withheld": 1, "problems": 1, "warnings": 1,
        "file": "imported-team-q1.jsonl", "set_aside": [],
    }  # fmt: skip
    assert "error: team q1.csv:3:outcome: values.plan doesn't say what 'gone' means" in err
    assert "warning: team q1.csv:4:summary: e-mail address at character 12" in err
    assert "jane" not in out + err
    code, _, _ = run(capsys, *bring(tmp_path, GOOD, NAMED), "--accept-warned")
    assert code == 0
    assert [one.id for one in load(pack).precedents][-2:] == ["T-1", "T-3"]


def test_a_check_writes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path, pack: Path) -> None:
    before = load(pack)
    code, out, _ = run(capsys, *bring(tmp_path, GOOD), "--check")
    assert (code, out) == (0, "0 imported, 1 importable, 0 withheld, 0 problems, 0 warnings\n")
    assert load(pack) == before


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["import", "gone.csv"], 2, "Missing option '--mapping'"),
        (["import", "gone.csv", "--mapping", "gone.yaml"], 3, "error: can't read 'gone.yaml'"),
        (["import", "gone.csv", "--mapping", "gone.yaml", "--as", "!"], 2, "a name needs letters or digits"),
        (["show", "P-9"], 2, "small has no precedent 'P-9'; did you mean 'P-"),
        (["list", "--pack", "nope"], 3, "there is no such pack"),
    ],
)
def test_errors_come_with_hint_and_exit_code(
    capsys: pytest.CaptureFixture[str], pack: Path, args: list[str], code: int, said: str
) -> None:
    found, _, err = run(capsys, *args)
    assert (found, said in err) == (code, True), err


@pytest.mark.parametrize(
    ("args", "ids"),
    [
        ([], ["P-1", "P-2", "P-3", "P-4"]),
        (["--area", "safety"], ["P-3"]),
        (["--status", "overruled", "--language", "en"], ["P-4"]),
        (["--authority", "single"], []),
        (["--tier", "enforce", "--tier", "imminent"], ["P-1", "P-3"]),
    ],
)
def test_lists_are_filtered(capsys: pytest.CaptureFixture[str], pack: Path, args: list[str], ids: list[str]) -> None:
    code, out, err = run(capsys, "list", *args)
    assert (code, [line.split()[0] for line in out.splitlines()]) == (0, ids)
    assert f"{len(ids)} of 4 precedents" in err
    _, out, _ = run(capsys, "list", *args, "--json")
    assert [json.loads(line)["id"] for line in out.splitlines()] == ids


def test_a_precedent_is_shown_with_its_clauses(capsys: pytest.CaptureFixture[str], pack: Path) -> None:
    code, out, _ = run(capsys, "show", "P-4")
    assert code == 0
    assert "overruled: the mark was licensed after all; see P-1" in out
    assert "T-1@1  Counterfeit goods" in out
    _, out, _ = run(capsys, "show", "P-4", "--json")
    assert json.loads(out)["clauses"][0]["id"] == "T-1"


def test_stats_count_and_look_for_duplicates(capsys: pytest.CaptureFixture[str], pack: Path) -> None:
    code, out, _ = run(capsys, "stats")
    assert (code, "small: precedents: 4 in 4 families" in out) == (0, True)
    code, out, _ = run(capsys, "stats", "--duplicates", "--agreement", "--json")
    assert code == 0
    reports = json.loads(out)
    assert set(reports) == {"spread", "duplicates", "agreement"}
    assert reports["duplicates"]["parts"][0]["pairs"] == []
    _, out, _ = run(capsys, "stats", "--duplicates")
    assert "near-duplicates (cosine from 0.8 with hashing-512" in out


def test_stats_look_for_examples_that_stand_in_gold_cases(capsys: pytest.CaptureFixture[str], pack: Path) -> None:
    (pack / "examples").mkdir()
    line = json.dumps({"text": "A stall offered watches.", "role": "user", "shows": [], "not": []})
    (pack / "examples" / "stalls.jsonl").write_text(f"{line}\n")
    code, out, _ = run(capsys, "stats", "--examples")
    assert (code, "examples beside gold sentences: 1 and 0" in out) == (0, True)
    _, out, _ = run(capsys, "stats", "--examples", "--json")
    assert json.loads(out)["examples"]["pairs"] == []
