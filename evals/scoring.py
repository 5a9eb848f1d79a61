"""Scoring: all figures of a run, overall and by slice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evals.casewise import DECIDING, SCORES, CaseScore
from evals.metrics.acting import acting_figures
from evals.metrics.calibration import calibration_figures
from evals.metrics.citations import citation_figures
from evals.metrics.clauses import clause_figures, finding_figures, source_figures
from evals.metrics.duties import duty_figures
from evals.metrics.figure import Figure
from evals.metrics.plans import Costs, plan_figures
from evals.metrics.running import running_figures
from evals.rows import Sheet

FEWEST_IN_SLICE = 5
"""Scored cases below which a slice gets no figure of its own."""

DECIDING_ONLY = tuple(score for score in SCORES if score.name == DECIDING)


def figures(sheet: Sheet, costs: Costs | None = None) -> tuple[Figure, ...]:
    """Every figure that says something about these rows; those with nothing to score at all are left out.

    What a case took is there in any case: that nobody counted tokens is worth knowing.
    """
    found = (
        *plan_figures(sheet, costs),
        *acting_figures(sheet),
        *clause_figures(sheet),
        *finding_figures(sheet),
        *source_figures(sheet),
        *duty_figures(sheet),
        *citation_figures(sheet),
        *calibration_figures(sheet),
    )
    return (*(figure for figure in found if figure.n), *running_figures(sheet))


def slices(sheet: Sheet) -> Iterator[Sheet]:
    """One sheet for each value of each dimension, such as `area: grooming`."""
    for dimension, value in _values(sheet):
        part = sheet.only(lambda row, d=dimension, v=value: v in row.gold.slices[d], f"{dimension}: {value}")  # type: ignore[misc]
        if len(part.rows) >= FEWEST_IN_SLICE:
            yield part


def _values(sheet: Sheet) -> Iterable[tuple[str, str]]:
    found = {(name, value) for row in sheet.rows for name, values in row.gold.slices.items() for value in values}
    return sorted(found)


def slice_figures(sheet: Sheet, scores: Sequence[CaseScore] = SCORES) -> tuple[Figure, ...]:
    """The scores of single cases for every slice. Of many slices some differ by chance alone: look, don't conclude."""
    found = (part.mean(score.name, score.of, better=score.better) for part in slices(sheet) for score in scores)
    return tuple(figure for figure in found if figure.n >= FEWEST_IN_SLICE)
