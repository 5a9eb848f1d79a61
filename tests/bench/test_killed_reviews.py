"""A headless run that is killed again and again loses nothing and repeats nothing."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from copilot.reviews import Review
from tests.conftest import SMALL

CASES = 400
KILLS = 12


def test_kill_and_run_again(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    words = ["a fake watch", "burning right now", "a lovely day", "only joking, a fake bag"]
    rows = [{"id": f"c{number}", "text": f"{number}: {words[number % 4]}"} for number in range(CASES)]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    target = tmp_path / "out.jsonl"
    dice = random.Random(3)
    for _ in range(KILLS):
        _killed_after(dice.randrange(1, CASES // KILLS), file, target, tmp_path)
    done = subprocess.run(
        _command(file, target), env=_environment(tmp_path), capture_output=True, text=True, check=True
    )
    reviews = [Review.model_validate_json(line) for line in target.read_text().splitlines()]
    assert sorted(review.case_id for review in reviews) == sorted(row["id"] for row in rows)
    print(f"\n{KILLS} kills, {CASES} cases, each reviewed once; {done.stdout.splitlines()[0]}")


def _killed_after(more: int, file: Path, target: Path, home: Path) -> None:
    """Kills the run as soon as it has written so many more lines, wherever it is then."""
    before = target.stat().st_size if target.exists() else 0
    process = subprocess.Popen(_command(file, target), env=_environment(home), stderr=subprocess.DEVNULL)
    while process.poll() is None:
        grown = target.exists() and target.stat().st_size > before
        if grown and target.read_bytes()[before:].count(b"\n") >= more:
            process.send_signal(signal.SIGKILL)
            break
    process.wait()


def _command(file: Path, target: Path) -> list[str]:
    return [sys.executable, "-m", "ui.cli", "review", str(file), "--out", str(target), "--pack", str(SMALL)]


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "REVIEWER_COPILOT_HOME": str(home / "home"), "REVIEWER_COPILOT_EMBEDDER": "hashing"}
