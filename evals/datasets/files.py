"""Reading published files: JSONL, CSV and their gzipped forms, with the line of everything that is wrong."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from evals.errors import DataError
from policy_corpus import Problem
from policy_corpus.sources import Source, build, read_jsonl

Model = TypeVar("Model", bound=BaseModel)
ENDINGS = (".jsonl", ".jsonl.gz", ".csv", ".csv.gz")


def data_files(place: Path, what: str) -> list[Path]:
    """The data files of a folder, or the one file that was named.

    Raises:
        DataError: there are none.
    """
    if place.is_file():
        return [place]
    found = sorted(file for file in place.glob("*") if file.name.endswith(ENDINGS)) if place.is_dir() else []
    if not found:
        message = f"there are no {what}"
        raise DataError(
            [Problem(place.name, 1, message, f"name the folder that holds '{place.name}' ({ENDINGS[0]} …)")]
        )
    return found


def text_of(file: Path) -> str:
    """The file's text, unpacked where it is gzipped.

    Raises:
        DataError: it can't be read.
    """
    try:
        raw = file.read_bytes()
        return (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        kind = type(error).__name__
        raise DataError([Problem(file.name, 1, f"can't read the file ({kind})", "it must be UTF-8 text")]) from error


def sources(file: Path) -> Iterator[Source | Problem]:
    """One source a record, with its line."""
    text = text_of(file)
    if ".jsonl" in file.suffixes:
        yield from read_jsonl(file.name, text)
        return
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            yield _csv_source(file.name, row, reader.line_num)
    except csv.Error as error:
        yield Problem(file.name, reader.line_num, f"not valid CSV: {error}", "quote fields that hold commas or quotes")


def _csv_source(name: str, row: Mapping[Any, Any], line: int) -> Source | Problem:
    if None in row or None in row.values():
        return Problem(name, line, "the row has another number of fields than the header", "quote fields with commas")
    return Source(name, dict(row), line - 1)


def records(place: Path, what: str) -> list[Source]:
    """All records of the files there.

    Raises:
        DataError: a line can't be read; all of them at once.
    """
    found = [source for file in data_files(place, what) for source in sources(file)]
    if problems := [source for source in found if isinstance(source, Problem)]:
        raise DataError(problems)
    return [source for source in found if isinstance(source, Source)]


def read_models(place: Path, model: type[Model], what: str) -> tuple[Model, ...]:
    """All records as models; ids must differ.

    Raises:
        DataError: all that is wrong, each with file and line.
    """
    built: list[Model] = []
    problems: list[Problem] = []
    first: dict[str, Source] = {}
    for source in records(place, what):
        made = build(model, source)
        if isinstance(made, list):
            problems.extend(made)
            continue
        id = str(getattr(made, "id", ""))
        if id and (held := first.get(id)):
            problems.append(source.problem((), f"id '{id}' stands here again", f"first in {held.path}:{held.line()}"))
        first.setdefault(id, source)
        built.append(made)
    if problems:
        raise DataError(problems)
    return tuple(built)
