"""The gold suite: the copilot on a pack's own gold cases, beside references, baselines and ablations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from copilot.review import Reviewer
from evals.base import Progress, silent
from evals.baselines import baselines
from evals.gold import Part
from evals.judging import Judging
from evals.measuring import SuiteResult, measure
from evals.metrics.intervals import Sampling
from evals.prices import PriceList
from evals.remaking import Remaker
from evals.suites import gold_suite
from evals.systems import COPILOT, ReviewerSystem, System, ablations, references

PLANTED = 200
"""Cases in whose citations faults are planted: more than elsewhere, as these are drafts of the kind that is used."""


def run(
    reviewer: Reviewer,
    *,
    cases: Path | None = None,
    part: Part = "tune",
    folder: Path | None = None,
    cache: Path | None = None,
    learned: Path | None = None,
    log: Path | None = None,
    limit: int | None = None,
    parallel: int = 1,
    compared: bool = True,
    sampling: Sampling | None = None,
    judging: Judging | None = None,
    prices: PriceList | None = None,
    command: str = "",
    progress: Progress = silent,
) -> SuiteResult:
    """Measures the reviewer on the gold cases of its pack.

    Args:
        cases: a file or folder of gold cases; those that come with the pack otherwise.
        learned: a folder of what detectors learned before from the same precedents.
        compared: also run always-escalate, always-report, the baselines and the ablations.
        log: where a read of the test part is written down; needed for `part="test"`.
        judging: says whether citations support claims.
        prices: of models' tokens.

    Raises:
        DataError: something is wrong with the cases.
        RunError: the folder holds another run, or the test part was asked for without a log.
    """
    suite = gold_suite(reviewer.pack, cases)
    systems = systems_for(reviewer, compared=compared, dated=suite.dated, learned=learned, progress=progress)
    return measure(
        suite, systems, part=part, folder=folder, cache=cache, log=log, limit=limit, parallel=parallel,
        sampling=sampling, judging=judging, prices=prices, planted=PLANTED, command=command, progress=progress,
    )  # fmt: skip


def systems_for(
    reviewer: Reviewer,
    *,
    compared: bool = True,
    dated: bool = False,
    learned: Path | None = None,
    progress: Progress = silent,
) -> Iterator[System]:
    """The reviewer first, as it is; then all that it is compared with, over one embedding of everything."""
    remaker = Remaker.of(reviewer, learned, progress)
    yield ReviewerSystem(COPILOT, reviewer, dated, remaker)
    if compared:
        shared = remaker.over(reviewer, reviewer.pack)
        yield from references(shared, remaker, dated=dated)
        yield from baselines(reviewer.pack, remaker.embedder, dated=dated)
        yield from ablations(shared, remaker, dated=dated)
