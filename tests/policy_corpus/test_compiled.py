"""A compiled copy is never anything but the pack that its files hold."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_corpus import Pack, PackError, compiled, find, load, load_compiled, loader
from tests.conftest import SMALL

PLANTED = "Not what the files say"
FILES = [str(file.relative_to(SMALL)) for file in loader.files(SMALL)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "home" / "packs"


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files whose times are trusted, as those of any pack that was not written this very moment."""
    monkeypatch.setattr(compiled, "SETTLED", 0)


def title(folder: Path, cache: Path) -> str:
    return load_compiled(folder, cache).manifest.title


def plant(cache: Path) -> None:
    """Change the copy's title, its own digest with it, so that reading the copy can be told from reading the files."""
    place = next(cache.glob("*.json"))
    rest = place.read_bytes().partition(b"\n")[2]
    changed = rest.replace(load(SMALL).manifest.title.encode(), PLANTED.encode())
    assert changed != rest
    place.write_bytes(hashlib.sha256(changed).hexdigest().encode() + b"\n" + changed)


def rewritten(file: Path) -> None:
    """Another content of the same size, with the time of change put back."""
    stat, data = file.stat(), file.read_bytes()
    place = next(place for place, byte in enumerate(data) if chr(byte).isalpha() and chr(byte) != "#")
    file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))


@pytest.mark.parametrize("pack", [SMALL, find("child_safety"), find("acceptable_use")], ids=lambda path: path.name)
def test_the_copy_holds_the_same_pack(pack: Path, cache: Path, child_safety: Pack) -> None:
    parsed = child_safety if pack.name == child_safety.id else load(pack)
    for _ in range(2):
        held = load_compiled(pack, cache)
        assert held == parsed
        assert held.model_fields_set == parsed.model_fields_set
        assert "fingerprint" in held.__dict__
        assert held.fingerprint == parsed.fingerprint == held.model_copy().fingerprint


@pytest.mark.usefixtures("settled")
def test_the_copy_is_read_until_the_pack_changes(folder: Path, cache: Path) -> None:
    title(folder, cache)
    plant(cache)
    assert title(folder, cache) == PLANTED
    (folder / "clauses" / "more.md").write_text((folder / FILES[-2]).read_text())
    with pytest.raises(PackError):
        load_compiled(folder, cache)
    (folder / "clauses" / "more.md").unlink()
    assert title(folder, cache) == PLANTED
    (folder / "patterns.yaml").unlink()
    assert title(folder, cache) == load(folder).manifest.title


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("name", FILES)
def test_a_change_of_any_file_is_noticed(folder: Path, cache: Path, name: str) -> None:
    title(folder, cache)
    plant(cache)
    rewritten(folder / name)
    assert _outcome(load_compiled, folder, cache) == _outcome(load, folder)


@pytest.mark.parametrize("name", FILES)
def test_a_change_in_the_same_moment_is_noticed(
    folder: Path, cache: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "SETTLED", 10**15)
    title(folder, cache)
    plant(cache)
    rewritten(folder / name)
    assert _outcome(load_compiled, folder, cache) == _outcome(load, folder)


@pytest.mark.usefixtures("settled")
def test_a_file_that_was_only_touched_is_stamped_anew(folder: Path, cache: Path) -> None:
    title(folder, cache)
    plant(cache)
    before = next(cache.glob("*.json")).read_bytes()
    (folder / "pack.yaml").touch()
    assert title(folder, cache) == PLANTED
    assert next(cache.glob("*.json")).read_bytes() != before


@pytest.mark.usefixtures("settled")
def test_another_program_makes_its_own_copy(
    folder: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "_PROGRAM", tmp_path)
    (tmp_path / "module.py").write_text("one")
    title(folder, cache)
    plant(cache)
    assert title(folder, cache) == PLANTED
    (tmp_path / "module.py").write_text("two")
    assert title(folder, cache) != PLANTED
    plant(cache)
    monkeypatch.setattr(compiled, "FORMAT", 2)
    assert title(folder, cache) != PLANTED


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data.replace(b"clause", b"Clause", 1),
        lambda data: hashlib.sha256(b"[]\n{}").hexdigest().encode() + b"\n[]\n{}",
        lambda data: bytes(reversed(data)),
    ],
)
def test_a_damaged_copy_is_made_again(folder: Path, cache: Path, damage: Callable[[bytes], bytes]) -> None:
    title(folder, cache)
    place = next(cache.glob("*.json"))
    sound = place.read_bytes()
    place.write_bytes(damage(sound))
    assert load_compiled(folder, cache) == load(folder)
    assert place.read_bytes().partition(b"\n")[2].partition(b"\n")[2] == sound.partition(b"\n")[2].partition(b"\n")[2]


def test_without_a_place_for_copies_the_files_are_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert load_compiled(folder, tmp_path / "file") == load(folder)
    assert load_compiled(folder, tmp_path / "file" / "below") == load(folder)


def test_a_folder_where_the_copy_should_be(folder: Path, cache: Path) -> None:
    title(folder, cache)
    place = next(cache.glob("*.json"))
    place.unlink()
    place.mkdir()
    assert load_compiled(folder, cache) == load(folder)
    assert list(cache.iterdir()) == [place]


def test_a_value_that_json_cannot_hold_is_kept_out_of_copies(folder: Path, cache: Path) -> None:
    duties = folder / "duties.yaml"
    text = duties.read_text()
    assert "hours: 2," in text
    duties.write_text(text.replace("hours: 2,", "hours: .inf,"))
    assert load_compiled(folder, cache) == load(folder)
    assert not cache.exists()


@pytest.mark.parametrize("kept", [False, True])
def test_errors_are_those_of_the_files(folder: Path, cache: Path, kept: bool) -> None:
    if kept:
        title(folder, cache)
    (folder / "vocabulary.yaml").write_text("facts: [")
    said = _outcome(load, folder)
    assert isinstance(said, str)
    assert _outcome(load_compiled, folder, cache) == said
    shutil.rmtree(folder)
    with pytest.raises(PackError, match="there is no such pack"):
        load_compiled(folder, cache)


def _outcome(load: Callable[..., object], *args: Path) -> object:
    try:
        return load(*args)
    except PackError as error:
        return str(error)
