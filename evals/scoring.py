"""Scoring: all figures of a run, overall and by slice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evals.metrics.acting import acting_figures
from evals.metrics.calibration import calibration_figures
from evals.metrics.citations import citation_figures
from evals.metrics.clauses import clause_figures, finding_figures, source_figures
from evals.metrics.duties import duty_figures
from evals.metrics.figure import Figure
from evals.metrics.plans import Costs, plan_acceptable, plan_figures, protected_actioned, tier_right
from evals.metrics.running import running_figures
from evals.rows import Sheet

FEWEST_IN_SLICE = 5
"""Scored cases below which a slice gets no figure of its own."""


def figures(sheet: Sheet, costs: Costs | None = None) -> tuple[Figure, ...]:
    """Every figure that says something about these rows; those with nothing to score at all are left out."""
    found = (
        *plan_figures(sheet, costs),
        *acting_figures(sheet),
        *clause_figures(sheet),
        *finding_figures(sheet),
        *source_figures(sheet),
        *duty_figures(sheet),
        *citation_figures(sheet),
        *calibration_figures(sheet),
        *running_figures(sheet),
    )
    return tuple(figure for figure in found if figure.n)


def slices(sheet: Sheet) -> Iterator[Sheet]:
    """One sheet for each value of each dimension, such as `area: grooming`."""
    for dimension, value in _values(sheet):
        part = sheet.only(lambda row, d=dimension, v=value: v in row.gold.slices[d], f"{dimension}: {value}")  # type: ignore[misc]
        if len(part.rows) >= FEWEST_IN_SLICE:
            yield part


def _values(sheet: Sheet) -> Iterable[tuple[str, str]]:
    found = {(name, value) for row in sheet.rows for name, values in row.gold.slices.items() for value in values}
    return sorted(found)


def slice_figures(sheet: Sheet) -> tuple[Figure, ...]:
    """A few figures for every slice. With many slices some differ by chance alone: look, don't conclude."""
    found: list[Figure] = []
    for part in slices(sheet):
        found.append(part.mean("plan tier accuracy", tier_right))
        found.append(part.mean("acceptable-plan accuracy", plan_acceptable))
        found.append(part.mean("protected case actioned", protected_actioned, better="lower"))
    return tuple(figure for figure in found if figure.n >= FEWEST_IN_SLICE)
