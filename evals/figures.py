"""Figures in texts: put between markers from committed results, and compared with them without needing the data.

    <!-- figure gold-child-safety.json copilot "plan tier accuracy" -->0.81 [0.70, 0.90] (n = 40)<!-- /figure -->

names a file below the results folder, a system (or method), and a figure. What stands between the markers is always
what the file says; a text that says something else is out of date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.errors import FiguresError

RESULTS = Path(__file__).parent / "results"
_MARKED = re.compile(
    r'(?P<open><!-- figure (?P<file>\S+) (?P<system>"[^"]+"|\S+) "(?P<name>[^"]+)" -->)(?P<text>.*?)<!-- /figure -->',
    re.DOTALL,
)


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
    filled = _MARKED.sub(lambda found: f"{found['open']}{_expected(found, results)}<!-- /figure -->", text)
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
    for found in _MARKED.finditer(text):
        expected = _expected(found, results)
        if found["text"] != expected:
            line = text.count("\n", 0, found.start()) + 1
            yield Stale(text_file.name, line, found["name"], found["text"], expected)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise FiguresError(f"can't read '{file.name}': {error.strerror}", "name a text file") from error


def _expected(found: re.Match[str], results: Path) -> str:
    system = found["system"].strip('"')
    figure = lookup(results / found["file"], system, found["name"])
    return shown(figure)


def lookup(file: Path, system: str, name: str) -> dict[str, Any]:
    """A figure of a committed result, by system and name.

    Raises:
        FiguresError: it isn't there; the message says what is.
    """
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FiguresError(f"there is no result '{file.name}'", "commit the result that the text speaks of") from error
    figures = _systems(held).get(system)
    if figures is None:
        raise FiguresError(f"'{file.name}' has no system '{system}'", f"it has: {', '.join(_systems(held))}")
    by_name = {figure["name"]: figure for figure in figures}
    if name not in by_name:
        raise FiguresError(f"'{file.name}' has no figure '{name}'", f"it has: {', '.join(by_name)}")
    return dict(by_name[name])


def _systems(held: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Both forms of result: suites with systems, and evaluations with methods."""
    if "methods" in held:
        return {method["method"]: method["figures"] for method in held["methods"]}
    return {name: system["figures"] for name, system in held.get("systems", {}).items()}


def shown(figure: dict[str, Any]) -> str:
    """The figure as texts show it, always with its n."""
    if figure["value"] is None:
        return "not scored"
    low, high = figure.get("low"), figure.get("high")
    spread = "" if low is None or high is None else f" [{low:.2f}, {high:.2f}]"
    return f"{figure['value']:.2f}{spread} (n = {figure['n']})"
