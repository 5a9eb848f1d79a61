"""The one seam where a database's errors become the record's.

Messages hold the place and the database's error name only: what a driver says may repeat what was to be stored.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from copilot.errors import RecordDamaged, RecordError, RecordFull, RecordLocked, RecordReadOnly

EXPLAINED: dict[type[RecordError], tuple[str, str]] = {
    RecordLocked: ("is in use by another process", "try again; if it stays so, end the process that holds it"),
    RecordReadOnly: ("can't be written or opened", "the file and its folder must exist, and you must be able to write"),
    RecordFull: ("has no space left", "free disk space and try again; everything saved before is still there"),
    RecordDamaged: ("is not a readable database", "keep the file as it is and restore the record from a backup"),
    RecordError: ("failed", "everything saved before is still there"),
}

BY_SQLITE_CODE: dict[int, type[RecordError]] = {
    # A shared-memory file that can't grow is how a full disk shows itself in WAL mode.
    sqlite3.SQLITE_IOERR_SHMSIZE: RecordFull,
    sqlite3.SQLITE_BUSY: RecordLocked,
    sqlite3.SQLITE_LOCKED: RecordLocked,
    sqlite3.SQLITE_READONLY: RecordReadOnly,
    sqlite3.SQLITE_CANTOPEN: RecordReadOnly,
    sqlite3.SQLITE_PERM: RecordReadOnly,
    sqlite3.SQLITE_FULL: RecordFull,
    sqlite3.SQLITE_CORRUPT: RecordDamaged,
    sqlite3.SQLITE_NOTADB: RecordDamaged,
}
"""By extended result code first, then by primary code (https://www.sqlite.org/rescode.html)."""

BY_SQLSTATE: dict[str, type[RecordError]] = {
    "55P03": RecordLocked,
    "40P01": RecordLocked,
    "40001": RecordLocked,
    "25006": RecordReadOnly,
    "42501": RecordReadOnly,
    "53100": RecordFull,
    "XX001": RecordDamaged,
    "XX002": RecordDamaged,
}
"""PostgreSQL's codes (its documentation, appendix A)."""


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turns what the database raises inside into a RecordError about the place."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as failure:
        raise translation(failure, place) from None


def translation(failure: Exception, place: str) -> RecordError:
    """The most specific RecordError for a failure of the database."""
    cause = failure.orig if isinstance(failure, DBAPIError) else failure
    kind = RecordLocked if isinstance(failure, PoolTimeout) else _kind(cause)
    what, hint = EXPLAINED[kind]
    name = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or type(cause).__name__
    return kind(f"the record {place} {what} ({name})", hint)


def _kind(cause: BaseException | None) -> type[RecordError]:
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        return BY_SQLITE_CODE.get(code) or BY_SQLITE_CODE.get(code & 0xFF, RecordError)
    return BY_SQLSTATE.get(str(getattr(cause, "sqlstate", "")), RecordError)
