from __future__ import annotations

import logging
import sqlite3
import traceback
from contextlib import closing
from pathlib import Path

import pytest

from copilot.errors import RecordError, RecordLocked
from copilot.record import Record

WORDS = "seventeen-teal-lanterns"


class Unserialisable:
    def __repr__(self) -> str:
        return WORDS


def files_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_case_text_is_in_no_file(path: Path, record: Record) -> None:
    entry = record.append("note", "a", {"text": WORDS})
    assert (path.parent / "record.db-wal").stat().st_size, "the write-ahead log is among the files read"
    assert WORDS.encode() not in files_of(path)
    assert WORDS not in repr(entry) + repr(record)
    record.close()
    assert WORDS.encode() not in files_of(path)


def test_case_text_is_in_no_error_and_no_log(path: Path, record: Record, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    entry = record.append("note", "a", {"text": WORDS})
    errors: list[RecordError] = []
    with pytest.raises(RecordError) as unserialisable:
        record.append("note", "a", {"text": WORDS, "x": Unserialisable()})  # type: ignore[dict-item]
    errors.append(unserialisable.value)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecordLocked) as locked:
            record.append("note", "a", {"text": WORDS})
        errors.append(locked.value)
        other.execute("ROLLBACK")
        other.execute("DROP TABLE head")
    with pytest.raises(RecordError) as broken:
        record.append("note", "a", {"text": WORDS})
    errors.append(broken.value)
    assert record.payload(entry) == {"text": WORDS}
    for error in errors:
        assert WORDS not in str(error) + repr(error) + "".join(traceback.format_exception(error))
        assert error.__suppress_context__ and error.__cause__ is None
    assert WORDS not in caplog.text


def test_a_purged_key_is_in_no_file(path: Path, record: Record) -> None:
    record.append_all([("note", case_id, {"text": "x" * 9000}) for case_id in ("a", "b")])
    with closing(sqlite3.connect(path)) as connection:
        (key,) = connection.execute("SELECT wrapped_key FROM case_keys WHERE case_id = 'a'").fetchone()
        (text,) = connection.execute("SELECT ciphertext FROM payloads WHERE case_id = 'a'").fetchone()
    # Ciphertexts span pages, so a piece from their end is looked for.
    secrets = [key[-32:], text[-64:]]
    assert all(secret in files_of(path) for secret in secrets)
    record.purge("a", "lead-1", "retention period over")
    assert not any(secret in files_of(path) for secret in secrets)


def test_a_payload_opens_only_with_its_own_entry(path: Path, record: Record) -> None:
    one, two = record.append_all([("note", "a", {"x": 1}), ("note", "a", {"x": 2})])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(
            "UPDATE payloads SET (nonce, ciphertext, digest) = (SELECT nonce, ciphertext, digest FROM payloads"
            " WHERE id = ?) WHERE id = ?",
            (two.payload_id, one.payload_id),
        )
    with pytest.raises(RecordError, match="what entry 1 says is lost or was changed"):
        record.payload(one)
