"""`reviewer-copilot eval robustness` as an evaluator and CI meet it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals import gold
from evals.robustness.variants import KINDS, Kind, retold
from tests.conftest import SMALL
from ui import cli

TEXTS = {
    "t-3": "The stall is burning right now and somebody is behind it.",
    "t-4": "Somebody asks when the market opens.",
}


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "gold"
    (folder / "small").mkdir(parents=True)
    lines = (
        json.dumps({"case": {"id": id, "text": text}, "expected": {"tier": "none"}, "family": id})
        for id, text in TEXTS.items()
    )
    (folder / "small" / "cases.jsonl").write_text("\n".join(lines) + "\n")
    monkeypatch.setattr(gold, "SHIPPED", folder)
    monkeypatch.setenv("REVIEWER_COPILOT_EMBEDDER", "hashing")
    monkeypatch.setenv("REVIEWER_COPILOT_PACK", str(SMALL))
    monkeypatch.setenv("REVIEWER_COPILOT_SERVICE", '{"registered": "yes"}')
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit:
        cli.main(["eval", "robustness", *args])
    said = capsys.readouterr()
    assert isinstance(exit.value.code, int)
    return exit.value.code, said.out, said.err


def test_it_prints_a_table_and_writes_json_and_a_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run(capsys, "--kind", "instruction before", "--kind", "200 words around", "--out", "made")
    assert code == 0, err
    assert (
        "robustness-small: 2 cases of 2 families, told in 2 other ways" in out
        and "no duty that is owed was lost" in out
    )
    held = json.loads((tmp_path / "made" / "robustness-small.json").read_text())
    assert held["passed"] and held["manifest"]["command"] == "reviewer-copilot eval robustness --limit 60"
    assert "burning" not in (tmp_path / "made" / "robustness-small.html").read_text()


def test_it_exits_with_1_where_a_duty_was_lost(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    silenced = Kind("silenced", lambda gold, chance: retold(gold, lambda text: "Nothing."))
    monkeypatch.setattr("evals.robustness.whole.KINDS", {**KINDS, "silenced": silenced})
    code, out, _ = run(capsys, "--kind", "silenced", "--json")
    lost = [(one["case_id"], one["kind"]) for one in json.loads(out)["lost"]]
    assert code == 1 and set(lost) == {("t-3", "silenced")}


def test_an_unknown_kind_ends_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--kind", "leets")
    assert code != 0 and "did you mean 'leet'" in err
