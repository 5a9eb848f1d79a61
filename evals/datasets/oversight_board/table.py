"""The result as a plain table and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.datasets.oversight_board.result import METHOD_NOTES, OURS, SCORES, BoardResult, MethodFigures
from evals.metrics.figure import Figure
from evals.pages import render


def table(result: BoardResult) -> str:
    """Plain text, for a terminal."""
    setting = result.setting
    lines = [
        f"Oversight Board: {setting.cases} cases, {setting.earlier} decisions before them, "
        f"{setting.paragraphs} paragraphs, embedder {setting.embedder}",
        "",
        *_block([method.method for method in result.methods], [_cells(method.figures) for method in result.methods]),
        "",
        f"{OURS} minus …, on the same cases (* interval without 0)",
        *_block([m.method for m in result.methods if m.ahead], [_differences(m) for m in result.methods if m.ahead]),
        "",
        *(f"gate, {name}: {_counts(counts)}" for name, counts in result.verdicts.items()),
        *(
            f"time a case, {name}: median {times.median * 1000:.0f} ms, p95 {times.p95 * 1000:.0f} ms (n = {times.n})"
            for name, times in result.times.items()
        ),
        "",
        *METHOD_NOTES,
    ]
    return "\n".join(lines) + "\n"


def page(result: BoardResult) -> str:
    """One self-contained HTML page."""
    return render("oversight_board.html.j2", board=page_values(result))


def page_values(result: BoardResult) -> dict[str, object]:
    """What the page shows, for a report that holds other suites as well."""
    return {
        "result": result,
        "scores": SCORES,
        "ours": OURS,
        "notes": METHOD_NOTES,
        "cells": {method.method: _cells(method.figures) for method in result.methods},
        "differences": {method.method: _differences(method) for method in result.methods if method.ahead},
    }


def _block(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """One line a score, one column a method."""
    width = max((len(cell) for row in rows for cell in row), default=8) + 2
    first = max(len(name) for name in SCORES) + 2
    yield " " * first + "".join(name.ljust(max(width, len(name) + 2)) for name in names).rstrip()
    for number, score in enumerate(SCORES):
        cells = (row[number].ljust(max(width, len(name) + 2)) for name, row in zip(names, rows, strict=True))
        yield (score.ljust(first) + "".join(cells)).rstrip()


def _cells(figures: Sequence[Figure]) -> list[str]:
    return [_cell(figure, f"(n={figure.n}{_unscored(figure)})") for figure in figures]


def _differences(method: MethodFigures) -> list[str]:
    return [_cell(figure, "*" if sure(figure) else "", sign="+") for figure in method.ahead]


def sure(figure: Figure) -> bool:
    """Whether the interval leaves out 0."""
    return figure.low is not None and figure.high is not None and (figure.low > 0 or figure.high < 0)


def _cell(figure: Figure, after: str, sign: str = "") -> str:
    if figure.value is None:
        return "not scored"
    spread = "" if figure.low is None or figure.high is None else f" [{figure.low:{sign}.2f}, {figure.high:{sign}.2f}]"
    return f"{figure.value:{sign}.3f}{spread} {after}".rstrip()


def _unscored(figure: Figure) -> str:
    return f", unscored {figure.unscored}" if figure.unscored else ""


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
