"""All suites in one go: what `make eval` runs. Needs no model service; writes results ready to be committed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from copilot.review import Reviewer
from evals import gold_suite, public, report
from evals.base import Progress, silent
from evals.datasets import oversight_board
from evals.datasets.public import available
from evals.errors import RunError
from evals.figures import RESULTS
from evals.gold import Part
from evals.measuring import SuiteResult
from evals.metrics.intervals import Sampling

MOST_CASES = {"edos": 200, "hatecheck": 300}
"""Cases of the large sets that are run, so that everything is done within minutes."""


def run_all(
    reviewer: Reviewer,
    *,
    data: Path | None = None,
    part: Part = "tune",
    results: Path = RESULTS,
    page: Path | None = None,
    folder: Path | None = None,
    log: Path | None = None,
    sampling: Sampling | None = None,
    command: str = "",
    progress: Progress = silent,
) -> list[SuiteResult]:
    """The gold suite, and where `data` is given, every public set that is there.

    Args:
        data: the folder that holds the sets' folders.
        results: where result JSON goes, one file a suite.
        page: where the report goes; none is written otherwise.
        folder: where the runs are kept, one folder a suite.

    Raises:
        DataError: a set is malformed.
        RunError: a file can't be written.
    """
    embedder = reviewer.retriever.index.embedder
    found = [
        gold_suite.run(
            reviewer, part=part, folder=_below(folder, "gold"), log=log, sampling=sampling, command=command,
            progress=progress,
        )
    ]  # fmt: skip
    for name in available(data) if data is not None else ():
        found.append(
            public.run(
                name, data or Path(), embedder=embedder, part=part, folder=_below(folder, name), log=log,
                limit=MOST_CASES.get(name), sampling=sampling, command=command, progress=progress,
            )
        )  # fmt: skip
    for result in found:
        _write(results / f"{result.suite.name}.json", result.to_json())
    if data is not None and (data / "oversight-board").is_dir():
        board = oversight_board.evaluate(data, embedder=embedder, sampling=sampling, command=command, progress=progress)
        _write(results / "oversight-board.json", board.to_json())
    if page is not None:
        report.write(found, page, history=_history(results, found))
    return found


def _below(folder: Path | None, name: str) -> Path | None:
    return folder / name if folder is not None else None


def _history(results: Path, found: Sequence[SuiteResult]) -> list[Path]:
    """Results of earlier versions, kept as `<suite>.<version>.json` beside the present ones."""
    return sorted(file for result in found for file in results.glob(f"{result.suite.name}.*.json"))


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunError(f"can't write '{file.name}': {error.strerror}", "name a folder that can be written") from error
