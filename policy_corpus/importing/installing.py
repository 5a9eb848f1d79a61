"""Puts imported precedents into a pack's folder, so that the pack loads before and after, whatever interrupts it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from policy_corpus.importing.errors import ImportFailed
from policy_corpus.loader import load, read
from policy_corpus.pack import Pack
from policy_corpus.precedents import Authority, Precedent

OFF = ".off"
"""The ending of files with precedents that were set aside, which the loader doesn't read."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation changed. `pack` is the pack as it loads now."""

    pack: Pack
    file: str
    set_aside: tuple[str, ...]
    """The files to which illustrative precedents were moved."""


def file_name(name: str) -> str:
    """The name of the file that an import writes; a second import of the same name takes its place."""
    return f"imported-{name}.jsonl"


def remaining(folder: Path, name: str, *, replace_illustrative: bool = False) -> Pack:
    """The pack without those precedents that the import is going to replace.

    Raises:
        PackError: the folder holds no pack that loads.
    """
    pack, source_of = read(folder)
    return pack.with_precedents(
        tuple(
            one
            for one in pack.precedents
            if Path(source_of(one).path).name != file_name(name)
            and not (replace_illustrative and one.authority is Authority.ILLUSTRATIVE)
        )
    )


def install(
    precedents: Sequence[Precedent], folder: Path, name: str, *, replace_illustrative: bool = False
) -> Installed:
    """Writes the precedents beside the pack's own, or in place of the illustrative ones.

    Raises:
        PackError: the pack would not load with them; nothing was changed.
        ImportFailed: there is nothing to install, or the folder can't be written.
    """
    if not precedents:
        raise ImportFailed("there is no precedent to install", "see the problems and warnings of the rows")
    _check_taken(precedents, folder, name)
    target = Path("precedents", file_name(name))
    changes = _set_aside(folder, skip=target.name) if replace_illustrative else {}
    lines = [json.dumps(one.model_dump(mode="json"), ensure_ascii=False) for one in precedents]
    changes[target] = _text(lines)
    try:
        _rehearse(folder, changes)
        _apply(folder, changes)
    except OSError as error:
        hint = "name a folder of your own with --pack: copy the shipped pack's folder and import into the copy"
        raise ImportFailed(f"can't write the pack '{folder.name}': {error.strerror}", hint) from error
    off = tuple(path.name for path in changes if path.suffix == OFF)
    return Installed(load(folder), target.name, off)


def _check_taken(precedents: Sequence[Precedent], folder: Path, name: str) -> None:
    """An id is never given to another decision, even where the first one goes: drafts and records cite it."""
    pack, source_of = read(folder)
    others = {one.id for one in pack.precedents if Path(source_of(one).path).name != file_name(name)}
    taken = sorted(others.intersection(one.id for one in precedents))
    if taken:
        raise ImportFailed(f"the pack has precedents of these ids: {', '.join(taken[:5])}", "set 'id_prefix'")


Changes = dict[Path, str | None]
"""File, below the pack's folder, to its new text; none where it goes."""


def _set_aside(folder: Path, skip: str) -> Changes:
    """Moves illustrative lines of every file to a file that isn't read; a file of which nothing is left goes."""
    changes: Changes = {}
    for path in sorted((folder / "precedents").glob("*.jsonl")):
        lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
        going = [line for line in lines if _illustrative(line)]
        if path.name != skip and going:
            away = path.with_name(path.name + OFF)
            held = away.read_text(encoding="utf-8").split("\n") if away.exists() else []
            changes[away.relative_to(folder)] = _text(list(dict.fromkeys([*filter(None, held), *going])))
            changes[path.relative_to(folder)] = _text([line for line in lines if line not in going]) or None
    return changes


def _illustrative(line: str) -> bool:
    default: str = Precedent.model_fields["authority"].default
    return bool(json.loads(line).get("authority", default) == Authority.ILLUSTRATIVE)


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _rehearse(folder: Path, changes: Changes) -> None:
    """Makes the changes in a copy and loads it, so that a pack that wouldn't load is never written."""
    with tempfile.TemporaryDirectory(prefix="reviewer-copilot-") as place:
        copy = Path(place) / folder.resolve().name
        shutil.copytree(folder, copy)
        _apply(copy, changes)
        load(copy)


def _apply(folder: Path, changes: Changes) -> None:
    """One file after the other, each whole or not at all.

    What is set aside is written first and taken away last: an interruption in between leaves the old precedents beside
    the new ones, which loads, and running the import again finishes it.
    """
    (folder / "precedents").mkdir(exist_ok=True)
    for path in sorted(changes, key=lambda path: (path.suffix != OFF, not path.name.startswith("imported-"), path)):
        text = changes[path]
        if text is None:
            (folder / path).unlink()
        else:
            _replace(folder / path, text)


def _replace(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp lets only its owner read; a pack is read by everybody who reviews.
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
