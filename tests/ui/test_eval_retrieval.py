"""`reviewer-copilot eval retrieval`: tables, JSON and files for trec_eval."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from evals import gold
from tests.conftest import SMALL
from tests.evals.conftest import FIXTURES
from ui import cli

TEXTS = {
    "t-1": ("A stall offers a fake watch in three posts.", ["T-1"]),
    "t-2": ("A fake bag for one coin, only joking.", ["T-2"]),
}


def _line(id: str, part: str = "tune") -> str:
    text, clauses = TEXTS[id]
    words = {"id": "text", "role": "user", "party": "A", "text": text}
    case = {"id": f"{id}-{part}", "parties": [{"id": "A", "kind": "account", "role": "subject"}], "parts": [words]}
    return json.dumps({"case": case, "expected": {"clauses": clauses}, "family": f"{id}-{part}", "part": part})


@pytest.fixture(autouse=True)
def _small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "gold" / "small"
    folder.mkdir(parents=True)
    (folder / "cases.jsonl").write_text("\n".join([*map(_line, TEXTS), _line("t-1", "test")]) + "\n")
    monkeypatch.setattr(gold, "SHIPPED", folder.parent)
    monkeypatch.setenv("REVIEWER_COPILOT_EMBEDDER", "hashing")
    monkeypatch.setenv("REVIEWER_COPILOT_PACK", str(SMALL))
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit:
        cli.main(["eval", "retrieval", *args])
    said = capsys.readouterr()
    assert isinstance(exit.value.code, int)
    return exit.value.code, said.out, said.err


def test_gold_cases_ask_and_the_test_part_stays_closed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--out", "made", "--trec", "runs")
    assert code == 0, err
    assert "### small gold, clauses (n = 2, 2 families)" in out and "| ours − BM25 |" in out
    held = json.loads(Path("made/retrieval.json").read_text())
    assert held["command"] == "reviewer-copilot eval retrieval"
    assert [task["task"] for task in held["tasks"]] == [
        "small gold, clauses",
        "small gold at length, clauses",
        "small gold, precedents",
    ]
    assert "fake watch" not in Path("made/retrieval.json").read_text()
    assert "measuring: 3 of 3" in err and "in 'runs'" in err
    told = [file.name for file in Path("runs").rglob("*") if file.is_file()]
    assert any("qrels" in name for name in told) and any(".run" in name for name in told)


def test_figures_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--json")
    ours = json.loads(out)["tasks"][0]["searchers"][0]
    found = {figure["name"]: figure for figure in ours["figures"]}
    assert (code, ours["searcher"], found["main@5"]["n"]) == (0, "ours", 2) and found["main@5"]["value"] > 0


def test_public_sets_ask_as_well(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for folder in (FIXTURES / "board").iterdir():
        shutil.copytree(folder, tmp_path / "sets" / folder.name)
    shutil.copytree(FIXTURES / "sets" / "procedures", tmp_path / "sets" / "procedures")
    code, out, err = run(capsys, "--data", "sets", "--json")
    assert code == 0, err
    held = json.loads(out)
    assert held["command"].endswith("--data PATH")
    assert [task["task"] for task in held["tasks"]][:2] == ["procedures", "oversight-board, standard"]


def test_what_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--data", "nowhere")
    assert code == 3 and "there are no" in err and "Traceback" not in err
    shutil.rmtree("gold")
    code, _, err = run(capsys)
    assert code == 2 and "pack 'small' has no gold cases to search for; name the public sets: --data PATH" in err
