"""All suites in one go: what `make eval` runs. Needs no model service; writes results ready to be committed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from copilot.review import Reviewer
from evals import gold_suite, history, public, report
from evals.base import Progress, silent
from evals.datasets import oversight_board
from evals.datasets.oversight_board import BoardResult
from evals.datasets.public import SETS, available
from evals.figures import RESULTS
from evals.gold import Part
from evals.hashing import code_version, digest_of_text
from evals.judging import Entailment, Judging
from evals.measuring import SuiteResult
from evals.metrics.intervals import Sampling
from evals.prices import PriceList
from evals.remaking import remembering
from evals.suites import Suite
from evals.suites import gold_suite as suite_of
from retrieval import Embedder

Made = TypeVar("Made")

MOST_CASES = {"edos": 200, "hatecheck": 600}
"""Cases of the large sets that are run, so that everything is done within minutes."""


@dataclass(frozen=True)
class Everything:
    """All results, with how long each suite took."""

    suites: tuple[SuiteResult, ...]
    board: BoardResult | None
    seconds: dict[str, float]
    """By suite; of this machine, on this day."""

    @property
    def passed(self) -> bool:
        """Whether no suite lost a report."""
        return all(result.passed for result in self.suites)

    def to_json(self) -> str:
        """Times and verdicts; the figures are in the file of each suite."""
        held = {
            "format": 1,
            "passed": self.passed,
            "seconds": {name: round(seconds, 1) for name, seconds in self.seconds.items()},
            "lost": {r.suite.name: [one.model_dump() for one in r.judged.lost] for r in self.suites if not r.passed},
        }
        return json.dumps(held, ensure_ascii=False, indent=1) + "\n"

    def to_table(self) -> str:
        from evals.tables import everything_table

        return everything_table(self)

    def to_html(self) -> str:
        return report.page(self.suites, board=self.board, seconds=self.seconds)


def run_all(
    reviewers: Iterable[Reviewer],
    *,
    embedder: Embedder,
    data: Path | None = None,
    part: Part = "tune",
    results: Path = RESULTS,
    page: Path | None = None,
    folder: Path | None = None,
    learned: Path | None = None,
    log: Path | None = None,
    sampling: Sampling | None = None,
    judge: Entailment | None = None,
    prices: PriceList | None = None,
    command: str = "",
    progress: Progress = silent,
) -> Everything:
    """The gold suite of each reviewer's pack, and where `data` is given, every public set that is there.

    A suite's result is written as soon as it is there, so that one which fails later takes none away. Headlines of the
    result that it replaces are kept beside it, for the plots over runs.

    Args:
        reviewers: one a pack; each is made when its turn comes.
        data: the folder that holds the sets' folders.
        results: where result JSON goes, one file a suite.
        page: where the report goes; none is written otherwise.
        folder: where the runs are kept: a folder a suite, in it one for each state of program, pack and data.
        learned: a folder of what detectors learned before.
        judge: says whether citations support claims.
        prices: of models' tokens.

    Raises:
        DataError: a set is malformed.
        RunError: a file can't be written.
    """
    seconds: dict[str, float] = {}
    found: list[SuiteResult] = []
    shared = remembering(embedder)  # sets borrow texts from each other
    judging = Judging(judge) if judge is not None else None

    def timed(name: str, make: Callable[[], Made]) -> Made:
        started = perf_counter()
        made = make()
        seconds[name] = perf_counter() - started
        return made

    def keep(result: SuiteResult) -> None:
        found.append(result)
        history.replace(results / f"{result.file_name}.json", result.to_json())

    for reviewer in reviewers:
        suite = suite_of(reviewer.pack)
        run = partial(
            gold_suite.run, reviewer, part=part, folder=run_folder(folder, suite, part), learned=learned, log=log,
            sampling=sampling, judging=judging, prices=prices, command=command,
            progress=_named(suite.name, progress),
        )  # fmt: skip
        keep(timed(suite.name, run))
    for name in available(data) if data is not None else ():
        run = partial(
            _public, name, data or Path(), embedder=shared, part=part, folder=folder, log=log, sampling=sampling,
            judging=judging, prices=prices, command=command, progress=_named(name, progress),
        )  # fmt: skip
        keep(timed(name, run))
    board = None
    if data is not None and (data / "oversight-board").is_dir():
        evaluate = partial(
            oversight_board.evaluate, data, embedder=embedder, sampling=sampling, command=command,
            progress=_named("oversight-board", progress),
        )  # fmt: skip
        board = timed("oversight-board", evaluate)
        history.replace(results / "oversight-board.json", board.to_json())
    every = Everything(tuple(found), board, seconds)
    if page is not None:
        report.write(every.suites, page, history=history.read(results), board=board, seconds=seconds)
    return every


def _public(name: str, data: Path, *, part: Part, folder: Path | None, **more: Any) -> SuiteResult:
    suite, limit = SETS[name](data), MOST_CASES.get(name)
    return public.run_suite(suite, part=part, folder=run_folder(folder, suite, part, limit), limit=limit, **more)


def run_folder(folder: Path | None, suite: Suite, part: Part, limit: int | None = None) -> Path | None:
    """Where a suite's runs go: another place for each state of program, pack and data, so that old ones stay."""
    if folder is None:
        return None
    state = (code_version(), suite.pack.fingerprint, suite.data_sha256, str(limit or ""))
    return folder / f"{suite.name}-{part}" / digest_of_text("\x1f".join(state))[:12]


def _named(suite: str, progress: Progress) -> Progress:
    return lambda done, of, what: progress(done, of, f"{suite}, {what}")
