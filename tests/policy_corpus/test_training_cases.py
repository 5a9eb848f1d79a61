"""Training cases: what is read of them, what is refused with its place, and that they are part of the pack."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from policy_corpus import PackError, load, load_compiled
from tests.conftest import SMALL

SHOWN = {"fact": "counterfeit", "value": "yes", "about": "subject"}
GOOD = {
    "id": "T-1",
    "surface": "marketplace",
    "parts": [
        {"role": "user", "by": "subject", "text": "Ten watches, all fake."},
        {"role": "tool", "text": "Listing held."},
    ],
    "shows": [SHOWN],
}


def small(tmp_path: Path, *lines: object) -> Path:
    pack = Path(shutil.copytree(SMALL, tmp_path / "small"))
    (pack / "training_cases").mkdir()
    (pack / "training_cases" / "goods.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    return pack


def test_they_are_part_of_the_pack_its_fingerprint_and_its_compiled_copy(tmp_path: Path) -> None:
    bare, folder, cache = load(SMALL), small(tmp_path, GOOD), tmp_path / "cache"
    pack = load(folder)
    (case,) = pack.training_cases
    assert [(part.role, part.by) for part in case.parts] == [("user", "subject"), ("tool", None)]
    assert pack.fingerprint != bare.fingerprint
    assert load_compiled(folder, cache) == load_compiled(folder, cache) == pack
    (folder / "training_cases" / "goods.jsonl").write_text(json.dumps({**GOOD, "id": "T-2"}))
    assert load_compiled(folder, cache).training_cases[0].id == "T-2"
    assert bare.training_cases == ()


def test_they_are_no_precedents_and_are_never_cited(tmp_path: Path) -> None:
    bare, pack = load(SMALL), load(small(tmp_path, GOOD))
    assert list(pack.passages()) == list(bare.passages())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": "T-1"}, "training case 'T-1' stands here again; give each its own id"),
        ({"shows": [{**SHOWN, "fact": "fake"}]}, "unknown fact 'fake'; expected one of: counterfeit"),
        ({"shows": [{**SHOWN, "value": "ye"}]}, "unknown value 'ye' of fact 'counterfeit'; did you mean 'yes'?"),
        ({"shows": [{**SHOWN, "value": "unknown"}]}, "words can't show 'counterfeit: unknown'; leave it out"),
        ({"shows": [{**SHOWN, "about": "case"}]}, "'counterfeit' can't be about 'case'; it is about a party"),
        ({"shows": [SHOWN, SHOWN]}, "it shows 'counterfeit: yes' twice; say it once"),
        ({"parts": []}, "parts: tuple should have at least 1 item"),
        ({"parts": [{"role": "user", "text": " "}]}, "part 1 is empty; write what it says"),
        ({"parts": [{"role": "judge", "text": "a"}]}, "unknown value 'judge' for 'parts.0.role'"),
        ({"because": "so"}, "unknown key 'because'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, change: dict[str, object], said: str) -> None:
    with pytest.raises(PackError) as raised:
        load(small(tmp_path, GOOD, {**GOOD, "id": "T-2", **change}))
    assert "small/training_cases/goods.jsonl:2: " in str(raised.value)
    assert said in str(raised.value)
