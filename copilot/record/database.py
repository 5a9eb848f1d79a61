"""Connections to a record's database: SQLite in a file, or what a SQLAlchemy URL names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from copilot.errors import RecordError
from copilot.record.failures import translated

ON_CONNECT = (
    "PRAGMA foreign_keys = ON",
    # A commit has reached the disk when it returns: a decision that was shown as saved survives a power cut.
    "PRAGMA synchronous = FULL",
    # A destroyed key must not linger in free pages.
    "PRAGMA secure_delete = ON",
)

NAME_A_FILE = "name a file, such as var/record.db"


class Database:
    """Opens transactions; every error inside comes out as a RecordError."""

    def __init__(self, url: URL, patience: float) -> None:
        self.place = url.render_as_string(hide_password=True) if plain_file(url) is None else str(url.database)
        with translated(self.place):
            self._engine = _engine(url, patience)

    @property
    def is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the record throughout and never waits for writers."""
        # SQLite's transactions are like this anyway, and it has no level of that name.
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with translated(self.place), self._engine.connect() as connection:
            connection.execution_options(**options)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits at the end, or leaves everything as it was."""
        with translated(self.place), self._engine.connect() as connection:
            connection.execution_options(begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection

    def empty_log(self) -> None:
        """Removes overwritten content from SQLite's write-ahead log; readers in the way put it off to the next time."""
        if not self.is_sqlite:
            return
        with translated(self.place), closing(self._engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self._engine.dispose()


def url_of(where: str | Path) -> URL:
    """The URL of a path or URL; RecordError when it is neither or would not outlive the process."""
    if isinstance(where, Path) or "://" not in where:
        url = URL.create("sqlite", database=str(where))
    else:
        try:
            url = make_url(where)
        except ArgumentError:
            raise RecordError("the record's address is not a URL", NAME_A_FILE) from None
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise RecordError("a record in memory would not survive a restart", NAME_A_FILE)
    return url


def plain_file(url: URL) -> Path | None:
    """The file of a SQLite record that was named by its path, otherwise none."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith("file:"):
        return None
    return Path(url.database)


def _engine(url: URL, patience: float) -> Engine:
    if url.get_backend_name() != "sqlite":
        return _server_engine(url)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": patience})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _server_engine(url: URL) -> Engine:
    try:
        return create_engine(url, hide_parameters=True)
    except (ModuleNotFoundError, NoSuchModuleError):
        hint = f"install its driver, or {NAME_A_FILE}"
        raise RecordError(f"no driver for '{url.drivername}' databases is installed", hint) from None


def _set_up(connection: sqlite3.Connection, _: Any) -> None:
    # The driver would begin transactions late and by itself; _begin does so instead.
    connection.isolation_level = None
    for pragma in ON_CONNECT:
        connection.execute(pragma)
    _keep_log(connection)


def _keep_log(connection: sqlite3.Connection) -> None:
    """Switches to write-ahead logging, where readers and a writer don't wait for each other. The file remembers it."""
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        return
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as failure:
        # Somebody else is at work, perhaps switching too, or nothing is to be written: all is correct without it.
        if failure.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY):
            raise


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
