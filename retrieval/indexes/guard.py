"""What keeps Chroma's files safe, and its errors understandable.

Chroma waits for over a quarter of an hour on a locked database and caches a client that failed to open, so files are
looked at first, by SQLite itself; two processes that sync at once would interleave, so a sync holds a lock that the
operating system releases when its process dies.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from retrieval.errors import IndexDamaged, IndexFault, IndexFull, IndexLocked, IndexReadOnly

DATABASE = "chroma.sqlite3"
_LOCK = "sync.lock"

_SIGNS: tuple[tuple[tuple[str, ...], type[IndexFault], str, str], ...] = (
    (
        ("is locked", "(code: 5)", "busy"),
        IndexLocked,
        "is being written by another process",
        "wait for it, then try again",
    ),
    (
        ("readonly", "read-only", "permission denied", "unable to open", "not permitted"),
        IndexReadOnly,
        "can't be written",
        "check the folder's permissions, or name another one",
    ),
    (("is full", "no space left", "quota"), IndexFull, "has no space left", "free some space, then sync again"),
    (("file exists", "not a directory"), IndexReadOnly, "is a file, not a folder", "name a folder for the index"),
)


def fault(error: BaseException, folder: Path) -> IndexFault:
    """Our error for one of Chroma's or SQLite's; what isn't recognised counts as damage, as a rebuild mends it."""
    said = str(error).lower()
    for signs, kind, message, hint in _SIGNS:
        if any(sign in said for sign in signs):
            return kind(f"the index in '{folder}' {message}", hint)
    hint = "rebuild it: ChromaIndex.rebuilt(…), then sync; nothing is lost, it derives from the pack"
    return IndexDamaged(f"the index in '{folder}' can't be read ({type(error).__name__})", hint)


def look_at(folder: Path, wait: float) -> None:
    """Make the folder, and see whether a database that is in it can be written within `wait` seconds.

    Raises:
        IndexFault: it can't.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / DATABASE).exists():
            with closing(sqlite3.connect(folder / DATABASE, timeout=wait, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                connection.execute("ROLLBACK")
    except (sqlite3.Error, OSError) as error:
        raise fault(error, folder) from error


@contextmanager
def writing(folder: Path, wait: float) -> Iterator[bool]:
    """Hold the folder's lock for a sync; true, as everybody else is kept out.

    Raises:
        IndexLocked: another process or thread held it for `wait` seconds.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(folder / _LOCK, timeout=wait, isolation_level=None)
    except (sqlite3.Error, OSError) as error:
        raise fault(error, folder) from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise fault(error, folder) from error
        yield True


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Chroma's errors, and the file system's, as ours."""
    try:
        yield
    except OSError as error:
        raise fault(error, folder) from error
    except Exception as error:
        if type(error).__module__.startswith("chromadb"):
            raise fault(error, folder) from error
        raise
