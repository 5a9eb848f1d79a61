"""A precedent goes stale with its clause and is active again only by a person's word."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from policy_corpus import PackError, load
from policy_corpus.exchange import reaffirm, restate, revise
from policy_corpus.precedents import Status
from policy_corpus.versions import stale_precedents
from tests.conftest import SMALL


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A copy of the small pack in which T-1 has a second version and its precedents are stale."""
    folder = tmp_path / "mine"
    shutil.copytree(SMALL, folder)
    before = load(folder)
    revise(folder, "T-1", reason="clearer", author="lead", effective_from=date(2027, 1, 1))
    restate(folder, stale_precedents(before, load(folder)))
    return folder


def test_a_changed_clause_makes_its_active_precedents_stale_and_no_others(mine: Path) -> None:
    held = {one.id: (one.status, one.status_reason) for one in load(mine).precedents}
    assert held["P-1"] == (Status.STALE, "T-1@1 became T-1@2: clearer (lead)")
    assert held["P-2"] == (Status.ACTIVE, "")
    assert held["P-4"][0] is Status.OVERRULED
    lines = (mine / "precedents" / "all.jsonl").read_text().split("\n")
    assert lines[1:] == (SMALL / "precedents" / "all.jsonl").read_text().split("\n")[1:]


def test_a_person_reaffirms_it_under_the_new_version(mine: Path) -> None:
    reaffirm(mine, "P-1", reason="same mark", author="lead")
    again = load(mine).precedent("P-1")
    assert again is not None
    assert (again.status, again.clauses) == (Status.ACTIVE, ("T-1@2",))
    assert again.status_reason == "reaffirmed under T-1@2: same mark (lead)"
    assert again.facts == load(SMALL).precedent("P-1").facts  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("id", "reason", "said"),
    [
        ("P-9", "r", "there is no precedent 'P-9'; did you mean"),
        ("P-2", "r", "'P-2' is active; only a stale one is reaffirmed"),
        ("P-4", "r", "'P-4' is overruled"),
        ("P-1", " ", "can't be reaffirmed without reason and author"),
    ],
)
def test_what_cannot_be_reaffirmed(mine: Path, id: str, reason: str, said: str) -> None:
    before = (mine / "precedents" / "all.jsonl").read_text()
    with pytest.raises(PackError, match=said):
        reaffirm(mine, id, reason=reason, author="lead")
    assert (mine / "precedents" / "all.jsonl").read_text() == before
