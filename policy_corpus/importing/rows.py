"""Reads a team's decisions from CSV or JSONL, row by row, with the place of each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policy_corpus.errors import PackError, Problem, expected_one_of
from policy_corpus.importing.errors import ImportFailed, RowProblem
from policy_corpus.importing.identifiers import masked
from policy_corpus.importing.mapping import Mapping, text_of
from policy_corpus.sources import Loc, Source, read_jsonl

LONGEST_NAME = 80
"""Characters of an id, an outcome or another name; what is longer is text in the wrong column, and isn't repeated."""


@dataclass(frozen=True, slots=True)
class Row(Source):
    """One decision as the team wrote it; its problems name the team's own columns."""

    columns: Lookup[str, str] = field(default_factory=dict)
    """Our field to their column."""

    def cell(self, column: str) -> Any:
        """What stands in a column; in JSONL a dotted name reaches into objects. None where it is empty."""
        held: Any = self.data.get(column)
        if held is None and "." in column:
            held = self.data
            for key in column.split("."):
                held = held.get(key) if isinstance(held, dict) else None
        if isinstance(held, str):
            held = held.strip()
        return None if held in ("", []) else held

    def problem(self, loc: Loc, message: str, hint: str = "") -> RowProblem:
        column = self.columns.get(str(loc[0]), "") if loc else ""
        return self.at(column, message, hint)

    def at(self, column: str, message: str, hint: str = "") -> RowProblem:
        return RowProblem(self.path, self.line(), masked(message), hint, column)


def rows(file: Path, mapping: Mapping) -> Iterator[Row | RowProblem]:
    """Every row of the file, or why a line is none.

    Raises:
        ImportFailed: the file can't be read, or is neither CSV nor JSONL.
        PackError: the mapping names a column that the file doesn't have.
    """
    text = text_of(file)
    if file.suffix in (".jsonl", ".ndjson"):
        found = list(_objects(file.name, text, mapping))
    elif file.suffix in (".csv", ".tsv"):
        found = list(_records(file.name, text, mapping))
    else:
        raise ImportFailed(f"'{file.name}' is neither CSV nor JSONL", "export .csv, .tsv or .jsonl and name that file")
    _check_columns(file.name, mapping, [row for row in found if isinstance(row, Row)])
    return iter(found)


def _check_columns(name: str, mapping: Mapping, found: list[Row]) -> None:
    """A column that no row has is a slip in the mapping, not in every row."""
    present = {column for row in found for column in row.data}
    missing = [column for column in mapping.named_columns() if not any(_has(row.data, column) for row in found)]
    if found and missing:
        raise PackError(
            Problem(
                name, 1, f"there is no column '{column}' ({mapping.named_columns()[column]})", _hint(column, present)
            )
            for column in missing
        )


def _hint(column: str, present: set[str]) -> str:
    return expected_one_of(column, (one for one in present if len(one) <= LONGEST_NAME))


def _has(data: Any, column: str) -> bool:
    first, _, rest = column.partition(".")
    return column in data or (bool(rest) and isinstance(data.get(first), dict) and _has(data[first], rest))


def _objects(name: str, text: str, mapping: Mapping) -> Iterator[Row | RowProblem]:
    for source in read_jsonl(name, text):
        if isinstance(source, Problem):
            column = re.search(r" at column (\d+)$", source.message)
            place = column.group(1) if column else ""
            yield RowProblem(name, source.line, source.message.removesuffix(f" at column {place}"), source.hint, place)
        elif not isinstance(source.data, dict):
            yield RowProblem(name, source.line(), "the line is no object", "write one {…} a line, with a key a column")
        else:
            yield Row(name, source.data, source.offset, mapping.columns)


def _records(name: str, text: str, mapping: Mapping) -> Iterator[Row | RowProblem]:
    delimiter = "\t" if name.endswith(".tsv") else mapping.delimiter
    header: list[str] | None = None
    for line, cells in _lines(list(io.StringIO(text, newline="")), delimiter):
        if isinstance(cells, str):
            yield RowProblem(name, line, f"not valid CSV: {cells}", "quote fields that hold delimiters or quotes")
        elif header is None:
            header = [cell.strip() for cell in cells]
            _check_header(name, line, header)
        elif len(cells) != len(header):
            hint = "quote fields that hold delimiters, or set 'delimiter' in the mapping"
            yield RowProblem(name, line, f"{len(cells)} fields, but the header has {len(header)}", hint)
        else:
            yield Row(name, dict(zip(header, cells, strict=True)), line - 1, mapping.columns)


def _lines(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Records or what is wrong, with the line at which each starts. A quote that never closes costs only its line."""
    start = 0
    while start < len(lines):
        reader = csv.reader((lines[at] for at in range(start, len(lines))), delimiter=delimiter, strict=True)
        try:
            cells = next(reader)
        except csv.Error as error:
            yield start + 1, str(error)
            start += 1 if "unexpected end" in str(error) else max(reader.line_num, 1)
            continue
        if cells:
            yield start + 1, cells
        start += reader.line_num


def _check_header(name: str, line: int, header: list[str]) -> None:
    doubled = sorted({cell for cell in header if header.count(cell) > 1})
    if doubled:
        raise PackError(
            [Problem(name, line, f"column '{doubled[0]}' stands in the header twice", "rename one of them")]
        )
