"""The gate for CI: stated figures must not be surely worse than the committed ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evals.errors import RunError
from evals.figures import lookup, lost_of, names_of
from evals.metrics.duties import LostDuty
from evals.metrics.figure import Figure

STATED = (
    "plan tier accuracy", "acceptable-plan accuracy", "coverage", "main clause accuracy", "report duty recall",
    "report duty precision", "protected case actioned", "missed action", "step against the wrong party", "gate passed",
    "action F1", "sources R@10",
)  # fmt: skip
"""The figures that are held to where none are named; those that a suite doesn't have are passed over."""


def stated(committed: Path, system: str) -> tuple[str, ...]:
    """The usual figures that the committed result has."""
    held = names_of(committed, system)
    return tuple(name for name in STATED if name in held)


def newly_lost(committed: Path, system: str, lost: Sequence[LostDuty]) -> tuple[LostDuty, ...]:
    """The reports that are lost now and were not lost in the committed result."""
    known = {(one["case_id"], one["duty"]) for one in lost_of(committed, system)}
    return tuple(one for one in lost if (one.case_id, one.duty) not in known)


def surely_worse(committed: Path, system: str, fresh: Sequence[Figure], names: Sequence[str]) -> tuple[str, ...]:
    """What got worse, in plain words: figures whose whole fresh interval lies on the worse side of the committed value.

    Small losses within the interval pass: on few cases this gate only stops large ones.

    Raises:
        FiguresError: a stated figure isn't in the committed result.
        RunError: a stated figure wasn't measured now.
    """
    held = {figure.name: figure for figure in fresh}
    problems = []
    for name in names:
        if name not in held or held[name].value is None:
            raise RunError(f"the figure '{name}' was not measured", "state figures that the suite gives")
        value = lookup(committed, system, name)["value"]
        if value is not None and _below(held[name], float(value)):
            problems.append(f"{held[name]} is surely worse than the committed {value:.3f}")
    return tuple(problems)


def _below(figure: Figure, committed: float) -> bool:
    lower = figure.better == "lower"
    edge = figure.low if lower else figure.high
    edge = figure.value if edge is None else edge
    if edge is None or figure.better == "neither":
        return False
    return edge > committed if lower else edge < committed
