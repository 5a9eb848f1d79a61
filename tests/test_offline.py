"""Nothing leaves the machine unless a model is named: the whole line, watched at the socket."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

WATCH = """
import socket, sys
def refuse(*args, **kwargs):
    print("REACHED OUT", args[:2], file=sys.stderr)
    raise OSError("no network")
socket.getaddrinfo = refuse
connect = socket.socket.connect
local = lambda self: self.family == socket.AF_UNIX
socket.socket.connect = lambda self, address: connect(self, address) if local(self) else refuse(address)
socket.socket.connect_ex = lambda self, address: refuse(address)
from ui.cli import main
main(sys.argv[1:])
"""


def watched(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    ours = ("HF_", "REVIEWER_", "TRANSFORMERS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment = {**kept, "REVIEWER_COPILOT_HOME": str(home), "HOME": str(home)}
    command = [sys.executable, "-c", WATCH, *args]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=home, check=False)


@pytest.mark.parametrize("pack", [str(ROOT / "tests" / "packs" / "small")])
def test_reviewing_with_the_packaged_model_opens_no_connection(tmp_path: Path, pack: str) -> None:
    (tmp_path / "c.jsonl").write_text(json.dumps({"id": "a", "text": "I offer a fake watch."}) + "\n")
    done = watched(tmp_path, "review", str(tmp_path / "c.jsonl"), "--pack", pack)
    assert done.returncode == 0, done.stderr
    assert "REACHED OUT" not in done.stderr
    assert "1 drafted" in done.stdout
