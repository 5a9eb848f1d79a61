"""Turns one row into the fields of a precedent, as the mapping says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from policy_corpus.errors import expected_one_of
from policy_corpus.importing.errors import RowProblem
from policy_corpus.importing.identifiers import masked
from policy_corpus.importing.mapping import FIELDS, FindingColumn, Mapping
from policy_corpus.importing.rows import LONGEST_NAME, Row
from policy_corpus.precedents import Authority, Precedent
from policy_corpus.vocabulary import Vocabulary

LISTS = ("parties", "findings", "plan", "clauses")
PROSE = ("title", "facts", "rationale", "distinguishes", "status_reason")
"""Fields that hold text; every other one holds a name."""


def precedent(row: Row, mapping: Mapping, vocabulary: Vocabulary) -> Precedent | tuple[RowProblem, ...]:
    """The precedent that the row stands for, or everything that is wrong with the row."""
    conversion = _Conversion(row, mapping, vocabulary)
    data = conversion.fields()
    if conversion.problems:
        return tuple(conversion.problems)
    try:
        return Precedent.model_validate(data)
    except ValidationError as error:
        return tuple(_explain(row, details) for details in error.errors())


@dataclass
class _Conversion:
    row: Row
    mapping: Mapping
    vocabulary: Vocabulary
    problems: list[RowProblem] = field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        given = {name: self._field(name) for name in sorted(FIELDS)}
        data = {name: value for name, value in given.items() if value is not None}
        data["findings"] = [*data.get("findings", ()), *self._findings()]
        if "id" in data:
            data["id"] = f"{self.mapping.id_prefix}{data['id']}"
            data.setdefault("title", f"Decision {data['id']}")
        if data.get("authority") == Authority.ILLUSTRATIVE:
            self._wrong("authority", "a decision that was made is not illustrative", "map it to 'single' or higher")
        return data

    def _field(self, name: str) -> Any:
        column = self.mapping.columns.get(name)
        raw = None if column is None else self.row.cell(column)
        if raw is None:
            return self.mapping.constants.get(name)
        if name in LISTS:
            return list(self._items(name, raw))
        value = self._translated(name, raw)
        return self._date(value) if name == "decided" else value

    def _translated(self, name: str, raw: Any) -> Any:
        """A single value in our words; what the value map doesn't know stands for itself."""
        if isinstance(raw, dict | list):
            self._wrong(name, f"'{name}' is one value, and this is a list or an object", "name the column within it")
            return None
        text = str(raw)
        known, ours = _look_up(self.mapping.values.get(name, {}), text)
        if not known and name not in PROSE and len(text) > LONGEST_NAME:
            self._wrong(name, f"too long for '{name}': {len(text)} characters", "is this the right column?")
            return None
        return ours if known else text

    def _items(self, name: str, raw: Any) -> Iterator[Any]:
        """The members of a list: mapped as a whole, or one by one, or objects as they are."""
        table = self.mapping.values.get(name, {})
        known, whole = _look_up(table, str(raw))
        if known:
            yield from _listed(whole)
            return
        for item in raw if isinstance(raw, list) else str(raw).split(self.mapping.separator):
            known, ours = _look_up(table, str(item))
            if known:
                yield from _listed(ours)
            elif isinstance(item, dict):
                yield item
            elif name == "clauses" and len(str(item)) <= LONGEST_NAME:
                yield str(item).strip()
            else:
                self._unmapped(name, str(item).strip(), list(table))

    def _unmapped(self, name: str, item: str, known: Sequence[str]) -> None:
        shown = f"'{item}'" if len(item) <= LONGEST_NAME else f"a text of {len(item)} characters"
        hint = expected_one_of(item, known) if known else f"say in the mapping what it means: values.{name}"
        self._wrong(name, f"values.{name} doesn't say what {shown} means", hint)

    def _findings(self) -> Iterator[dict[str, Any]]:
        for fact, column in self.mapping.findings.items():
            raw = self.row.cell(column.column)
            value = None if raw is None else self._fact_value(fact, column, str(raw))
            if value is not None:
                yield {"fact": fact, "value": value, "about": column.about}

    def _fact_value(self, fact: str, column: FindingColumn, text: str) -> str | None:
        known, ours = _look_up(column.values, text)
        if known or self.vocabulary.allows(fact, text):
            return ours if known else text
        shown = f"'{text}'" if len(text) <= LONGEST_NAME else f"a text of {len(text)} characters"
        hint = expected_one_of(text, [*column.values, *self.vocabulary.facts[fact].values])
        self.problems.append(self.row.at(column.column, f"{shown} is no value of fact '{fact}'", hint))
        return None

    def _date(self, value: Any) -> date | None:
        form = self.mapping.dates
        try:
            return (datetime.strptime(value, form) if form else datetime.fromisoformat(value)).date()
        except (TypeError, ValueError):
            self._wrong("decided", f"not a date of the form {form or 'YYYY-MM-DD'}", "set 'dates' in the mapping")
            return None

    def _wrong(self, name: str, message: str, hint: str) -> None:
        self.problems.append(self.row.problem((name,), message, hint))


def _look_up(table: dict[str, Any], text: str) -> tuple[bool, Any]:
    """Whether the table says what the text means, and what; capitals and outer blanks don't matter."""
    wanted = text.strip().casefold()
    for theirs, ours in table.items():
        if theirs.strip().casefold() == wanted:
            return True, ours
    return False, None


def _listed(ours: Any) -> list[Any]:
    if ours is None:
        return []
    return ours if isinstance(ours, list) else [ours]


def _explain(row: Row, details: Any) -> RowProblem:
    """What pydantic found, without the cell's own words beyond a short masked name."""
    loc = tuple(details["loc"])
    where = ".".join(str(part) for part in loc)
    match details["type"]:
        case "missing":
            return row.problem(loc, f"'{where}' is missing", "fill the cell, or give a constant in the mapping")
        case "enum" | "literal_error":
            said = masked(str(details["input"]))[:LONGEST_NAME]
            hint = f"expected {details['ctx'].get('expected', '')}"
            return row.problem(loc, f"unknown value '{said}' for '{where}'", hint)
        case "extra_forbidden":
            return row.problem(loc[:1], f"unknown key '{loc[-1]}'", "take it out, or map the column's values")
        case "value_error":
            said, _, hint = str(details["ctx"]["error"]).partition("; ")
            return row.problem(loc or ("status",), said, hint)
        case "string_pattern_mismatch":
            return row.problem(loc, f"'{where}' can't be written so", "letters, digits, '.', '_' and '-' only")
    return row.problem(loc, f"{where}: {details['msg'].lower()}", "see how the mapping fills it")
