from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from policy_corpus import Pack, Tier, load
from tests.conftest import SMALL


@pytest.mark.parametrize(
    ("on", "ids"),
    [
        (date(2025, 6, 1), {"S-0"}),
        (date(2025, 12, 31), {"S-0"}),
        (date(2026, 1, 1), {"T-1", "T-2", "S-1"}),
        (date(2024, 1, 1), set()),
    ],
)
def test_clauses_in_force(small: Pack, on: date, ids: set[str]) -> None:
    assert {clause.id for clause in small.in_force(on)} == ids


def test_the_highest_version_in_force_answers(small: Pack) -> None:
    old = next(clause for clause in small.clauses if clause.id == "S-0").model_copy(update={"effective_until": None})
    new = old.model_copy(update={"version": 2, "effective_from": date(2025, 6, 1)})
    pack = small.model_copy(update={"clauses": (new, old)})
    assert [clause.ref for clause in pack.in_force(date(2025, 3, 1))] == ["S-0@1"]
    assert [clause.ref for clause in pack.in_force(date(2025, 7, 1))] == ["S-0@2"]


def test_an_undated_clause_is_always_in_force(small: Pack) -> None:
    clause = small.clauses[0].model_copy(update={"effective_from": None, "effective_until": None})
    assert clause.undated
    assert clause.in_force(date(1990, 1, 1))


def test_fingerprint_follows_content_not_place(small: Pack, tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path / "elsewhere")
    assert load(tmp_path / "elsewhere").fingerprint == small.fingerprint
    clause = tmp_path / "elsewhere" / "clauses" / "T-1.md"
    clause.write_text(clause.read_text().replace("loses the stall", "loses the stall."))
    assert load(tmp_path / "elsewhere").fingerprint != small.fingerprint


def test_a_passage_changes_its_digest_with_its_text(small: Pack) -> None:
    passage = small.passage("T-1@1#rule")
    assert passage is not None
    assert passage.model_copy(update={"text": passage.text + "!"}).digest != passage.digest


def test_a_changed_copy_has_a_fingerprint_of_its_own(small: Pack) -> None:
    before = small.fingerprint
    assert small.with_precedents(()).fingerprint != before
    assert small.with_precedents(small.precedents).fingerprint == before


def test_tiers(small: Pack) -> None:
    precedent = small.precedent("P-1")
    assert precedent is not None
    assert small.tier(precedent.plan) is Tier.ENFORCE
    assert small.tier(()) is Tier.NONE


def test_nobody_has_adopted_the_shipped_packs(child_safety: Pack) -> None:
    from policy_corpus import find, shipped

    assert child_safety.id in shipped()
    for pack in (child_safety, *(load(find(name)) for name in shipped() if name != child_safety.id)):
        assert pack.standing == "sample, not adopted"
