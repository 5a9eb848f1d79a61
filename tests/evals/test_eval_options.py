"""Options of `reviewer-copilot eval`: judges, prices, parallel cases, wanted differences, and earlier results."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from copilot import llm
from copilot.errors import ModelRefused
from copilot.llm_chat import Answer, Message
from copilot.llm_scripted import ScriptedModel
from evals import figures, gold
from evals.history import HISTORY
from tests.conftest import SMALL
from ui import cli

pytestmark = pytest.mark.usefixtures("few_resamples")

ALCE = "citation recall (ALCE)"
TEXTS = {
    "t-1": ("A stall offers a fake watch in three posts.", "limit", ["T-1"], []),
    "t-2": ("A fake bag for one coin, only joking.", "none", ["T-2"], []),
    "t-3": ("The stall is burning right now and somebody is behind it.", "imminent", ["S-1"], ["warden"]),
}


def _line(id: str) -> str:
    text, tier, clauses, duties = TEXTS[id]
    words = {"id": "text", "role": "user", "party": "A", "text": text}
    case = {"id": id, "parties": [{"id": "A", "kind": "account", "role": "subject"}], "parts": [words]}
    expected = {"tier": tier, "clauses": clauses, "duties": duties}
    return json.dumps({"case": case, "expected": expected, "family": id, "area": "trade"})


@pytest.fixture(autouse=True)
def _small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gold cases of the small pack, in a folder that is thrown away."""
    folder = tmp_path / "gold"
    (folder / "small").mkdir(parents=True)
    (folder / "small" / "cases.jsonl").write_text("\n".join(map(_line, TEXTS)) + "\n")
    monkeypatch.setattr(gold, "SHIPPED", folder)
    monkeypatch.setattr(figures, "RESULTS", tmp_path / "results")
    monkeypatch.setenv("REVIEWER_COPILOT_EMBEDDER", "hashing")
    monkeypatch.setenv("REVIEWER_COPILOT_PACK", str(SMALL))
    monkeypatch.setenv("REVIEWER_COPILOT_SERVICE", '{"registered": "yes"}')
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit:
        cli.main(["eval", *args])
    said = capsys.readouterr()
    assert isinstance(exit.value.code, int)
    return exit.value.code, said.out, said.err


def figure(out: str, name: str) -> dict[str, Any] | None:
    held = json.loads(out)["systems"]["copilot"]["figures"]
    return next((one for one in held if one["name"] == name), None)


def test_words_judge_by_default_and_nobody_where_asked(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "gold", "--plain", "--json", "--parallel", "2")
    assert code == 0, err
    recall = figure(out, ALCE)
    assert recall is not None and recall["n"] and "blind to meaning" in recall["note"]
    assert figure(run(capsys, "gold", "--plain", "--json", "--judge", "none")[1], ALCE) is None


