"""The command line as a newcomer and as a program meet it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from copilot.record import Record
from policy_corpus import Authority, Status
from tests.conftest import SMALL
from ui import cli
from ui.commands import search

COMMAND = [sys.executable, "-m", "ui.cli"]


@pytest.fixture(autouse=True)
def _light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_COPILOT_EMBEDDER", "hashing")
    monkeypatch.setenv("REVIEWER_COPILOT_PACK", str(SMALL))


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit:
        cli.main(list(args))
    said = capsys.readouterr()
    assert isinstance(exit.value.code, int)
    return exit.value.code, said.out, said.err


@pytest.mark.parametrize("args", [[], ["review"], ["policy"], ["policy", "lint"], ["record", "verify"]])
def test_help_comes_in_half_a_second(args: list[str]) -> None:
    quickest = min(_timed([*COMMAND, *args, "--help"]) for _ in range(3))
    assert quickest < 0.5


def _timed(command: list[str]) -> float:
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: ")
    return time.perf_counter() - started


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["nonsense"], 2, "No such command 'nonsense'"),
        (["review"], 2, "Missing argument 'FILE'"),
        (["review", "nowhere.jsonl"], 3, "error: can't read 'nowhere.jsonl': No such file or directory; name a JSONL"),
        (["search", "stall", "--pack", "nope"], 3, "error: nope/pack.yaml:1: there is no such pack; name a folder"),
        (["search", "stall", "--as-of", "soon"], 2, "does not match the format"),
        (["search", "stall", "--area", "nowhere"], 2, "has no area 'nowhere'; known: "),
        (["search", "stall", "--jurisdiction", "usa"], 2, "did you mean 'us'"),
        (["search", "stall", "--status", "old"], 2, "'old' is not one of 'active'"),
        (["policy", "lint", "nope"], 3, "there is no such pack"),
    ],
)
def test_errors_come_with_hint_and_exit_code(
    capsys: pytest.CaptureFixture[str], args: list[str], code: int, said: str
) -> None:
    found, _, err = run(capsys, *args)
    assert (found, said in err) == (code, True), err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TIMEOUT", "0", "REVIEWER_COPILOT_TIMEOUT: Input should be greater than 0"),
        ("SEND", "everything", "REVIEWER_COPILOT_SEND: Input should be 'text' or 'findings'"),
        ("SERVICE", '{"registered": "perhaps"}', "the service setting 'registered: perhaps' is not in the vocabulary"),
        ("EMBEDDER", "no-such-model", "no-such-model"),
    ],
)
def test_impossible_settings_are_named(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    value: str,
    said: str,
) -> None:
    monkeypatch.setenv(f"REVIEWER_COPILOT_{name}", value)
    (tmp_path / "c.jsonl").write_text('{"id": "a", "text": "x"}')
    code, _, err = run(capsys, "review", str(tmp_path / "c.jsonl"))
    assert code in (2, 7)
    assert said in err


def test_review_then_nothing_left_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text('{"id": "a", "text": "I offer a fake watch."}\n{"id": "b"}\n')
    code, out, err = run(capsys, "review", str(file), "--json")
    assert (code, json.loads(out)["reviewed"], "c.jsonl:2: parts: is missing" in err) == (3, 1, True)
    code, out, _ = run(capsys, "review", str(file))
    assert out.startswith("0 drafted, 1 kept from before, 1 lines passed over")


def test_search_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "search", "counterfeit", "goods", "--limit", "3")
    assert code == 0
    assert "T-1@1#rule" in out
    assert "because: " in out
    assert "sample, not adopted" in err
    _, out, _ = run(capsys, "search", "counterfeit goods", "--json", "--limit", "1")
    assert json.loads(out.splitlines()[0])["passage"]["source"] == "T-1@1"


def test_search_keeps_to_kinds_and_offers_the_names_that_policies_use(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "search", "counterfeit", "goods", "--kind", "precedent", "--json")
    kinds = {json.loads(line)["passage"]["kind"] for line in out.splitlines()}
    assert kinds == {"precedent"}
    _, out, _ = run(capsys, "search", "counterfeit", "goods", "--authority", "policy_council", "--json")
    assert {json.loads(line)["passage"]["kind"] for line in out.splitlines()} == {"clause"}
    assert tuple(Authority) == search.AUTHORITIES
    assert tuple(Status) == search.STATUSES


def test_a_clause_is_found_only_on_its_days(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "search", "bucket", "of", "water", "--as-of", "2025-06-01")
    assert "S-0@1#rule" in out
    _, out, _ = run(capsys, "search", "bucket", "of", "water", "--as-of", "2026-06-01")
    assert "S-0@1#rule" not in out


def test_verify_tells_an_intact_record_from_a_changed_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with Record.open(home / "record.sqlite3") as record:
        for number in range(3):
            record.append("case", f"c{number}", {"n": number})
    code, out, _ = run(capsys, "record", "verify", "--home", str(home))
    assert (code, "3 entries" in out, "intact" in out) == (0, True, True)
    _tamper(home / "record.sqlite3")
    code, out, err = run(capsys, "record", "verify", "--home", str(home), "--json")
    assert code == 6
    assert json.loads(out)["problems"]


def _tamper(path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("UPDATE entries SET kind = 'decision' WHERE seq = 2")
    connection.commit()
    connection.close()


def test_the_demo_drafts_its_queue_and_nothing_a_second_time(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    home = str(tmp_path / "demo")
    code, first, err = run(capsys, "demo", "--home", home, "--no-panel")
    assert (code, "drafting: 12 of 12" in err) == (0, True)
    _, second, err = run(capsys, "demo", "--home", home, "--no-panel")
    assert second == first
    assert "drafting" not in err
