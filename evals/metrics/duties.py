"""Figures about duties. A lost report is the worst mistake there is: each is listed, and fails the run."""

from __future__ import annotations

from collections.abc import Sequence

from evals.answers import RAISED
from evals.base import Strict
from evals.metrics.figure import Figure, statistic_figure
from evals.metrics.plans import lost_reports
from evals.rows import Row, Sheet

Pairs = tuple[int, int, int]
"""Right, said and expected."""


class LostDuty(Strict):
    """A report that is owed, or that counsel must look at, and that the answer doesn't raise."""

    case_id: str
    duty: str


def lost(rows: Sequence[Row]) -> tuple[LostDuty, ...]:
    """Every lost report, by case and duty."""
    return tuple(LostDuty(case_id=row.id, duty=duty) for row in rows for duty in lost_reports(row))


def duty_figures(sheet: Sheet) -> list[Figure]:
    """Recall and precision of report duties by (case, duty), and of 'a report is on the table' by case.

    Recall of 1.0 is cheap: the always-report drafter has it. Read it beside the precision.
    """
    scored = [row for row in sheet.rows if row.gold.expected.duties is not None]
    told = [row for row in sheet.rows if row.gold.expected.reportability is not None]
    return [
        *_recall_precision("report duty", scored, [_duty_counts(row) for row in scored], sheet),
        *_recall_precision("report on the table", told, [_report_counts(row) for row in told], sheet),
        sheet.mean("reportability accuracy", reportability_right),
    ]


def reportability_right(row: Row) -> float | None:
    expected = row.gold.expected.reportability
    return None if expected is None else float(row.answer.reportability is expected)


def _duty_counts(row: Row) -> Pairs:
    reports = {id for id, duty in row.pack.duties.items() if duty.kind == "report"}
    expected = set(row.gold.expected.duties or ()) & reports
    said = set(row.answer.duties) & reports
    return len(expected & said), len(said), len(expected)


def _report_counts(row: Row) -> Pairs:
    expected = row.gold.expected.reportability in RAISED
    said = row.answer.reportability in RAISED
    return int(expected and said), int(said), int(expected)


def _recall_precision(name: str, rows: Sequence[Row], counts: Sequence[Pairs], sheet: Sheet) -> list[Figure]:
    unscored = len(sheet.rows) - len(rows)
    return [
        _ratio(f"{name} recall", rows, counts, 2, unscored, sheet),
        _ratio(f"{name} precision", rows, counts, 1, unscored, sheet),
    ]


def _ratio(name: str, rows: Sequence[Row], counts: Sequence[Pairs], under: int, unscored: int, sheet: Sheet) -> Figure:
    """Right ones by expected (2) or said (1) ones; n counts the cases that have any."""
    held = [(row, pairs) for row, pairs in zip(rows, counts, strict=True) if pairs[under]]

    def ratio(at: Sequence[int]) -> float | None:
        bottom = sum(held[i][1][under] for i in at)
        return sum(held[i][1][0] for i in at) / bottom if bottom else None

    return statistic_figure(
        name, ratio, [row.family for row, _ in held], sampling=sheet.sampling, unscored=unscored, slice=sheet.slice,
        note=f"{sum(pairs[under] for _, pairs in held)} in all", share=True,
    )  # fmt: skip
