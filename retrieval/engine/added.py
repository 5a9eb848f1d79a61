"""What was added to a snapshot after it was made: vectors, appended line by line, so that none is computed twice."""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np

from retrieval.embedders.base import Vectors

_LOG = "added.log"

Added: TypeAlias = Mapping[tuple[str, str], Vectors]
"""A passage's vectors by its id and digest."""


def append(folder: Path, added: Added) -> None:
    """Add to the snapshot's log; on the disk when this returns."""
    lines = [
        json.dumps({"passage": id, "digest": digest, "rows": b64encode(rows.astype("<f4").tobytes()).decode()})
        for (id, digest), rows in added.items()
    ]
    handle = os.open(folder / _LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        # One write, led by a line break: what another process left half written stays a line of its own.
        os.write(handle, ("\n" + "\n".join(lines) + "\n").encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def read(folder: Path, dimension: int) -> dict[tuple[str, str], Vectors]:
    """What the snapshot's log holds. A line that was cut off is passed over: its passage is embedded again."""
    return {key: rows for line in _lines(folder) if line and (read := _read(line, dimension)) for key, rows in [read]}


def _lines(folder: Path) -> Iterator[str]:
    try:
        with (folder / _LOG).open(encoding="utf-8", errors="replace") as log:
            yield from (line.strip() for line in log)
    except FileNotFoundError:
        return


def _read(line: str, dimension: int) -> tuple[tuple[str, str], Vectors] | None:
    try:
        found = json.loads(line)
        rows = np.frombuffer(b64decode(found["rows"], validate=True), dtype="<f4").reshape(-1, dimension)
        return (str(found["passage"]), str(found["digest"])), rows.astype(np.float32)
    except (ValueError, KeyError, TypeError):
        return None
