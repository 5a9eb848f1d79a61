from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from tests.conftest import SMALL
from tests.ui.policy.packs import Run
from ui import cli


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the command line in an empty folder; `answer` is what a person types."""
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")

    def _run(*args: str, answer: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        with pytest.raises(SystemExit) as exit:
            cli.main(list(args))
        said = capsys.readouterr()
        assert isinstance(exit.value.code, int)
        return exit.value.code, said.out, said.err

    return _run


@pytest.fixture
def mine(run: Run) -> Path:
    """An own pack: a copy of the small one, without its error."""
    shutil.copytree(SMALL, "mine")
    return Path("mine")
