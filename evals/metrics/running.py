"""Figures about running: time, tokens and cost a case."""

from __future__ import annotations

from statistics import median

from evals.metrics.figure import Figure, statistic_figure
from evals.rows import Sheet


def running_figures(sheet: Sheet) -> list[Figure]:
    """Seconds hold for the machine that ran it; tokens and cost are unscored for what counts none."""
    seconds = [(row.answer.seconds, row.family) for row in sheet.rows]
    return [
        _of("seconds, median", [(s, f) for s, f in seconds if s is not None], median, sheet),
        _of("seconds, p95", [(s, f) for s, f in seconds if s is not None], _p95, sheet),
        sheet.mean("tokens", lambda row: row.answer.tokens, better="lower", share=False),
        sheet.mean("cost of the model", lambda row: row.answer.cost, better="lower", share=False),
    ]


def _of(name: str, held: list[tuple[float, str]], statistic: object, sheet: Sheet) -> Figure:
    assert callable(statistic)
    return statistic_figure(
        name, lambda at: float(statistic([held[i][0] for i in at])) if at else None, [family for _, family in held],
        sampling=sheet.sampling, unscored=len(sheet.rows) - len(held), slice=sheet.slice, better="lower",
    )  # fmt: skip


def _p95(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[max(0, round(0.95 * len(ordered)) - 1)]
