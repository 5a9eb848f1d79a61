"""`reviewer-copilot eval risk`: the choice that a lead is shown."""

from __future__ import annotations

import json

import pytest

from copilot.drafters import confidence
from policy_corpus import Pack
from retrieval import HashingEmbedder
from tests.conftest import SMALL
from tests.copilot.test_confidence import calibration
from ui import cli


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit:
        cli.main(["eval", "risk", "--pack", str(SMALL), *args])
    said = capsys.readouterr()
    assert isinstance(exit.value.code, int)
    return exit.value.code, said.out, said.err


@pytest.fixture
def calibrated(small: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_COPILOT_EMBEDDER", "hashing")
    held = calibration(small)
    assert held.embedder == HashingEmbedder().fingerprint
    monkeypatch.setattr(confidence, "calibrations", lambda: {(held.rules, held.embedder): held})


@pytest.mark.usefixtures("calibrated")
def test_text_and_json_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    code, text, _ = run(capsys, "--budget", "0.1", "--budget", "0.4")
    assert code == 0
    assert "200 drafts, 100 families" in text
    code, said, _ = run(capsys, "--budget", "0.1", "--budget", "0.4", "--json")
    rows = json.loads(said)["rows"]
    assert code == 0
    assert [row["budget"] for row in rows] == [0.1, 0.4]
    assert [row["coverage"]["value"] for row in rows] == [0.0, 0.5], "quiet ones have half of the budget"


def test_a_pack_that_nothing_was_fitted_for_gets_a_reason_and_a_hint(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_COPILOT_EMBEDDER", "hashing")
    code, _, said = run(capsys)
    assert code == 1
    assert "is not calibrated for pack" in said and "python -m evals.calibrating --write" in said
