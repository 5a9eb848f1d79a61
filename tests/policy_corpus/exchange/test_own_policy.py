"""A policy of one's own: begun, changed and adopted, with comments kept and refusals that say what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from policy_corpus import PackError, load
from policy_corpus.checks import lint
from policy_corpus.exchange import adopt, new, revise

DAY = date(2026, 6, 1)
LATER = date(2026, 9, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new(tmp_path / "mine", "mine", 'Our "own": policy', DAY)


def test_a_new_pack_loads_and_passes_the_checks(folder: Path) -> None:
    pack = load(folder)
    assert (pack.manifest.title, pack.standing) == ('Our "own": policy', "sample, not adopted")
    assert lint(folder, on=DAY).clean


def test_adoption_changes_the_standing_and_keeps_comments(folder: Path) -> None:
    pack = adopt(folder, " Policy lead ", DAY, note="Council of 1 June")
    assert pack.standing == "adopted by Policy lead on 2026-06-01"
    text = (folder / "pack.yaml").read_text()
    assert "# Area id to title; clauses and precedents name these ids." in text
    assert adopt(folder, "Counsel", LATER).standing == "adopted by Counsel on 2026-09-01"


def test_a_revised_clause_keeps_its_past_and_says_why(folder: Path) -> None:
    path = revise(folder, "G-01", reason="Too wide", author="A. Lead", effective_from=LATER)
    pack = load(folder)
    first, second = pack.clause("G-01@1"), pack.clause("G-01@2")
    assert first is not None
    assert second is not None
    assert (first.effective_until, second.effective_from) == (date(2026, 8, 31), LATER)
    assert (second.changed, second.sections) == ("Too wide (A. Lead)", first.sections)
    assert "# When the clause applies" in path.read_text()
    again = revise(folder, "G-01", reason="Too narrow", author="A. Lead", effective_from=date(2026, 10, 1))
    assert sorted(file.name for file in again.parent.iterdir()) == ["G-01.md", "G-01.v1.md", "G-01.v2.md", "G-99.md"]
    assert lint(folder, on=LATER).clean


def test_what_cannot_be_done_is_refused_with_a_hint(folder: Path, tmp_path: Path) -> None:
    refusals = {
        "there is something here already; name a new or empty folder": lambda: new(folder, "mine", "T", DAY),
        "'Mine' can't be the id of a pack; use small letters": lambda: new(tmp_path / "b", "Mine", "T", DAY),
        "nobody adopts this pack; name a person or a role": lambda: adopt(folder, " ", DAY),
        "there is no clause 'G-1'; did you mean": lambda: _revise(folder, id="G-1"),
        "'G-01' can't change without reason and author": lambda: _revise(folder, reason=" "),
        "clauses/G-01.md:1: the new version would begin on 2026-06-01": lambda: _revise(folder, effective_from=DAY),
    }
    for words, act in refusals.items():
        with pytest.raises(PackError) as caught:
            act()
        assert words in str(caught.value)


def _revise(folder: Path, **changes: object) -> object:
    given: dict[str, object] = {"id": "G-01", "reason": "R", "author": "A", "effective_from": LATER, **changes}
    return revise(folder, **given)  # type: ignore[arg-type]
