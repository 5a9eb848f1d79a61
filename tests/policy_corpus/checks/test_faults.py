"""A clean pack passes, and every kind of fault that is planted in it is found and told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_corpus import find, load
from policy_corpus.checks import CHECKS, check, lint
from policy_corpus.checks.acceptance import UNUSED
from tests.policy_corpus.checks.faults import FAULTS, ON, table
from tests.policy_corpus.checks.small_pack import CLEAN, changed, write

GOLDEN = Path(__file__).parent / "golden" / "faults.txt"


def test_the_clean_pack_passes(tmp_path: Path) -> None:
    assert lint(write(tmp_path, CLEAN), on=ON).clean


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    assert fault.caught(tmp_path), fault.report(tmp_path / "again")


def test_every_check_has_a_planted_fault() -> None:
    told = " ".join(fault.caught_by for fault in FAULTS.values())
    assert [name for name in (*CHECKS, UNUSED) if f"[{name}]" not in told] == []


def test_issues_are_told_with_place_and_hint(tmp_path: Path) -> None:
    reports = [
        f"# {name}\n{fault.report(tmp_path / str(number))}" for number, (name, fault) in enumerate(FAULTS.items())
    ]
    assert "\n\n".join(reports) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_the_table_says_how_many_were_found(tmp_path: Path) -> None:
    assert table(tmp_path).endswith(f"{len(FAULTS)} of {len(FAULTS)} found")


def test_a_pack_in_memory_is_checked_without_files(tmp_path: Path) -> None:
    pack = load(write(tmp_path, changed(("clauses/C-01.md", "outranks: [C-04]\n", ""))))
    (issue,) = check(pack, on=ON)
    assert (issue.path, issue.line, issue.check) == ("small/C-04@1", 1, "opposed-clauses")


def test_two_runs_say_the_same(tmp_path: Path) -> None:
    root = write(tmp_path, changed(("clauses/C-02.md", "  threat: [harm]", "  threat: [harm]\n  purpose: [none]")))
    assert str(lint(root, on=ON)) == str(lint(root, on=ON))


def test_the_second_shipped_pack_is_clean() -> None:
    report = lint(find("acceptable_use"), on=load(find("acceptable_use")).manifest.released)
    assert str(report) == "0 errors, 0 warnings, 0 accepted"
