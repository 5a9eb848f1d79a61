"""Reports: one self-contained page, read from the top: verdict, figures, plots, worst cases, limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from evals.casewise import DECIDING
from evals.datasets.oversight_board.result import BOARD, OURS
from evals.errors import RunError
from evals.history import SHORT, Point
from evals.metrics.figure import Figure
from evals.metrics.plans import Costs, cost
from evals.pages import render
from evals.tables import PLAIN, REFERENCES, cell, interval, number

if TYPE_CHECKING:
    from evals.compare import Comparison
    from evals.datasets.oversight_board import BoardResult
    from evals.measuring import SuiteResult, SystemResult

WORST = 8
MOST_TRENDS = 3
HEADLINES = (
    DECIDING, "coverage", "report duty recall", "report duty precision", "protected case actioned", "missed action",
    "main clause accuracy", "gate passed", "sources R@10",
)  # fmt: skip

LIMITS = (
    "Intervals cover which cases happened to be in the set. They don't cover mistakes in what is expected of them.",
    "An interval from fewer than about 20 families is too narrow; below about 100 answered cases ECE is biased upward.",
    "Figures of the program alone say nothing about the team of program and analyst.",
    "Seconds of the systems after the first leave out embedding the case, which was done once for all.",
    "Slices are many: some look good or bad by chance.",
    "A star in a trend marks values on other cases or of another policy: not only the program moved.",
    "'Unscored' means that nobody said what is right, or that the system abstained; it never counts as wrong.",
)


@dataclass(frozen=True)
class Worst:
    """A costly case with everything that was said about it."""

    case_id: str
    cost: float
    expected: str
    said: str
    text: str
    review: str


def page(
    results: Sequence[SuiteResult],
    *,
    history: Sequence[Point] = (),
    ids_only: bool = False,
    board: BoardResult | None = None,
    seconds: Mapping[str, float] = MappingProxyType({}),
) -> str:
    """The page as text.

    Args:
        history: figures of earlier results, the oldest first, for the trend.
        ids_only: for cases from a record: ids and counts, neither text nor reviews.
        board: the evaluation on decisions of the Oversight Board, which has a section of its own.
        seconds: how long each suite took.
    """
    from evals.datasets.oversight_board.table import page_values

    return render(
        "report.html.j2",
        sections=[_section(result, history, ids_only) for result in results],
        board=page_values(board) if board is not None else None,
        board_trends=list(_board_trends(board, history)) if board is not None else [],
        seconds=seconds,
        number=number,
        interval=interval,
        cell=cell,
        limits=LIMITS,
    )


def write(
    results: Sequence[SuiteResult],
    file: Path,
    *,
    history: Sequence[Point] = (),
    ids_only: bool = False,
    board: BoardResult | None = None,
    seconds: Mapping[str, float] = MappingProxyType({}),
) -> Path:
    """Writes the page; answers where.

    Raises:
        RunError: the file can't be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        text = page(results, history=history, ids_only=ids_only, board=board, seconds=seconds)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunError(f"can't write '{file.name}': {error.strerror}", "name a folder that can be written") from error
    return file


def comparison_page(found: Comparison) -> str:
    """A comparison as a page, what flipped with both reviews side by side."""
    reviews = {
        flip.case_id: [_review(run.record(flip.case_id)) for run in (found.a, found.b)] for flip in found.flips[:50]
    }
    return render("comparison.html.j2", found=found, reviews=reviews, number=number, interval=interval)


def _review(record: object) -> str:
    held = getattr(record, "review", None)
    return held.model_dump_json(indent=1) if held is not None else "no review: a baseline without one"


def _section(result: SuiteResult, history: Sequence[Point], ids_only: bool) -> dict[str, object]:
    from evals import plots

    judged = result.judged
    sheet = judged.run.sheet(result.cases, result.suite.pack, result.sampling)
    drawn = (
        plots.confusion(sheet),
        plots.reliability(sheet),
        plots.risk_by_coverage(sheet),
        plots.by_slice(judged.slices, DECIDING),
        *_trends(result, history),
    )
    return {
        "result": result,
        "headlines": [one for name in HEADLINES if (one := judged.figure(name)) is not None],
        "lost": _by_case(judged),
        "beside": list(_beside(result)),
        "plots": [svg for svg in drawn if svg],
        "worst": list(_worst(result, ids_only)),
        "card": judged.run.manifest.model_dump(mode="json"),
        "families": len({gold.family for gold in result.cases}),
        "costs": Costs(),
    }


