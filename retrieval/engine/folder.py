"""A folder of snapshots: each is written beside the others and then becomes the current one in a single step.

    snapshots/current           the name of the one to open
    snapshots/<name>/           a finished one; never changed, but for `added.log`, which only grows
    snapshots/.making-<name>/   one that is being written, or was when its process died

A process that has one open keeps it: what it has mapped stays readable after the folder is gone.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

_POINTER = "current"
_MAKING = ".making-"
_LEFT_BEHIND = 3600.0
"""Seconds after which a folder that nobody finished is taken for left behind."""


def current(folder: Path) -> Path | None:
    """The snapshot to open; none when none was ever finished."""
    try:
        name = (folder / _POINTER).read_text().strip()
    except FileNotFoundError:
        return None
    found = folder / name
    return found if name and found.is_dir() else None


def publish(folder: Path, write: Callable[[Path], None]) -> Path:
    """Have a snapshot written, and make it the current one. Killed at any moment, the one before stays current."""
    name = uuid4().hex
    making, made = folder / f"{_MAKING}{name}", folder / name
    making.mkdir(parents=True)
    try:
        write(making)
        for file in making.iterdir():
            _flush(file)
        _flush(making)
        making.rename(made)
        before = current(folder)
        _point(folder, name)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    _tidy(folder, {name, before.name if before else name})
    return made


def withdraw(folder: Path) -> None:
    """Leave no current snapshot."""
    (folder / _POINTER).unlink(missing_ok=True)


def _point(folder: Path, name: str) -> None:
    beside = folder / f"{_POINTER}.{name}"
    beside.write_text(name)
    _flush(beside)
    beside.replace(folder / _POINTER)
    _flush(folder)


def _tidy(folder: Path, keep: set[str]) -> None:
    """Remove what nobody will open any more; the one before stays, as somebody may be opening it just now."""
    for child in folder.iterdir():
        unfinished = child.name.startswith((_MAKING, f"{_POINTER}."))
        if child.name in keep | {_POINTER} or (unfinished and not _left_behind(child)):
            continue
        shutil.rmtree(child, ignore_errors=True) if child.is_dir() else child.unlink(missing_ok=True)


def _left_behind(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _LEFT_BEHIND
    except FileNotFoundError:
        return False


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
