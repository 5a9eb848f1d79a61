"""The result as plain text, for a terminal or a page."""

from __future__ import annotations

from collections.abc import Iterator

from evals.metrics.figure import Figure
from evals.retrieving.measuring import RetrievalResult, TaskResult


def table(result: RetrievalResult) -> str:
    """A Markdown table for each task: figures with intervals, then ours minus each."""
    return "\n".join(line for task in result.tasks for line in (*_task(task), ""))


def _task(task: TaskResult) -> Iterator[str]:
    names = [figure.name for figure in max((one.figures for one in task.searchers), key=len)]
    yield f"### {task.task} (n = {task.questions}, {task.families} families)"
    yield ""
    yield f"| | {' | '.join(names)} |"
    yield "|---" * (len(names) + 1) + "|"
    for one in task.searchers:
        yield f"| {one.searcher} | {' | '.join(_cells(names, one.figures))} |"
    for one in task.searchers:
        if one.behind_ours:
            yield f"| ours − {one.searcher} | {' | '.join(_cells(names, one.behind_ours, '+'))} |"
    yield ""
    yield from task.notes


def _cells(names: list[str], figures: tuple[Figure, ...], sign: str = "") -> Iterator[str]:
    held = {figure.name: figure for figure in figures}
    for name in names:
        yield _cell(held[name], sign) if name in held else "–"


def _cell(figure: Figure, sign: str) -> str:
    if figure.value is None:
        return "not scored"
    if figure.low is None or figure.high is None:
        return f"{figure.value:{sign}.3f}"
    sure = "*" if sign and (figure.low > 0 or figure.high < 0) else ""
    return f"{figure.value:{sign}.3f}{sure} [{figure.low:{sign}.2f}, {figure.high:{sign}.2f}]"