def _by_case(judged: SystemResult) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in judged.lost:
        found.setdefault(one.case_id, []).append(one.duty)
    return found


Beside = tuple[str, str, list["SystemResult"], list[Figure]]
"""Title, note, systems and figures of a table."""


def _beside(result: SuiteResult) -> Iterator[Beside]:
    """The judged system beside the plain ones, and beside itself with something taken out."""
    judged, others = result.judged, result.systems[1:]
    plain = [system for system in others if system.name in (*REFERENCES, *PLAIN)]
    less = [system for system in others if system not in plain]
    for title, note, systems in (
        ("Beside references and plain baselines", "Rows in which every system has 0 or nothing are left out.", plain),
        ("With one thing taken out", "Overlapping intervals don't mean equal: compare runs in pairs.", less),
    ):
        if shown := [judged, *systems] if systems or title.startswith("Beside") else []:
            yield title, note, shown, [one for one in judged.figures if _says_something(one.name, shown)]


def _says_something(name: str, systems: Sequence[SystemResult]) -> bool:
    return any((held := system.figure(name)) is not None and held.value for system in systems)


def _trends(result: SuiteResult, history: Sequence[Point]) -> Iterator[str]:
    """The suite's first headlines that were measured before."""
    from evals import plots

    manifest = result.judged.run.manifest
    state = (result.suite.name, result.part, manifest.data_sha256[:SHORT], manifest.pack_fingerprint[:SHORT])
    drawn = (plots.trend(_points(result.judged.figure(name), state, history), name) for name in HEADLINES)
    yield from list(filter(None, drawn))[:MOST_TRENDS]


def _board_trends(board: BoardResult, history: Sequence[Point]) -> Iterator[str]:
    from evals import plots

    state = (BOARD, "", board.setting.data_sha256[:SHORT], board.setting.pack_fingerprint[:SHORT])
    ours = next((method.figures for method in board.methods if method.method == OURS), ())
    drawn = (plots.trend(_points(one, state, history), one.name) for one in ours)
    yield from list(filter(None, drawn))[:MOST_TRENDS]


def _points(
    now: Figure | None, state: tuple[str, str, str, str], history: Sequence[Point]
) -> list[tuple[str, float, float | None, float | None]]:
    """Earlier values and the present one; a star marks those on other cases or another pack.

    Args:
        state: suite, part, and the beginnings of the hashes of cases and pack.
    """
    if now is None or now.value is None:
        return []
    points = [
        (f"{one.day} {'' if (one.data, one.pack) == state[2:] else '*'}".strip(), one.value, one.low, one.high)
        for one in history
        if (one.suite, one.part, one.figure) == (*state[:2], now.name)
    ]
    return [*points, ("now", now.value, now.low, now.high)]


def _worst(result: SuiteResult, ids_only: bool) -> Iterator[Worst]:
    """The costliest cases; those that cost nothing are none of them."""
    judged = result.judged
    rows = judged.run.sheet(result.cases, result.suite.pack, result.sampling).rows
    priced = [(price, row) for row in rows if (price := cost(row, Costs()))]
    for price, row in sorted(priced, key=lambda pair: -pair[0])[:WORST]:
        yield Worst(
            case_id=row.id,
            cost=price,
            expected=_said(row.gold.expected.tier, row.gold.expected.clauses),
            said=_said(row.answer.tier, row.answer.clauses),
            text="" if ids_only else row.gold.case.text,
            review="" if ids_only else _review(judged.run.record(row.id)),
        )


def _said(tier: object, clauses: Sequence[str] | None) -> str:
    return f"{tier or 'abstained'} ({', '.join(clauses or ()) or 'no clause'})"
