"""Plots as inline SVG: no file, no outside request, the same bytes for the same figures."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from evals.metrics.calibration import bins, judged, risk_coverage
from evals.metrics.figure import Figure
from evals.rows import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, GREY = "#2457a6", "#8a94a3"
_PLAIN: dict[Any, Any] = {
    "svg.hashsalt": "reviewer-copilot",
    "svg.fonttype": "none",
    "font.size": 10,
    "font.family": "sans-serif",
}


def reliability(sheet: Sheet) -> str:
    """Stated confidence against the share that was right; empty where nothing carries a confidence."""
    found = bins([pair for pair, _ in judged(sheet)])
    if not found:
        return ""
    with _drawn("Reliability: stated confidence against share right") as (axes, svg):
        axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1)
        axes.plot([one.confidence for one in found], [one.right for one in found], "o-", color=BLUE)
        for one in found:
            axes.annotate(f"n={one.n}", (one.confidence, one.right), textcoords="offset points", xytext=(6, -4))
        axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="confidence", ylabel="share right")
    return svg[0]


def risk_by_coverage(sheet: Sheet) -> str:
    """Risk when only the most confident share is answered."""
    points = risk_coverage([pair for pair, _ in judged(sheet)])
    if not points:
        return ""
    with _drawn("Risk when only the most confident are answered") as (axes, svg):
        axes.step([x for x, _ in points], [y for _, y in points], where="post", color=BLUE)
        axes.plot([x for x, _ in points], [y for _, y in points], "o", color=BLUE)
        axes.set(xlim=(0, 1.02), ylim=(0, 1.05), xlabel="coverage", ylabel="risk (share wrong)")
    return svg[0]


def confusion(sheet: Sheet) -> str:
    """Expected tiers against those said; abstentions in a column of their own."""
    pairs = [
        (str(row.gold.expected.tier), str(row.answer.tier or "abstained"))
        for row in sheet.rows
        if row.gold.expected.tier is not None
    ]
    if not pairs:
        return ""
    order = ["none", "protect", "limit", "enforce", "report", "imminent", "abstained"]
    rows = [name for name in order if any(expected == name for expected, _ in pairs)]
    columns = [name for name in order if any(name in pair for pair in pairs)]
    counts = [[pairs.count((row, column)) for column in columns] for row in rows]
    with _drawn("Expected tier (rows) against the tier said (columns)", height=0.6 + 0.45 * len(rows)) as (axes, svg):
        axes.imshow(counts, cmap="Blues", aspect="auto")
        axes.set_xticks(range(len(columns)), columns)
        axes.set_yticks(range(len(rows)), rows)
        most = max(max(line) for line in counts)
        for y, line in enumerate(counts):
            for x, count in enumerate(line):
                axes.text(x, y, str(count), ha="center", va="center", color="white" if count > most / 2 else "black")
    return svg[0]


def by_slice(figures: Sequence[Figure], name: str) -> str:
    """One figure over slices, with intervals."""
    found = [one for one in figures if one.name == name and one.value is not None]
    if not found:
        return ""
    with _drawn(f"{name} by slice", height=0.8 + 0.28 * len(found)) as (axes, svg):
        _intervals(axes, [(f"{one.slice} (n={one.n})", one.value or 0.0, one.low, one.high) for one in found])
        axes.set(xlim=(-0.02, 1.02))
    return svg[0]


def trend(points: Sequence[tuple[str, float, float | None, float | None]], name: str) -> str:
    """One figure over runs, the oldest first."""
    if len(points) < 2:
        return ""
    with _drawn(f"{name} over runs") as (axes, svg):
        places = range(len(points))
        axes.plot(places, [value for _, value, _, _ in points], "o-", color=BLUE)
        for place, (_, _, low, high) in zip(places, points, strict=True):
            if low is not None and high is not None:
                axes.vlines(place, low, high, color=GREY)
        axes.set_xticks(list(places), [label for label, *_ in points], rotation=20)
        axes.set(ylim=(0, 1.02))
    return svg[0]


def _intervals(axes: Axes, points: Sequence[tuple[str, float, float | None, float | None]]) -> None:
    for place, (_, value, low, high) in enumerate(points):
        if low is not None and high is not None:
            axes.hlines(place, low, high, color=GREY)
        axes.plot([value], [place], "o", color=BLUE)
    axes.set_yticks(range(len(points)), [label for label, *_ in points])
    axes.invert_yaxis()


@contextmanager
def _drawn(title: str, height: float = 3.6) -> Iterator[tuple[Axes, list[str]]]:
    """Axes to draw on; the picture is in the list afterwards."""
    import matplotlib
    from matplotlib.figure import Figure as Canvas

    made: list[str] = []
    with matplotlib.rc_context(_PLAIN):
        figure = Canvas(figsize=(6.4, height), layout="constrained")
        axes = figure.subplots()
        axes.set_title(title, fontsize=11, loc="left")
        axes.spines[["top", "right"]].set_visible(False)
        yield axes, made
        held = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(held, format="svg", metadata=nothing)
    made.append(_inline(held.getvalue(), title))


def _inline(svg: str, title: str) -> str:
    """The drawing alone, without the namespaces that HTML doesn't need, with its title for readers who can't see it."""
    body = re.sub(r' xmlns(:\w+)?="[^"]*"', "", svg[svg.index("<svg") :])
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    return body.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)
