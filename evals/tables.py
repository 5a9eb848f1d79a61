"""Results as plain tables, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from evals.metrics.figure import Figure

if TYPE_CHECKING:
    from evals.compare import Comparison, Difference
    from evals.everything import Everything
    from evals.measuring import SuiteResult
    from evals.studies import Study


def suite_table(result: SuiteResult) -> str:
    """The judged system's figures with intervals, then every system's values side by side."""
    judged = result.judged
    lines = [
        f"{result.suite.name}, part '{result.part}': {len(result.cases)} cases, "
        f"{len({gold.family for gold in result.cases})} families",
        "",
        *aligned([["figure", judged.name, "95 % interval", "n", "unscored"], *map(_row, judged.figures)]),
        "",
        *aligned(_side_by_side(result)),
        "",
        *(line for study in result.studies for line in study_lines(study)),
        _verdict(result),
        *result.suite.notes,
    ]
    return "\n".join(lines) + "\n"


def everything_table(every: Everything) -> str:
    """Suite by suite the judged system beside the references and the best plain one; what was lost comes last."""
    rows = [["suite", "cases", "seconds", "figure", "copilot", "95 % interval", "n", *_CHEAP, "best of the plain ones"]]
    for result in every.suites:
        rows.extend(_overview(result, every.seconds.get(result.suite.name, 0.0)))
    if every.board is not None:
        held = every.board.to_table().splitlines()
        lines = ["", *held, f"oversight-board took {every.seconds.get('oversight-board', 0.0):.0f} seconds"]
    else:
        lines = []
    verdicts = (f"{result.suite.name}: {_verdict(result)}" for result in every.suites if result.suite.pack.duties)
    return "\n".join([*aligned(rows), *lines, "", *verdicts]) + "\n"


def study_lines(study: Study) -> Iterator[str]:
    """The study's columns side by side, each figure with interval and n."""
    yield study.title
    yield from aligned(
        [
            ["", *study.columns],
            *([name, *(cell(study.figure(one, name)) for one in study.columns)] for name in study.rows),
        ]
    )
    yield from (*study.notes, "")


def cell(figure: Figure | None) -> str:
    """A figure in one cell."""
    if figure is None or figure.value is None:
        return "–"
    return f"{number(figure.value)} {interval(figure)} (n={figure.n})".replace("  ", " ")


OVERVIEW = (
    "plan tier accuracy", "coverage", "acceptable-plan accuracy", "main clause accuracy", "protected case actioned",
    "report duty recall", "report duty precision", "action F1", "action AUPRC", "sources R@10", "sources RR",
)  # fmt: skip
REFERENCES = ("always escalate", "always report", "always act")
_CHEAP = ("always escalate", "always report or act")
PLAIN = ("majority", "bm25-nearest clause", "bm25-nearest precedent", "kNN", "logistic regression")


def _overview(result: SuiteResult, seconds: float) -> Iterator[list[str]]:
    figures = [one for name in OVERVIEW if (one := result.judged.figure(name)) is not None]
    for number_, figure in enumerate(figures):
        first = [result.suite.name, str(len(result.cases)), f"{seconds:.0f}"] if not number_ else ["", "", ""]
        held = [figure.name, number(figure.value), interval(figure), str(figure.n)]
        yield [*first, *held, *_references(result, figure), _best_plain(result, figure)]


def _references(result: SuiteResult, figure: Figure) -> Iterator[str]:
    """What always giving the same answer would give."""
    for names in (REFERENCES[:1], REFERENCES[1:]):
        held = (one.figure(figure.name) for one in result.systems if one.name in names)
        yield next((number(one.value) for one in held if one is not None), "–")


def _best_plain(result: SuiteResult, figure: Figure) -> str:
    plain = [(held.value, one.name) for one in result.systems if one.name in PLAIN
             and (held := one.figure(figure.name)) is not None and held.value is not None]  # fmt: skip
    if not plain or figure.better == "neither":
        return ""
    value, name = min(plain) if figure.better == "lower" else max(plain)
    return f"{number(value)} ({name})"


def _row(figure: Figure) -> list[str]:
    return [figure.name, number(figure.value), interval(figure), str(figure.n), str(figure.unscored)]


def _side_by_side(result: SuiteResult) -> list[list[str]]:
    rows = [["", *(system.name for system in result.systems)]]
    for figure in result.judged.figures:
        held = [system.figure(figure.name) for system in result.systems]
        rows.append([figure.name, *(number(one.value if one else None) for one in held)])
    return rows if len(result.systems) > 1 else []


def _verdict(result: SuiteResult) -> str:
    if not result.suite.pack.duties:
        return "This set knows no duties."
    if result.passed:
        return "No report duty was lost."
    named = ", ".join(f"{one.case_id} ({one.duty})" for one in result.judged.lost)
    return f"FAILED: {len(result.judged.lost)} report duties were lost: {named}"


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def interval(figure: Figure) -> str:
    return "" if figure.low is None or figure.high is None else f"[{figure.low:.3f}, {figure.high:.3f}]"


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows as lines whose columns stand under each other."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)] if rows else []
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def comparison_table(found: Comparison) -> str:
    """The verdict first, then the differences, the slices that differ, and what flipped."""
    lines = [
        f"{found.b.manifest.system} against {found.a.manifest.system}: {found.verdict.upper()}",
        found.why,
        *(f"warning: {warning}" for warning in found.warnings),
        "",
        *aligned([_columns(found), *(_difference(one, found) for one in found.scores)]),
        "",
        *aligned([_columns(found), *(_difference(one, found) for one in found.slices)] if found.slices else []),
        "",
        f"{len(found.flips)} cases flipped",
        *(
            f"  {flip.case_id}: {flip.a} → {flip.b} ({'gained' if flip.right == 'b' else 'lost'})"
            for flip in found.flips
        ),
    ]
    return "\n".join(lines) + "\n"


def _columns(found: Comparison) -> list[str]:
    asked = [] if found.asked is None else [f"cases for {found.asked:g}"]
    return [
        "score", "slice", "A", "B", "B − A", "95 % interval", "n", "p", "verdict", "cases needed", *asked
    ]  # fmt: skip


def _difference(one: Difference, found: Comparison) -> list[str]:
    figure = one.difference
    asked = [] if found.asked is None else [str(one.needed_for_asked or "–")]
    return [
        figure.name, figure.slice, number(one.a), number(one.b), number(figure.value), interval(figure),
        str(figure.n), number(one.p), one.verdict, str(one.needed or "–"), *asked,
    ]  # fmt: skip
