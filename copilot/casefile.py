"""Reads case files: JSONL, one case a line. One bad line doesn't stop the others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from copilot.cases import MOST_TEXT, Case
from copilot.errors import CaseError
from policy_corpus import Pack

LONGEST_LINE = 8 * MOST_TEXT
"""Bytes of one line; a longer one is passed over without being parsed."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no case. Never holds the line's text."""

    path: str
    line: int
    field: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}: " + (f"{self.field}: " if self.field else "")
        return where + self.message + (f"; {self.hint}" if self.hint else "")


def read(path: Path, pack: Pack | None = None) -> Iterator[Case | BadLine]:
    """The cases of a file in order, with a BadLine for each line that is none.

    With a pack, values that its vocabulary doesn't know are errors too.

    Raises:
        CaseError: the file itself can't be read.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise CaseError(f"can't read '{path.name}': {error.strerror}", "name a JSONL file, one case a line") from None
    seen: dict[str, int] = {}
    with stream:
        for number, raw in enumerate(_lines(stream), 1):
            if raw is None:
                yield BadLine(
                    path.name, number, "", f"longer than {LONGEST_LINE:,} bytes", "split the case into several"
                )
            elif raw.strip():
                outcome = _parse(raw, path.name, number, pack)
                yield _once(outcome, seen, path.name, number)


def _lines(stream: Any) -> Iterator[bytes | None]:
    """Lines of bounded length; none for one that is too long, whose rest is passed over without being kept."""
    while chunk := stream.readline(LONGEST_LINE + 1):
        if len(chunk) <= LONGEST_LINE:
            yield chunk
            continue
        while chunk and not chunk.endswith(b"\n"):
            chunk = stream.readline(LONGEST_LINE + 1)
        yield None


def _once(outcome: Case | BadLine, seen: dict[str, int], name: str, number: int) -> Case | BadLine:
    if isinstance(outcome, BadLine):
        return outcome
    if first := seen.get(outcome.id):
        return BadLine(
            name, number, "id", f"'{outcome.id}' stands in line {first} already", "give each case its own id"
        )
    seen[outcome.id] = number
    return outcome


def _parse(raw: bytes, name: str, number: int, pack: Pack | None) -> Case | BadLine:
    try:
        data = json.loads(raw.decode("utf-8-sig"))
        case = Case.model_validate(data)
    except UnicodeDecodeError as error:
        return BadLine(name, number, "", f"not UTF-8 text (byte {error.start})", "save the file as UTF-8")
    except json.JSONDecodeError as error:
        return BadLine(name, number, "", f"not valid JSON: {error.msg} at column {error.colno}", "one object a line")
    except RecursionError:
        return BadLine(name, number, "", "nested too deeply", "a case has at most a few levels")
    except ValidationError as error:
        return _explain(error, name, number)
    wrong = next(iter(unknown_values(case, pack)), None) if pack else None
    return case if wrong is None else BadLine(name, number, *wrong)


def _explain(error: ValidationError, name: str, number: int) -> BadLine:
    first = error.errors(include_input=False, include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    match first["type"]:
        case "extra_forbidden":
            known = ", ".join(Case.model_fields)
            return BadLine(
                name, number, field, "unknown key", f"a case has: {known}" if "." not in field else "remove it"
            )
        case "missing":
            return BadLine(name, number, field, "is missing", "a case needs at least id and text")
        case "value_error":
            message, _, hint = str(first["ctx"]["error"]).partition("; ")
            return BadLine(name, number, field, message, hint)
        case "timezone_aware":
            return BadLine(name, number, field, "has no time zone", "write RFC 3339, such as 2026-03-01T12:00:00Z")
    return BadLine(name, number, field, first["msg"][0].lower() + first["msg"][1:], "")


def unknown_values(case: Case, pack: Pack) -> Iterable[tuple[str, str, str]]:
    """(field, message, hint) for each signal or age evidence whose fact is known but whose value is not."""
    facts = pack.vocabulary.facts
    for number, signal in enumerate(case.signals):
        if signal.kind in facts and str(signal.value) not in facts[signal.kind].values:
            expected = ", ".join(facts[signal.kind].values)
            yield (
                f"signals.{number}.value",
                f"unknown value '{signal.value}' of fact '{signal.kind}'",
                f"expected one of: {expected}",
            )
    ages = facts["age_evidence"].values if "age_evidence" in facts else None
    for number, party in enumerate(case.parties):
        if ages is not None and party.age_evidence is not None and party.age_evidence not in ages:
            yield (
                f"parties.{number}.age_evidence",
                f"unknown value '{party.age_evidence}'",
                f"expected one of: {', '.join(ages)}",
            )