def test_a_model_judges_only_where_one_is_set_and_text_may_leave(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = run(capsys, "gold", "--plain", "--judge", "model")
    assert code == 2 and "there is no model to judge with; set REVIEWER_COPILOT_MODEL" in err
    monkeypatch.setenv("REVIEWER_COPILOT_MODEL", "scripted:model")
    code, _, err = run(capsys, "gold", "--plain", "--judge", "model")
    assert code == 2 and "no text may leave; set REVIEWER_COPILOT_SEND=text" in err


class Judge(ScriptedModel):
    """Says yes to every question, and drafts nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.questions = 0

    async def answer(self, messages: Sequence[Message], schema: dict[str, JsonValue]) -> Answer:
        properties = schema["properties"]
        assert isinstance(properties, dict)
        if "supported" not in properties:
            raise ModelRefused("this one only judges")
        self.questions += 1
        return Answer(text='{"supported": "yes"}', model=self.id)


def test_a_models_verdicts_are_kept_with_the_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judge()
    monkeypatch.setattr(llm, "connect", lambda settings: judge)
    monkeypatch.setenv("REVIEWER_COPILOT_MODEL", "scripted:model")
    monkeypatch.setenv("REVIEWER_COPILOT_SEND", "text")
    asked = ("gold", "--plain", "--judge", "model", "--runs", "runs", "--json")
    recall = figure(run(capsys, *asked)[1], ALCE)
    assert recall is not None and (recall["value"], recall["note"]) == (1.0, "judge: model scripted:model")
    first = judge.questions
    assert first and len(Path("runs/copilot/verdicts.jsonl").read_text().splitlines()) == first
    assert figure(run(capsys, *asked)[1], ALCE) == recall and judge.questions == first
    monkeypatch.delenv("REVIEWER_COPILOT_MODEL")
    assert figure(run(capsys, "export", "runs/copilot", "json")[1], ALCE) == recall


def test_questions_that_a_model_left_open_are_counted_aloud(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llm, "connect", lambda settings: ScriptedModel(*[ModelRefused("it would not say")] * 99))
    monkeypatch.setenv("REVIEWER_COPILOT_MODEL", "scripted:model")
    monkeypatch.setenv("REVIEWER_COPILOT_SEND", "text")
    code, out, err = run(capsys, "gold", "--plain", "--judge", "model", "--json")
    assert code == 0 and figure(out, ALCE) is None
    assert re.search(r"judge: [1-9]\d* questions without an answer: it would not say", err)


def test_a_price_list_is_read_before_anything_is_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text("format: 1\ncurrency: EUR\nmodels: {}\n")
    code, _, err = run(capsys, "all", "--pack", str(SMALL), "--prices", "prices.yaml")
    assert code == 3 and "prices.yaml:3: models:" in err and "measuring" not in err
    price = "{input: 1, output: 1, source: a contract, checked: 2026-11-01}"
    file.write_text(f'format: 1\ncurrency: EUR\nmodels:\n  "a:b": {price}\n')
    code, out, _ = run(capsys, "gold", "--plain", "--json", "--prices", "prices.yaml", "--runs", "runs")
    cost = figure(out, "cost per case")
    assert code == 0 and cost is not None and cost["value"] is None and cost["unscored"] == 3
    assert run(capsys, "export", "runs/copilot", "csv", "--prices", "prices.yaml")[0] == 0


def test_over_cases_from_a_record_the_page_holds_ids_only(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("gold", "--plain", "--out", "made", "--cache", "answers")
    run(capsys, *asked)
    page = Path("made/gold-small.html")
    assert "fake" in page.read_text() or "burning" in page.read_text()  # the costliest cases, in their own words
    assert run(capsys, *asked, "--ids-only")[0] == 0
    assert (
        not any(text in page.read_text() for text, *_ in TEXTS.values()) and len(list(Path("answers").iterdir())) == 3
    )


def test_the_sample_size_of_a_difference_that_matters(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "gold", "--runs", "runs")
    code, out, _ = run(capsys, "compare", "runs/copilot", "runs/majority", "--difference", "0.05", "--out", "made")
    assert code == 0 and "cases for 0.05" in out
    held = json.loads(Path("made/comparison.json").read_text())
    wanted = {one["difference"]["name"]: one["needed_for_asked"] for one in held["scores"]}
    assert held["asked"] == 0.05 and wanted["plan tier accuracy"] > 100
    assert "cases for 0.05" in Path("made/comparison.html").read_text()
    code, out, _ = run(capsys, "compare", "runs/copilot", "runs/copilot", "--difference", "0.05")
    assert code == 0 and "to show one of 0.05, and there are 3" in out
    assert run(capsys, "compare", "runs/copilot", "runs/majority", "--difference", "0")[0] == 2


def test_a_newer_version_keeps_the_headlines_of_the_one_it_replaces(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run(capsys, "all", "--pack", str(SMALL))
    committed = tmp_path / "results" / "gold-small.json"
    now = json.loads(committed.read_text())["systems"]["copilot"]["manifest"]["code_version"]
    committed.write_text(committed.read_text().replace(now, "0.0.1+older"))
    code, out, _ = run(capsys, "all", "--pack", str(SMALL))
    assert code == 0 and "always report or act" in out
    kept = [json.loads(line) for line in (tmp_path / "results" / HISTORY).read_text().splitlines()]
    assert {one["code_version"] for one in kept} == {"0.0.1+older"} and "coverage" in {one["figure"] for one in kept}
    assert "plan tier accuracy over runs" in (tmp_path / "var" / "eval" / "report.html").read_text()
