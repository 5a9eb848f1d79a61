from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.errors import RecordError, RecordReadOnly
from copilot.record import Record
from copilot.record.master_key import from_file

KEY = bytes(range(32))


def test_a_key_file_is_created_with_the_record_for_its_owner_only(path: Path, record: Record) -> None:
    key_file = path.with_name("record.db.key")
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert len(bytes.fromhex(key_file.read_text())) == 32
    assert {file.name for file in path.parent.iterdir()} - {"record.db-wal", "record.db-shm"} == {
        "record.db",
        "record.db.key",
    }
    assert key_file.read_text().strip() not in repr(vars(record))


def test_a_key_may_be_passed_or_lie_elsewhere(tmp_path: Path) -> None:
    with Record.open(tmp_path / "passed.db", key=KEY) as record:
        entry = record.append("note", "a", {"x": 1})
    assert not (tmp_path / "passed.db.key").exists()
    (tmp_path / "elsewhere").write_text(KEY.hex())
    with Record.open(tmp_path / "passed.db", key_file=tmp_path / "elsewhere") as record:
        assert record.payload(entry) == {"x": 1}


def removed(file: Path) -> None:
    file.unlink()


def another(file: Path) -> None:
    file.write_text(KEY.hex())


def cut(file: Path) -> None:
    file.write_text(file.read_text()[:20])


def garbled(file: Path) -> None:
    file.write_bytes(b"\xff" * 64)


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (removed, "is missing, and the record exists already"),
        (another, "the key does not belong to this record"),
        (cut, "holds no key"),
        (garbled, "holds no key"),
        (folder, "can't be read"),
    ],
)
def test_a_lost_or_wrong_key_is_never_replaced(path: Path, change: Callable[[Path], None], message: str) -> None:
    key_file = path.with_name("record.db.key")
    with Record.open(path) as record:
        entry = record.append("note", "a", {"x": 1})
    right = key_file.read_text()
    change(key_file)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(RecordError, match=message) as caught:
        Record.open(path)
    assert caught.value.hint and right.strip()[:20] not in str(caught.value)
    assert before == {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with Record.open(path, key=bytes.fromhex(right)) as record:
        assert record.payload(entry) == {"x": 1}


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"key": b"short"}, "the record's key has 5 bytes"),
        ({"key": KEY, "key_file": "somewhere"}, "the record needs one key"),
    ],
)
def test_a_key_that_cannot_be(path: Path, choice: dict[str, bytes], message: str) -> None:
    with pytest.raises(RecordError) as caught:
        Record.open(path, **choice)  # type: ignore[arg-type]
    assert caught.value.message == message
    assert caught.value.hint


def test_a_url_that_names_no_plain_file_needs_a_key(path: Path) -> None:
    with pytest.raises(RecordError, match="the record needs one key"):
        Record.open(f"sqlite:///file:{path}?uri=true")


def test_a_key_file_that_cannot_be_created(tmp_path: Path) -> None:
    with pytest.raises(RecordReadOnly, match="can't be created"):
        Record.open(tmp_path / "record.db", key_file=tmp_path / "no" / "folder")


def test_the_faster_process_makes_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def second(source: Path, target: Path) -> None:
        target.write_text(KEY.hex())
        link(source, target)

    monkeypatch.setattr(os, "link", second)
    assert from_file(tmp_path / "key", may_create=True) == KEY
    assert [file.name for file in tmp_path.iterdir()] == ["key"]
