"""What a new release changes: words, criteria and consequences, and which precedents must be read again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from policy_corpus import Pack, Status, load
from policy_corpus.versions import diff, stale_precedents
from tests.policy_corpus.checks.small_pack import CLEAN, changed, write

GOLDEN = Path(__file__).parent / "golden" / "diff.txt"
GOLD = {
    "case-1": {"contact": frozenset({"yes"}), "age": frozenset({"minor"})},
    "case-2": {"contact": frozenset({"yes"})},
    "case-3": {"label": frozenset({"no"})},
}
NEXT = """\
---
format: 1
id: C-01
title: Contact with a minor
version: 2
effective_from: 2026-07-01
changed: Adults are out of scope (A. Lead)
criteria:
  contact: ["yes"]
  any: [{age: [minor]}, {not: {label: ["yes"]}}]
outranks: [C-04]
default_plan:
  - {action: preserve, on: case}
  - {action: remove, on: items}
---

## Rule

Contact with a minor ends the account.

## Rationale

Adults decide for themselves.
"""
CLOSED = ("clauses/C-01.md", "2026-01-01\n", "2026-01-01\neffective_until: 2026-06-30\n")


@pytest.fixture
def old(tmp_path: Path) -> Pack:
    return load(write(tmp_path / "old", CLEAN))


@pytest.fixture
def new(tmp_path: Path) -> Pack:
    silent = ("clauses/C-02.md", "A threat is removed.", "Threats are removed.")
    withdrawn = ("clauses/C-03.md", '["no"]', '["no", unknown]')
    return load(write(tmp_path / "new", changed(CLOSED, silent, withdrawn, ("clauses/C-01-2.md", "", NEXT))))


def test_a_difference_is_told_with_its_consequences(old: Pack, new: Pack) -> None:
    assert str(diff(old, new, GOLD)) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_the_same_release_differs_in_nothing(old: Pack) -> None:
    same = diff(old, old, GOLD)
    assert (same.changes, same.shifts, same.stale, same.compared) == ((), (), (), 5)
    assert str(same) == "no clause changed\n\ncomes out differently, of 5:\n  nothing"


def test_before_the_new_version_begins_it_changes_no_answer(old: Pack, new: Pack) -> None:
    assert [shift.id for shift in diff(old, new, GOLD, on=date(2026, 6, 30)).shifts if shift.id == "case-1"] == []


def test_precedents_of_a_changed_clause_become_stale_with_the_reason(old: Pack, new: Pack) -> None:
    (stale,) = stale_precedents(old, new)
    assert (stale.id, stale.status) == ("P-1", Status.STALE)
    assert stale.status_reason == "C-01@1 became C-01@2: Adults are out of scope (A. Lead)"


def test_precedents_of_a_withdrawn_clause_become_stale(old: Pack) -> None:
    without = Pack(**{**dict(old), "clauses": tuple(clause for clause in old.clauses if clause.id != "C-04")})
    assert [stale.status_reason for stale in stale_precedents(old, without)] == ["C-04@1 was withdrawn"]
