"""`reviewer-copilot policy lint`."""

from __future__ import annotations

import json
import re
from pathlib import Path

from policy_corpus import load
from tests.ui.policy.packs import Run, broken, unsound


def test_lint_tells_errors_from_warnings(run: Run, mine: Path) -> None:
    unsound(mine)
    code, out, _ = run("policy", "lint", "mine", "--on", "2026-06-01")
    assert code == 3
    assert re.search(r"^mine/clauses/T-\d\.md:\d+: error \[circular-priority\] .+; take one of these", out, re.M), out
    assert out.startswith("small 1.0 (sample, not adopted): 4 clauses, 4 precedents, ")
    _, out, _ = run("policy", "lint", "mine", "--on", "2026-06-01", "--json")
    (told,) = json.loads(out)
    assert told["errors"] == sum(issue["severity"] == "error" for issue in told["issues"]) > 0
    assert told["pack"]["fingerprint"] == load(mine).fingerprint


def test_lint_ends_well_with_warnings_only(run: Run) -> None:
    code, out, _ = run("policy", "lint", "acceptable_use", "--on", "2030-01-01")
    assert (code, "warning [legal-review]" in out) == (0, True)


def test_lint_tells_problems_as_data(run: Run, mine: Path) -> None:
    broken(mine)
    code, out, err = run("policy", "lint", "mine", "--json")
    (told,) = json.loads(out)
    assert (code, err, told["pack"], told["errors"]) == (3, "", None, 1)
    assert told["problems"][0]["hint"] == "did you mean 'ban'?"


def test_lint_without_a_name_checks_all_shipped(run: Run) -> None:
    _, out, _ = run("policy", "lint")
    assert re.findall(r"^(\w+) [\d.]+ \(", out, re.M) == ["acceptable_use", "child_safety"]
