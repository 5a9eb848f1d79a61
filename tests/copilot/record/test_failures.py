from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import Pool

from copilot.errors import RecordDamaged, RecordError, RecordFull, RecordLocked, RecordReadOnly
from copilot.record import Record
from copilot.record.failures import translation


def sqlite_failure(code: int, name: str) -> sqlite3.OperationalError:
    failure = sqlite3.OperationalError("words of a case")
    failure.sqlite_errorcode, failure.sqlite_errorname = code, name
    return failure


class ServerFailure(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__("words of a case")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("cause", "kind", "name"),
    [
        (sqlite_failure(sqlite3.SQLITE_BUSY, "SQLITE_BUSY"), RecordLocked, "SQLITE_BUSY"),
        (sqlite_failure(sqlite3.SQLITE_BUSY_SNAPSHOT, "SQLITE_BUSY_SNAPSHOT"), RecordLocked, "SQLITE_BUSY_SNAPSHOT"),
        (sqlite_failure(sqlite3.SQLITE_READONLY_DBMOVED, "SQLITE_READONLY_DBMOVED"), RecordReadOnly, "DBMOVED"),
        (sqlite_failure(sqlite3.SQLITE_IOERR_SHMSIZE, "SQLITE_IOERR_SHMSIZE"), RecordFull, "SQLITE_IOERR_SHMSIZE"),
        (sqlite_failure(sqlite3.SQLITE_IOERR_READ, "SQLITE_IOERR_READ"), RecordError, "SQLITE_IOERR_READ"),
        (sqlite_failure(sqlite3.SQLITE_CORRUPT_INDEX, "SQLITE_CORRUPT_INDEX"), RecordDamaged, "SQLITE_CORRUPT_INDEX"),
        (sqlite3.OperationalError("words of a case"), RecordError, "OperationalError"),
        (ServerFailure("55P03"), RecordLocked, "55P03"),
        (ServerFailure("25006"), RecordReadOnly, "25006"),
        (ServerFailure("53100"), RecordFull, "53100"),
        (ServerFailure("XX001"), RecordDamaged, "XX001"),
        (ServerFailure("08006"), RecordError, "08006"),
    ],
)
def test_each_database_failure_becomes_the_most_specific_error(
    cause: Exception, kind: type[RecordError], name: str
) -> None:
    error = translation(OperationalError("INSERT words of a case", ("words of a case",), cause), "record.db")
    assert type(error) is kind
    assert error.message.startswith("the record record.db ") and name in error.message
    assert error.hint and "words of a case" not in str(error)


def test_a_busy_pool_is_a_lock() -> None:
    assert type(translation(PoolTimeout(), "record.db")) is RecordLocked


def test_a_lock_held_by_another_connection(path: Path, record: Record) -> None:
    entry = record.append("note", "a", {"x": 1})
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecordLocked, match="in use by another process") as caught:
            record.append("note", "a", {"x": 2})
        assert str(path) in caught.value.message
        with pytest.raises(RecordLocked):
            record.purge("a", "lead-1", "retention period over")
        assert record.payload(entry) == {"x": 1}, "readers don't wait"
        with Record.open(path, patience=0) as again:
            assert list(again.entries()) == [entry]
        other.execute("ROLLBACK")
    assert record.append("note", "a", {"x": 3}).seq == 2
    record.verify().check()


def test_a_record_opened_for_reading_only(path: Path) -> None:
    with Record.open(path) as record:
        entry = record.append("note", "a", {"x": 1})
    with Record.open(f"sqlite:///file:{path}?mode=ro&uri=true", key_file=f"{path}.key") as record:
        assert record.payload(entry) == {"x": 1}
        record.verify().check()
        with pytest.raises(RecordReadOnly, match="can't be written"):
            record.append("note", "a", {"x": 2})
        with pytest.raises(RecordReadOnly, match="can't be written"):
            record.purge("a", "lead-1", "retention period over")
    with Record.open(path) as record:
        assert record.append("note", "a", {"x": 3}).seq == 2
        record.verify().check()


def as_folder(path: Path) -> str:
    path.mkdir()
    return str(path)


PLACES: list[tuple[Callable[[Path], str], type[RecordError]]] = [
    (as_folder, RecordReadOnly),
    (lambda path: str(path / "no" / "such" / "folder.db"), RecordReadOnly),
    (lambda path: f"sqlite:///file:{path}?mode=ro&uri=true", RecordReadOnly),
    (lambda path: "sqlite://", RecordError),
    (lambda path: "sqlite:///:memory:", RecordError),
    (lambda path: "no-such-database://host/name", RecordError),
    (lambda path: "://", RecordError),
]


@pytest.mark.parametrize(("place", "kind"), PLACES)
def test_a_place_where_no_record_can_be(path: Path, place: Callable[[Path], str], kind: type[RecordError]) -> None:
    with pytest.raises(kind) as caught:
        Record.open(place(path), key=bytes(32))
    assert type(caught.value) is kind
    assert caught.value.hint


def test_a_password_is_not_shown() -> None:
    with pytest.raises(RecordError) as caught:
        Record.open("no-such-database://user:password-1@host/name", key=bytes(32))
    assert "password-1" not in str(caught.value)


@pytest.mark.parametrize("content", [b"not a database " * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(RecordDamaged, match="not a readable database"):
        Record.open(path, key=bytes(32))
    assert path.read_bytes() == content


def test_a_damaged_page(path: Path) -> None:
    with Record.open(path) as record:
        record.append_all([("note", "a", {"number": number}) for number in range(200)])
    content = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'entries'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(content)
    with Record.open(path) as record, pytest.raises(RecordDamaged, match="not a readable database"):
        record.verify()


@contextmanager
def at_most_pages(count: int) -> Iterator[None]:
    """Every connection that is used inside finds the database full at this size."""

    def limit(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {count}")

    event.listen(Pool, "checkout", limit)
    try:
        yield
    finally:
        event.remove(Pool, "checkout", limit)


def test_a_full_database_and_room_again(path: Path) -> None:
    saved = []
    with at_most_pages(40), Record.open(path) as record:
        with pytest.raises(RecordFull, match="no space left"):
            for number in range(1000):
                saved.append(record.append("note", "a", {"number": number, "text": "x" * 5000}))
        assert saved and list(record.entries()) == saved
        record.verify().check()
    with at_most_pages(10_000), Record.open(path) as record:
        assert [(record.payload(entry) or {})["number"] for entry in saved] == list(range(len(saved)))
        assert record.append("note", "a", {}).seq == len(saved) + 1
        record.verify().check()


def test_no_room_for_a_new_record_leaves_none(path: Path) -> None:
    with at_most_pages(3), pytest.raises(RecordFull):
        Record.open(path)
    with at_most_pages(10_000), Record.open(path) as record:
        record.append("note", "a", {})
        record.verify().check()
