"""`reviewer-copilot policy diff`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from policy_corpus import find
from tests.conftest import SMALL
from tests.ui.policy.packs import Run, replace


def test_diff_gives_data_and_finds_nothing_between_equals(run: Run, mine: Path) -> None:
    _, out, _ = run("policy", "diff", "mine", "mine")
    assert "no clause changed" in out
    run("policy", "revise", "mine", "T-1", "--reason", "R", "--author", "A", "--from", "2027-01-01")
    _, out, _ = run("policy", "diff", str(SMALL), "mine", "--json")
    told = json.loads(out)
    assert [(one["before"], one["after"]) for one in told["changes"]] == [("T-1@1", "T-1@2")]
    assert [one["unversioned"] for one in told["changes"]] == [False]
    assert told["compared"] == 4


def known(fact: str, value: str) -> str:
    parties = [{"id": id, "role": "subject"} for id in ("A", "B")]
    findings = [{"fact": fact, "value": value, "about": "A"}]
    case = {"id": "K-1", "text": "x", "parties": parties}
    return json.dumps({"case": case, "expected": {"findings": findings}, "family": "f"})


def test_diff_judges_each_party_of_a_known_case(run: Run) -> None:
    for name in ("old", "new"):
        shutil.copytree(find("acceptable_use"), name)
    clause = Path("new/clauses/AU-SPM-01.md")
    replace(clause, "spam_pattern: [bulk, fake_engagement]", "spam_pattern: [bulk]")
    Path("known.jsonl").write_text(known("spam_pattern", "fake_engagement"))
    _, out, _ = run("policy", "diff", "old", "new", "--gold", "known.jsonl")
    assert "case K-1 (judged party 1): AU-SPM-01 (enforce) -> no clause (none)" in out
    assert "judged party 2" not in out


def test_diff_refuses_cases_of_another_policy(run: Run, mine: Path) -> None:
    Path("known.jsonl").write_text(known("weather", "fine"))
    code, _, err = run("policy", "diff", "mine", "mine", "--gold", "known.jsonl")
    assert code == 3
    assert "known.jsonl:1: case 'K-1': 'weather: fine' is in neither vocabulary; known cases must use" in err
