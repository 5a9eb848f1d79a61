"""Packs from a compiled copy, so that a command that only looks something up needn't parse them.

Parsing a pack's YAML takes seconds; reading it back as JSON takes a twentieth. A copy is one file: the SHA-256 of all
that follows, a line that says what it was made from, and the pack as JSON. It derives from the pack's files and never
stands in for one that changed: what is stale, damaged or can't be kept is passed over, and the files are read.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydantic

from policy_corpus.loader import files, load
from policy_corpus.pack import Pack
from policy_corpus.patterns import CHECKED

FORMAT = 1

SETTLED = 2_000_000_000
"""Nanoseconds after which a file's times can be trusted to change with its content: some file systems count seconds."""

Stamp = dict[str, Any]
"""What a copy was made from: the program, and of every file its size, times (0 where not settled) and SHA-256."""

_PROGRAM = Path(__file__).parent


def load_compiled(folder: Path, cache: Path) -> Pack:
    """The pack in that folder, the same as `loader.load` gives, from its copy in `cache` where that is up to date.

    A file whose size and times are unchanged is taken to be unchanged; any other is compared by its SHA-256. The
    program's own modules count as files of the pack, so that a copy never outlives a change of its validation.

    Raises:
        PackError: the folder is no pack, or something in it is wrong.
    """
    root = folder.resolve()
    place = cache / f"{root.name}-{_sha256(os.fsencode(root))[:16]}.json"
    copy = _read(place)
    stamp = _stamp(root, copy.stamp if copy else {})
    if copy is not None and stamp is not None and _contents(stamp) == _contents(copy.stamp):
        pack = copy.pack()
        if pack is not None:
            if stamp != copy.stamp:
                _keep(place, _Copy(stamp, copy.fingerprint, copy.body))
            return pack
    pack = load(folder)
    # A file that changed while it was read may be in the pack by its old or its new content: the next start will tell.
    if stamp is not None and stamp == _stamp(root, stamp):
        _compile(place, stamp, pack)
    return pack


@dataclass(frozen=True, slots=True)
class _Copy:
    stamp: Stamp
    fingerprint: str
    body: bytes

    def pack(self) -> Pack | None:
        """The pack, validated, with the fingerprint that was computed when the copy was made."""
        try:
            pack = Pack.model_validate_json(self.body, context=CHECKED)
        except ValueError:
            return None
        pack.__dict__["fingerprint"] = self.fingerprint
        return pack


def _compile(place: Path, stamp: Stamp, pack: Pack) -> None:
    copy = _Copy(stamp, pack.fingerprint, pack.model_dump_json(exclude_unset=True).encode())
    # Some values, such as an infinite number, don't survive JSON; such a pack is read from its files every time.
    if copy.pack() == pack:
        _keep(place, copy)


def _read(place: Path) -> _Copy | None:
    try:
        digest, _, rest = place.read_bytes().partition(b"\n")
        if _sha256(rest).encode() != digest:
            return None
        head, _, body = rest.partition(b"\n")
        told = json.loads(head)
        return _Copy(told["stamp"], told["fingerprint"], body)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(place: Path, copy: _Copy) -> None:
    """Writes the copy, whole or not at all; where that can't be done, there is none."""
    head = json.dumps({"stamp": copy.stamp, "fingerprint": copy.fingerprint}, separators=(",", ":"))
    rest = head.encode() + b"\n" + copy.body
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=place.stem, suffix=".part")
    except OSError:
        return
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(_sha256(rest).encode() + b"\n" + rest)
        part.replace(place)
    except OSError:
        part.unlink(missing_ok=True)


def _stamp(root: Path, former: Stamp) -> Stamp | None:
    """What a copy made now would be made from; files that are as in the former stamp aren't read again."""
    known = former.get("files", {})
    now = time.time_ns()
    try:
        seen = {str(file): _seen(file, known.get(str(file)), now) for file in (*_program(), *files(root))}
    except OSError:
        return None  # `load` says what is wrong with it
    return {"made by": [FORMAT, pydantic.VERSION, *sys.version_info[:2]], "files": seen}


def _program() -> list[Path]:
    return sorted(_PROGRAM.glob("*.py"))


def _seen(file: Path, former: list[Any] | None, now: int) -> list[Any]:
    """Size, time of change, time of change of the entry, SHA-256."""
    stat = file.stat()
    times = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
    if former is not None and former[:3] == times:
        return former
    settled = max(stat.st_mtime_ns, stat.st_ctime_ns) + SETTLED < now
    return [*(times if settled else (0, 0, 0)), _sha256(file.read_bytes())]


def _contents(stamp: Stamp) -> tuple[Any, dict[str, str]]:
    return stamp.get("made by"), {file: seen[3] for file, seen in stamp.get("files", {}).items()}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
