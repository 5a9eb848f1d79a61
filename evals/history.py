"""History: headline figures of results that newer ones replaced, in one file beside them.

    history.jsonl    one figure a line: day, program, suite, figure, value, interval, n

Results change with the program, the pack or the cases. A line names all three, so that a reader can tell what moved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from evals import storing
from evals.base import Strict
from evals.casewise import DECIDING
from evals.errors import RunError
from evals.figures import systems_of

HISTORY = "history.jsonl"
MOST_STATES = 12
"""States of a suite that are kept; the oldest go first."""
JUDGED = "copilot"
HEADLINES = (
    DECIDING, "coverage", "report duty recall", "report duty precision", "protected case actioned", "missed action",
    "main clause accuracy", "gate passed", "sources R@10", "standard top-1", "cited R@5",
)  # fmt: skip
SHORT = 12
"""Characters of a hash that are kept."""


class Point(Strict):
    """One line: a figure of the judged system, as it was once committed."""

    format: int = 1
    day: str
    """Of the run, as YYYY-MM-DD; empty where the result didn't say."""
    code_version: str
    data: str
    """The first characters of the cases' hash."""
    pack: str
    """The first characters of the pack's fingerprint."""
    suite: str
    part: str
    figure: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int

    @property
    def state(self) -> tuple[str, ...]:
        """What was measured: program, cases and pack."""
        return self.suite, self.part, self.code_version, self.data, self.pack


def read(results: Path) -> tuple[Point, ...]:
    """What is kept beside the results, the oldest first; nothing where nothing was replaced yet.

    Raises:
        RunError: a line can't be read.
    """
    hint = "delete the line; it holds one figure of an earlier result"
    return tuple(storing.lines(results / HISTORY, Point, "a figure of an earlier result", hint))


def replace(file: Path, text: str) -> None:
    """Writes a result, after the headlines of the one that it replaces are kept.

    The same program on the same cases and pack keeps nothing: it is the same result again.

    Raises:
        RunError: the old result or the history can't be read, or a file can't be written.
    """
    fresh = tuple(points(json.loads(text)))
    held = tuple(points(_held(file)))
    if held and {point.state for point in held} != {point.state for point in fresh}:
        known = read(file.parent)
        now = {point.state for point in fresh}
        kept = bounded((*(one for one in known if one.state != held[0].state), *held), without=now)
        storing.write(file.parent / HISTORY, "".join(point.model_dump_json() + "\n" for point in kept))
    storing.write(file, text)


def points(result: dict[str, Any]) -> Iterator[Point]:
    """The headlines of a result's judged system."""
    told = _about(result)
    for figure in systems_of(result).get(JUDGED, ()):
        if figure["name"] in HEADLINES and figure["value"] is not None:
            yield Point(figure=figure["name"], **told, **{key: figure[key] for key in ("value", "low", "high", "n")})


def bounded(known: Sequence[Point], *, without: Iterable[tuple[str, ...]] = ()) -> tuple[Point, ...]:
    """At most so many states of each suite, the latest; none of those that are the present result again."""
    present = set(without)
    states: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for point in known:
        held = states.setdefault(point.state[:2], [])
        if point.state not in held and point.state not in present:
            held.append(point.state)
    kept = {state for held in states.values() for state in held[-MOST_STATES:]}
    return tuple(point for point in known if point.state in kept)


def _about(result: dict[str, Any]) -> dict[str, str]:
    """Both forms of result: suites say it in the judged system's manifest, evaluations at the top."""
    manifest = result.get("systems", {}).get(JUDGED, {}).get("manifest")
    said = manifest or {**result, **result.get("setting", {})}
    return {
        "day": str(said.get("started_at") or said.get("made_at") or "")[:10],
        "code_version": str(said.get("code_version", "")),
        "data": str(said.get("data_sha256", ""))[:SHORT],
        "pack": str(said.get("pack_fingerprint", ""))[:SHORT],
        "suite": str(result.get("suite", "")),
        "part": str(result.get("part", "")),
    }


def _held(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        held: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"the earlier '{file.name}' can't be read", "move it away, so that nothing is lost") from error
    return held
