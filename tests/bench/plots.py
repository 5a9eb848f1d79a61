"""The measurements as a table, and as plots over the number of passages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Cells = Mapping[str, Any]

_CELL = re.compile(r"^(\d+) (short|long)( filtered)?$")
_TITLES = {
    "end_to_end_ms": "Text to the best eight, ms",
    "without_embedding_ms": "The same without embedding the query, ms",
}
_LOOKS = {"ours": "o-", "ours, engine": "s-", "stock": "^--", "stock with bm25s": "v--"}


def draw(cells: Cells, folder: Path) -> list[Path]:
    """One SVG for each length of query: medians with their range over sizes. The same cells give the same bytes."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams.update({"svg.hashsalt": "bench", "svg.fonttype": "none", "font.size": 9})
    made = []
    for length in ("short", "long"):
        figure, axes = pyplot.subplots(2, 2, figsize=(8, 6), sharex=True, constrained_layout=True)
        for row, (quantity, title) in zip(axes, _TITLES.items(), strict=True):
            for filtered, axis in zip(("", " filtered"), row, strict=True):
                _lines(axis, cells, length, filtered, quantity)
                axis.set(xscale="log", yscale="log", title=title + (", two-field filter" if filtered else ""))
                axis.grid(alpha=0.3)
        for axis in axes[1]:
            axis.set_xlabel("passages")
        axes[0][0].legend(fontsize=8)
        file = folder / f"bench-retrieval-{length}.svg"
        folder.mkdir(parents=True, exist_ok=True)
        figure.savefig(file, metadata={"Date": None, "Creator": None})
        pyplot.close(figure)
        made.append(file)
    return made


def _lines(axis: Any, cells: Cells, length: str, filtered: str, quantity: str) -> None:
    for system, look in _LOOKS.items():
        points = [
            (size, told[system][quantity])
            for size, found, other, told in _timed(cells)
            if (found, other) == (length, filtered) and system in told
        ]
        if points:
            sizes, medians = [size for size, _ in points], [told["median"] for _, told in points]
            below = [told["median"] - told["low"] for _, told in points]
            above = [told["high"] - told["median"] for _, told in points]
            axis.errorbar(sizes, medians, yerr=[below, above], fmt=look, label=system, capsize=2, markersize=4)


def table(cells: Cells) -> str:
    """Every timed cell as a line of a Markdown table."""
    lines = [
        "| passages | query | system | end to end ms | without embedding ms | found |",
        "|---|---|---|---|---|---|",
    ]
    for size, length, filtered, told in _timed(cells):
        for system, figures in told.items():
            whole, rest = (_said(figures[quantity]) for quantity in _TITLES)
            found = f"{figures['found']}/{figures['n']}"
            lines.append(f"| {size} | {length}{filtered} | {system} | {whole} | {rest} | {found} |")
    return "\n".join(lines)


def _said(figure: Mapping[str, float]) -> str:
    return f"{figure['median']:g} [{figure['low']:g}, {figure['high']:g}]"


def _timed(cells: Cells) -> Iterator[tuple[int, str, str, Any]]:
    """The cells of timed searches, by size."""
    matched = ((_CELL.match(name), told) for name, told in cells.items())
    found = [(int(match[1]), match[2], match[3] or "", told) for match, told in matched if match]
    return iter(sorted(found, key=lambda cell: (cell[0], cell[1] == "long", cell[2])))
