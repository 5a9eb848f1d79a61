"""Figures about running: time, tokens and money a case."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from evals.metrics.figure import Figure, statistic_figure
from evals.rows import Sheet

TOKENS, COST = "tokens per case", "cost per case"
NO_PRICES = "no price list: --prices"
NO_TOKENS = "no model was asked, or none that counts tokens"


def running_figures(sheet: Sheet) -> list[Figure]:
    """Seconds hold for the machine that ran it. Tokens and cost stand there even where nothing counted any."""
    seconds = [(row.answer.seconds, row.family) for row in sheet.rows]
    held = [(s, f) for s, f in seconds if s is not None]
    counted = any(row.answer.tokens for row in sheet.rows)
    return [
        *(
            one
            for one in (_of("seconds, median", held, median, sheet), _of("seconds, p95", held, _p95, sheet))
            if one.n
        ),
        sheet.mean(
            TOKENS, lambda row: row.answer.tokens, better="lower", share=False, note="" if counted else NO_TOKENS
        ),
        sheet.mean(COST, lambda row: row.answer.cost, better="lower", share=False, note=_about_cost(sheet, counted)),
    ]


def _about_cost(sheet: Sheet, counted: bool) -> str:
    return (sheet.prices or NO_PRICES) if counted else NO_TOKENS


def _of(name: str, held: list[tuple[float, str]], statistic: Callable[[list[float]], float], sheet: Sheet) -> Figure:
    return statistic_figure(
        name, lambda at: float(statistic([held[i][0] for i in at])) if at else None, [family for _, family in held],
        sampling=sheet.sampling, unscored=len(sheet.rows) - len(held), slice=sheet.slice, better="lower",
    )  # fmt: skip


def _p95(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[max(0, round(0.95 * len(ordered)) - 1)]
