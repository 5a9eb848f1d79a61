"""SHA-256 of files, remembered between runs where a folder is given for it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = "checked.json"
_FORMAT = 1


class Digests:
    """Reads a file again only when its size, its times or its place on the disk changed.

    What is remembered is a matter of speed alone: a notebook that is missing, damaged or can't be written costs another
    reading. Whoever can write it can also write the program's settings, so it is no defence against them.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._notebook = folder / _FILE if folder else None
        self._known = _read(self._notebook)

    def of(self, file: Path) -> str:
        """The file's SHA-256, in hexadecimal.

        Raises:
            OSError: the file can't be read.
        """
        mark = _mark(file)
        if self._notebook is None:
            return _digest(file, mark)
        key = str(file.absolute())
        known = self._known.get(key)
        if not (isinstance(known, dict) and known.get("mark") == list(mark) and _is_digest(known.get("sha256"))):
            known = self._known[key] = {"mark": list(mark), "sha256": _digest(file, mark)}
            self._write(self._notebook)
        return str(known["sha256"])

    def _write(self, notebook: Path) -> None:
        kept = {name: known for name, known in self._known.items() if os.path.exists(name)}
        with contextlib.suppress(OSError):
            notebook.parent.mkdir(parents=True, exist_ok=True)
            _replace(notebook, json.dumps({"format": _FORMAT, "files": kept}, indent=1))


def _mark(file: Path) -> tuple[int, ...]:
    # The time of the last change of the entry itself can't be set back by copying tools, unlike that of the content.
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64


def _read(notebook: Path | None) -> dict[str, Any]:
    if notebook is None:
        return {}
    try:
        read = json.loads(notebook.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    files = read.get("files") if isinstance(read, dict) and read.get("format") == _FORMAT else None
    return files if isinstance(files, dict) else {}


def _replace(file: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(name, file)
    except OSError:
        os.unlink(name)
        raise


@lru_cache(maxsize=256)
def _digest(file: Path, mark: tuple[int, ...]) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
