from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from copilot.record import Record

ROOT = Path(__file__).parents[3]
ENOUGH = 10


@contextmanager
def writer(path: Path, case_id: str, count: int, where: str = "anywhere") -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.copilot.record.writer", str(path), case_id, str(count), where]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def test_two_processes_make_one_record_and_one_chain(path: Path) -> None:
    # Both may find no record at all when they start.
    with writer(path, "a", 30) as one, writer(path, "b", 30) as two:
        assert (line(one), line(two)) == ("ready", "ready")
        tell(one)
        tell(two)
        said = [int(line(process)) for _ in range(30) for process in (one, two)]
        assert (one.wait(), two.wait()) == (0, 0)
    assert sorted(said) == list(range(1, 61))
    with Record.open(path) as record:
        for case_id in ("a", "b"):
            numbers = [(record.payload(entry) or {})["number"] for entry in record.entries(case_id)]
            assert numbers == list(range(1, 31))
        assert record.verify().check().entries == 60


@pytest.mark.parametrize("where", ["anywhere", "commit"])
def test_a_killed_process_loses_nothing_that_it_saw_saved(path: Path, where: str) -> None:
    count = ENOUGH + 1 if where == "commit" else 1_000_000
    with writer(path, "a", count, where) as process:
        assert line(process) == "ready"
        tell(process)
        saved = [int(line(process)) for _ in range(ENOUGH)]
        if where == "commit":
            assert line(process) == "inside"
        process.kill()
        assert process.wait() < 0
    with Record.open(path) as record:
        seen = [entry.seq for entry in record.entries()]
        assert seen[:ENOUGH] == saved == list(range(1, ENOUGH + 1))
        assert where == "anywhere" or seen == saved, "what was not committed is not there"
        record.verify().check()
        assert record.append("note", "a", {}).seq == len(seen) + 1
