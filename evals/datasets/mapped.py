"""Any other set, by naming its columns; and golden sets in the form that gpt-oss-safeguard publishes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from evals.base import Strict
from evals.datasets.files import records, text_of
from evals.datasets.labelled import Label, Labelled, Source, family_of, suite_of
from evals.errors import DataError
from evals.hashing import digest_of_files
from evals.suites import HeldSuite
from policy_corpus import Problem
from policy_corpus.errors import expected_one_of
from policy_corpus.sources import Source as Line


class Mapping(Strict):
    """Which column holds what."""

    text: str = "text"
    label: str = "label"
    id: str | None = None
    """Rows are numbered where no column is named."""
    family: str | None = None
    """Rows that belong together; otherwise those that begin alike."""
    kind: str | None = None
    """A column to slice by."""
    benign: tuple[str, ...] = ()
    """Labels that mean: nothing to act on."""
    withheld: tuple[str, ...] = ()
    """Labels of rows that are counted and never loaded, such as a set's child-safety label."""
    definitions: dict[str, str] = {}
    """Label to the words that define it; the label's name where it is missing."""
    train_share: float = 0.5


def mapped(file: Path, mapping: Mapping, name: str = "") -> HeldSuite:
    """The rows of a CSV or JSONL file (or a folder of them) as a suite.

    Raises:
        DataError: a column is missing, or a line can't be read; all of them, each with file and line.
    """
    held = records(file, "rows")
    if problems := [problem for line in held for problem in _missing(line, mapping)]:
        raise DataError(problems)
    withheld = [line for line in held if str(line.data[mapping.label]) in mapping.withheld]
    rows = [_row(number, line, mapping) for number, line in enumerate(held) if line not in withheld]
    labels = tuple(_label(one, mapping) for one in dict.fromkeys((row.labels or ("",))[0] for row in rows))
    source = Source(
        name or file.stem, name or file.stem, labels, digest_of_files([file]),
        train_share=mapping.train_share, counts={"withheld": len(withheld)},
    )  # fmt: skip
    return suite_of(source, [row for row in rows if row.text.strip()])


def _missing(line: Line, mapping: Mapping) -> Iterator[Problem]:
    wanted = (mapping.text, mapping.label, mapping.id, mapping.family, mapping.kind)
    for column in wanted:
        if column is not None and column not in line.data:
            yield line.problem((), f"there is no column '{column}'", expected_one_of(column, map(str, line.data)))


def _row(number: int, line: Line, mapping: Mapping) -> Labelled:
    def column(name: str | None, otherwise: str) -> str:
        held: Any = line.data[name] if name is not None else otherwise
        return str(held)

    text, id = str(line.data[mapping.text]), column(mapping.id, f"row-{number}")
    family = column(mapping.family, family_of(text) or id)
    return Labelled(id, text, (str(line.data[mapping.label]),), family, column(mapping.kind, ""), language="")


def _label(name: str, mapping: Mapping) -> Label:
    definition = mapping.definitions.get(name) or f"Content of the kind: {name}."
    return Label(name, name, definition, violates=name not in mapping.benign)


_CODE = re.compile(r"^[A-Z]{1,4}\d+$")


def safeguard_golden(file: Path, policy: Path | None = None, *, benign: Sequence[str] = ()) -> HeldSuite:
    """A golden set of gpt-oss-safeguard: cases below the label that is expected of them, or in columns.

    The published sheet puts the expected label on a line of its own above its cases and the model's answer into the
    last column; that answer is not what is expected, and is left out. A label ending in 0 counts as benign.

    Args:
        policy: the policy's text; the block that names a label in brackets becomes its clause.
    """
    sheet = list(csv.reader(io.StringIO(text_of(file), newline="")))
    header = [cell.strip() for cell in sheet[0]] if sheet else []
    rows = list(_columns(sheet, header) if "test_content" in header else _blocks(sheet))
    if not rows:
        hint = "expected cases below label lines, or a column 'test_content'"
        raise DataError([Problem(file.name, 1, "no cases were found", hint)])
    definitions = _definitions(text_of(policy)) if policy is not None else {}
    names = dict.fromkeys(label for _, label in rows)
    allowed = set(benign) or {name for name in names if name.endswith("0")}
    labels = tuple(Label(n, n, definitions.get(n) or f"Content of the kind: {n}.", n not in allowed) for n in names)
    cases = [
        Labelled(f"{file.stem}-{number}", text, (label,), family_of(text), language="")
        for number, (text, label) in enumerate(rows)
    ]
    places = [file] if policy is None else [file, policy]
    return suite_of(Source(file.stem, file.stem, labels, digest_of_files(places)), cases)


def _blocks(sheet: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    label = ""
    for row in sheet:
        cells = [cell.strip() for cell in row]
        if cells and _CODE.match(cells[0]) and not any(cells[1:]):
            label = cells[0]
        elif label and len(cells) > 1 and cells[0].isdigit() and cells[1]:
            yield cells[1], label


def _columns(sheet: Sequence[Sequence[str]], header: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The form with headers: the expected label is in `expected`, or begins the test's name."""
    for row in sheet[1:]:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        label = cells.get("expected") or cells.get("test_name", "").split(" ")[0]
        if cells.get("test_content") and label:
            yield cells["test_content"], label


def _definitions(policy: str) -> dict[str, str]:
    """Label to its block of the policy, from the line that names it in brackets to the next such line."""
    blocks: dict[str, list[str]] = {}
    label = ""
    for line in policy.splitlines():
        if found := re.search(r"\(#?([A-Z]{1,4}\d+)\b", line):
            label = found.group(1)
        if label and line.strip():
            blocks.setdefault(label, []).append(line.strip())
    return {name: "\n".join(lines) for name, lines in blocks.items()}
