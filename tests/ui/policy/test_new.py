"""`reviewer-copilot policy new`, and whose policy a copy is."""

from __future__ import annotations

from pathlib import Path

from policy_corpus import load
from tests.ui.policy.packs import Run


def test_a_copy_is_nobodys_policy_and_may_be_renamed(run: Run, mine: Path) -> None:
    code, out, _ = run("policy", "adopt", "mine", "--owner", "Lead", "--date", "2026-06-01", "--note", "n", "--yes")
    assert (code, "adopted by Lead on 2026-06-01" in out) == (0, True)
    code, out, _ = run("policy", "new", "deep/er", "--from", "mine", "--id", "ours", "--title", "Our rules")
    copy = load(Path("deep/er"))
    assert (code, copy.id, copy.manifest.title, copy.standing) == (0, "ours", "Our rules", "sample, not adopted")
    assert copy.clauses == load(mine).clauses


def test_an_empty_folder_may_be_filled(run: Run) -> None:
    Path("Our Rules").mkdir()
    code, out, _ = run("policy", "new", "Our Rules")
    assert (code, load(Path("Our Rules")).id) == (0, "our_rules")
    assert sorted(path.name for path in Path().iterdir()) == ["Our Rules"]
