"""Figures in texts: put between markers from committed results, and compared with them without needing the data.

    <!-- figure gold-child-safety.json copilot "plan tier accuracy" -->0.81 [0.70, 0.90] (n = 40)<!-- /figure -->

names a file below the results folder, a system (or method), and a figure. After the figure's name may stand `value`,
`interval` or `n`, for that part alone. What stands between the markers is always what the file says; a text that says
something else is out of date. Markers in code, between backticks, are left alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from evals.errors import FiguresError

RESULTS = Path(__file__).parent / "results"
_MARKED = re.compile(
    r"(?P<code>^```.*?^```|`[^`\n]+`)|"
    r'(?P<open><!-- figure (?P<file>\S+) (?P<system>"[^"]+"|\S+) "(?P<name>[^"]+)"(?: (?P<form>value|interval|n))? -->)'
    r"(?P<text>.*?)<!-- /figure -->",
    re.DOTALL | re.MULTILINE,
)
_CLOSE = "<!-- /figure -->"
_OPENED = re.compile(r"<!-- figure\b.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Stale:
    """A figure in a text that isn't what the result says."""

    file: str
    line: int
    name: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.name} says '{self.found}', the result says '{self.expected}'"


def fill(text_file: Path, results: Path = RESULTS) -> int:
    """Puts every marked figure into the text; answers how many changed.

    Raises:
        FiguresError: a marker names a result, system or figure that isn't there.
    """
    text = _read(text_file)
    stale = len(check(text_file, results))
    filled = _MARKED.sub(lambda found: found["code"] or f"{found['open']}{_expected(found, results)}{_CLOSE}", text)
    if stale:
        text_file.write_text(filled, encoding="utf-8")
    return stale


def check(text_file: Path, results: Path = RESULTS) -> tuple[Stale, ...]:
    """Every marked figure that isn't what the committed result says.

    Raises:
        FiguresError: a marker names a result, system or figure that isn't there.
    """
    return tuple(_stale(text_file, results))


def _stale(text_file: Path, results: Path) -> Iterator[Stale]:
    text = _read(text_file)
    _check_written_well(text_file, text)
    for found in _MARKED.finditer(text):
        if found["code"]:
            continue
        expected = _expected(found, results)
        if found["text"] != expected:
            line = text.count("\n", 0, found.start()) + 1
            yield Stale(text_file.name, line, found["name"], found["text"], expected)


def _check_written_well(text_file: Path, text: str) -> None:
    """A marker with a slip in it would never be filled, and nobody would see."""
    left = _MARKED.sub(lambda found: "\n" * found[0].count("\n"), text)
    if found := _OPENED.search(left):
        line = left.count("\n", 0, found.start()) + 1
        hint = f'write <!-- figure FILE SYSTEM "FIGURE" --> and close it with {_CLOSE}'
        raise FiguresError(f"{text_file.name}:{line}: can't read the marker {found[0]}", hint)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise FiguresError(f"can't read '{file.name}': {error.strerror}", "name a text file") from error


def _expected(found: re.Match[str], results: Path) -> str:
    system = found["system"].strip('"')
    figure = lookup(results / found["file"], system, found["name"])
    return shown(figure, found["form"])


def lookup(file: Path, system: str, name: str) -> dict[str, Any]:
    """A figure of a committed result, by system and name.

    Raises:
        FiguresError: it isn't there; the message says what is.
    """
    by_name = {figure["name"]: figure for figure in _figures(file, system)}
    if name not in by_name:
        raise FiguresError(f"'{file.name}' has no figure '{name}'", f"it has: {', '.join(by_name)}")
    return dict(by_name[name])


def names_of(file: Path, system: str) -> tuple[str, ...]:
    """The figures that a committed result has of a system.

    Raises:
        FiguresError: there is no such result or system.
    """
    return tuple(figure["name"] for figure in _figures(file, system))


def lost_of(file: Path, system: str) -> list[dict[str, str]]:
    """The reports that a committed result says the system lost, by case and duty; none where it knows no duties.

    Raises:
        FiguresError: there is no such result or system.
    """
    _figures(file, system)
    return list(_held(file).get("systems", {}).get(system, {}).get("lost", ()))


def _figures(file: Path, system: str) -> list[dict[str, Any]]:
    systems = systems_of(_held(file))
    if system not in systems:
        raise FiguresError(f"'{file.name}' has no system '{system}'", f"it has: {', '.join(systems)}")
    return systems[system]


def _held(file: Path) -> dict[str, Any]:
    try:
        return _parsed(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FiguresError(f"there is no result '{file.name}'", "commit the result that the text speaks of") from error


@lru_cache(maxsize=32)
def _parsed(result: str) -> dict[str, Any]:
    """What a result says, which is not to be changed: a text names dozens of figures of the same one."""
    held: dict[str, Any] = json.loads(result)
    return held


def systems_of(held: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Every form of result: suites with systems and studies, evaluations with methods, and cells of measured speeds."""
    if "methods" in held:
        return {method["method"]: method["figures"] for method in held["methods"]}
    if "tasks" in held:
        return {
            f"{task['task']}: {searcher['searcher']}": searcher["figures"]
            for task in held["tasks"]
            for searcher in task["searchers"]
        }
    if "cells" in held:
        return dict(_speeds(held["cells"]))
    studies = {
        f"{name}: {column}": figures
        for name, study in held.get("studies", {}).items()
        for column, figures in study["columns"].items()
    }
    return {name: system["figures"] for name, system in held.get("systems", {}).items()} | studies


def _speeds(cells: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """`100000 short: ours` with its quantities: medians over runs, with the range of runs and their number."""
    for cell, systems in cells.items():
        for system, told in systems.items() if isinstance(systems, dict) else ():
            if not isinstance(told, dict):
                continue
            runs = told.get("runs", systems.get("runs"))  # the cell's own where its systems say none
            figures = [
                {"name": name, "value": one["median"], "low": one["low"], "high": one["high"], "n": runs}
                for name, one in told.items()
                if isinstance(one, dict)
            ]
            if figures:
                yield f"{cell}: {system}", figures


def shown(figure: dict[str, Any], form: str | None = None) -> str:
    """The figure as texts show it: whole, always with its n, or one part of it."""
    if figure["value"] is None:
        return "not scored"
    low, high = figure.get("low"), figure.get("high")
    spread = "" if low is None or high is None else f"[{low:.2f}, {high:.2f}]"
    parts = {"value": f"{figure['value']:.2f}", "interval": spread, "n": str(figure["n"])}
    if form is not None:
        return parts[form]
    return " ".join(part for part in (parts["value"], spread, f"(n = {figure['n']})") if part)
