"""Gold cases: loading, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals import gold
from evals.errors import DataError
from tests.evals.small_pack import GOLD, small_pack


def _write(tmp_path: Path, *cases: dict[str, Any]) -> Path:
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps(case) + "\n" for case in cases))
    return file


def _line(number: int = 0, **more: Any) -> dict[str, Any]:
    return {**GOLD[number].model_dump(mode="json"), **more}


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    file = _write(tmp_path, *(one.model_dump(mode="json") for one in GOLD))
    assert gold.load(file, small_pack()) == GOLD
    assert gold.load(tmp_path) == GOLD


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"family": ""}, "family"),
        ({"part": "dev"}, "unknown value 'dev' for 'part'"),
        ({"colour": 1}, "unknown key 'colour'"),
        ({"expected": {"clauses": ["LB-9"]}}, "unknown clause 'LB-9'; did you mean"),
        ({"expected": {"duties": ["tell_bord"]}}, "unknown duty 'tell_bord'; did you mean 'tell_board'"),
        ({"expected": {"acceptable_plans": [[{"action": "fly", "on": "case"}]]}}, "unknown action 'fly'"),
        ({"expected": {"findings": [{"fact": "advert", "value": "blue"}]}}, "'advert: blue' is not in the vocabulary"),
        ({"expected": {"findings": [{"fact": "advert", "value": "yes", "about": "x"}]}}, "about 'x', who is not"),
        ({"area": "cellar"}, "unknown area 'cellar'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    file = _write(tmp_path, _line(), _line(1, **change))
    with pytest.raises(DataError) as error:
        gold.load(file, small_pack())
    assert "cases.jsonl:2: " in str(error.value) and says in str(error.value)


def test_a_doubled_id_and_a_parted_family_are_refused(tmp_path: Path) -> None:
    file = _write(tmp_path, _line(), _line(), _line(1), _line(2, part="test"))
    with pytest.raises(DataError) as error:
        gold.load(file, small_pack())
    assert "cases.jsonl:2: case 'g-1' stands here again" in str(error.value)
    assert "family 'lamps' is in 'test' here and in 'tune' elsewhere" in str(error.value)


def test_no_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there are no gold cases"):
        gold.load(tmp_path / "nothing")
