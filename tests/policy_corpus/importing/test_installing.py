"""Imported precedents enter the pack whole, or not at all."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from policy_corpus import PackError, Precedent, load
from policy_corpus.importing import ImportFailed, install, remaining
from tests.conftest import SMALL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


def _one(id: str, **more: object) -> Precedent:
    fields: dict[str, object] = {
        "title": "A stall", "decided": "2026-03-01", "authority": "single", "facts": "Words.", "rationale": "Reasons.",
    }  # fmt: skip
    return Precedent.model_validate({"id": id, **fields, **more})


def _files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((folder / "precedents").iterdir())}


def test_they_stand_beside_the_packs_own(folder: Path) -> None:
    done = install([_one("T-1"), _one("T-2")], folder, "team")
    assert (done.file, done.set_aside) == ("imported-team.jsonl", ())
    assert [one.id for one in load(folder).precedents] == ["P-1", "P-2", "P-3", "P-4", "T-1", "T-2"]
    assert done.pack == load(folder)


def test_a_second_import_of_that_name_takes_the_place_of_the_first(folder: Path) -> None:
    install([_one("T-1"), _one("T-2")], folder, "team")
    assert "T-1" not in {one.id for one in remaining(folder, "team").precedents}
    install([_one("T-1", title="Changed")], folder, "team")
    assert [one.title for one in load(folder).precedents if one.id.startswith("T-")] == ["Changed"]


def test_illustrative_ones_are_set_aside_and_come_back(folder: Path) -> None:
    before = load(folder).precedents
    own = json.dumps(_one("Q-1").model_dump(mode="json"))
    with (folder / "precedents" / "all.jsonl").open("a") as stream:
        stream.write(f"{own}\n")
    assert [one.id for one in remaining(folder, "team", replace_illustrative=True).precedents] == ["Q-1"]
    done = install([_one("T-1")], folder, "team", replace_illustrative=True)
    assert ([one.id for one in done.pack.precedents], done.set_aside) == (["Q-1", "T-1"], ("all.jsonl.off",))
    off = folder / "precedents" / "all.jsonl.off"
    off.rename(off.with_name("illustrative.jsonl"))
    assert set(before) < set(load(folder).precedents)


def test_what_was_set_aside_before_is_not_lost(folder: Path) -> None:
    held = _files(folder)["all.jsonl"]
    for number in range(2):
        (folder / "precedents" / "all.jsonl").write_text(held)
        install([_one(f"T-{number}")], folder, "team", replace_illustrative=True)
        off = folder / "precedents" / "all.jsonl.off"
        off.write_text(off.read_text() + "{}\n")
    assert list(_files(folder)) == ["all.jsonl.off", "imported-team.jsonl"]
    assert _files(folder)["all.jsonl.off"].count('"P-1"') == held.count('"P-1"')
    assert "{}" in _files(folder)["all.jsonl.off"]


@pytest.mark.parametrize(
    ("made", "replace", "error", "says"),
    [
        (_one("T-1", clauses=["T-9@1"]), False, PackError, "imported-team.jsonl:1: unknown clause 'T-9@1'"),
        (_one("P-1"), True, ImportFailed, "the pack has precedents of these ids: P-1; set 'id_prefix'"),
        (None, True, ImportFailed, "there is no precedent to install"),
    ],
)
def test_nothing_changes_where_the_pack_would_not_load(
    folder: Path, made: Precedent | None, replace: bool, error: type[Exception], says: str
) -> None:
    before = _files(folder)
    with pytest.raises(error) as raised:
        install([made] if made else [], folder, "team", replace_illustrative=replace)
    assert says in str(raised.value)
    assert _files(folder) == before


@pytest.mark.parametrize("last", [0, 1, 2])
def test_a_pack_loads_wherever_writing_broke_off(folder: Path, monkeypatch: pytest.MonkeyPatch, last: int) -> None:
    """Both in the rehearsal and on the pack itself, of which the second is what counts."""
    steps = 0
    real, remove = os.replace, Path.unlink

    def counted(path: object) -> None:
        nonlocal steps
        if Path(str(path)).parent == folder / "precedents":
            steps += 1
            if steps > last:
                raise OSError(28, "No space left on device")

    def replace(source: str, target: Path) -> None:
        counted(target)
        real(source, target)

    def unlink(path: Path, missing_ok: bool = False) -> None:
        counted(path)
        remove(path, missing_ok)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(ImportFailed, match="can't write the pack 'small': No space left on device; name a folder"):
        install([_one("T-1")], folder, "team", replace_illustrative=True)
    monkeypatch.undo()
    assert {"P-1", "P-2", "P-3", "P-4"} <= {one.id for one in load(folder).precedents}
    assert not [path for path in (folder / "precedents").iterdir() if path.suffix == ".partial"]
    done = install([_one("T-1")], folder, "team", replace_illustrative=True)
    assert [one.id for one in done.pack.precedents] == ["T-1"]
