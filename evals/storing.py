"""Files that a run leaves: written whole, or grown line by line; a last line that was cut off counts for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from evals.errors import RunError

Model = TypeVar("Model", bound=BaseModel)


def write(file: Path, text: str) -> None:
    """Puts the text in place of what was there, whole or not at all.

    Raises:
        RunError: it can't be written; what was there stays.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as error:
        hint = "name a folder that can be written"
        raise RunError(f"can't write '{file.name}': {error.strerror}", hint) from error


def append(file: Path, record: BaseModel) -> None:
    """Adds the record as a line.

    Raises:
        RunError: it can't be written; the lines before it stay.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as stream:
            stream.write(record.model_dump_json() + "\n")
    except OSError as error:
        raise RunError(f"can't write '{file.name}': {error.strerror}", "what is saved stays") from error


def lines(file: Path, model: type[Model], what: str, hint: str) -> Iterator[Model]:
    """The records of a file, none where there is no file.

    Args:
        what: what a line is, for the error.
        hint: what to do about a line that is none.

    Raises:
        RunError: a line can't be read and is not a last one that was cut off.
    """
    held = _bytes(file).split(b"\n")
    for number, line in enumerate(held, 1):
        try:
            if line.strip():
                yield model.model_validate_json(line)
        except ValidationError as error:
            if number == len(held):
                return
            raise RunError(f"{file.name}:{number}: not {what}", hint) from error


def mend(file: Path) -> None:
    """Takes away a last line that was cut off, so that what is appended starts on a line of its own."""
    held = _bytes(file)
    if held and not held.endswith(b"\n"):
        write(file, held[: held.rfind(b"\n") + 1].decode())


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes() if file.is_file() else b""
    except OSError as error:
        raise RunError(f"can't read '{file.name}': {error.strerror}", "check the file's permissions") from error
