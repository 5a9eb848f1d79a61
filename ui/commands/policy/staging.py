"""Writing packs so that nothing is left half-written: all of it is made elsewhere first, and must load."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import click

from policy_corpus import PackError, Problem, find, load
from policy_corpus.loader import SHIPPED

Result = TypeVar("Result")


def own(name: str) -> Path:
    """The folder of a pack that may be changed.

    Raises:
        UsageError: it belongs to the program.
    """
    folder = find(name)
    if folder.resolve().is_relative_to(SHIPPED.resolve()):
        copy = f"reviewer-copilot policy new --from {folder.name} FOLDER"
        raise click.UsageError(f"'{folder.name}' comes with the program and stays as it is; copy it first: {copy}")
    return folder


def copy(source: Path, target: Path) -> None:
    """A pack's files without whatever is hidden."""
    for name in _files(source):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A place to make a folder in; the folder appears once everything is there.

    Raises:
        PackError: something is in the folder already.
    """
    folder = folder.absolute()
    with reported(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise PackError([Problem(folder.name, 1, "there is something here already", "name a new or empty folder")])
        nearest = next(parent for parent in folder.parents if parent.is_dir())
        with TemporaryDirectory(dir=nearest, prefix=".policy-") as scratch:
            place = Path(scratch) / folder.resolve().name
            yield place
            _move(place, folder)


def changed(folder: Path, change: Callable[[Path], Result]) -> Result:
    """Changes a copy of a pack, sees that it loads, and only then takes the changed files over.

    Raises:
        PackError: the pack doesn't load, or the change is refused.
    """
    load(folder)
    with reported(folder), TemporaryDirectory() as scratch:
        place = Path(scratch) / folder.resolve().name
        copy(folder, place)
        result = change(place)
        load(place)
        for name in _files(place):
            text = (place / name).read_bytes()
            if not (folder / name).exists() or (folder / name).read_bytes() != text:
                _replace(folder / name, text)
    return result


def write(target: Path, text: str) -> None:
    """A new file, whole or not at all.

    Raises:
        PackError: there is such a file already.
    """
    with reported(target):
        if target.exists():
            raise PackError([Problem(target.name, 1, "there is something here already", "name a new file")])
        if not target.parent.exists():
            target.parent.mkdir(parents=True)
        _replace(target, text.encode())


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Says in one line what the file system refused."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(
            f"can't write '{path.name}': {error.strerror}; check name, room and permissions"
        ) from None


def _files(folder: Path) -> list[Path]:
    names = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return [name for name in names if not any(part.startswith((".", "__pycache__")) for part in name.parts)]


def _move(place: Path, folder: Path) -> None:
    if not folder.parent.exists():
        folder.parent.mkdir(parents=True)
    if not folder.exists():
        os.replace(place, folder)
        return
    for made in place.iterdir():
        os.replace(made, folder / made.name)


def _replace(target: Path, content: bytes) -> None:
    beside = target.with_name(f".{target.name}.new")
    try:
        beside.write_bytes(content)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
