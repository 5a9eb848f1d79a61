"""Public sets as suites: the embedded copilot over a set's own small pack, beside the baselines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from copilot.drafters.leaning import lean
from copilot.drafters.leaning_drafter import LeaningDrafter
from copilot.drafters.precedents import PrecedentDrafter
from copilot.review import Reviewer
from evals.base import Progress, silent
from evals.datasets.public import SETS
from evals.errors import RunError
from evals.gold import Part
from evals.gold_suite import systems_for
from evals.judging import Judging
from evals.labels.study import study_labels
from evals.measuring import SuiteResult, measure
from evals.metrics.intervals import Sampling
from evals.prices import PriceList
from evals.remaking import remembering
from evals.suites import HeldSuite
from policy_corpus import Pack
from policy_corpus.errors import expected_one_of
from retrieval import BruteForceIndex, Embedder, Retriever


def run(
    name: str,
    path: Path,
    *,
    embedder: Embedder,
    part: Part = "tune",
    folder: Path | None = None,
    log: Path | None = None,
    limit: int | None = None,
    compared: bool = True,
    sampling: Sampling | None = None,
    judging: Judging | None = None,
    prices: PriceList | None = None,
    command: str = "",
    progress: Progress = silent,
) -> SuiteResult:
    """Measures the embedded copilot on a public set; `path` is the folder that holds the set's folder.

    Raises:
        RunError: there is no set of that name.
        DataError: its files are missing or malformed.
    """
    if name not in SETS:
        raise RunError(f"unknown set '{name}'", expected_one_of(name, SETS))
    return run_suite(
        SETS[name](path), embedder=embedder, part=part, folder=folder, log=log, limit=limit, compared=compared,
        sampling=sampling, judging=judging, prices=prices, command=command, progress=progress,
    )  # fmt: skip


def run_suite(
    suite: HeldSuite,
    *,
    embedder: Embedder,
    part: Part = "tune",
    folder: Path | None = None,
    log: Path | None = None,
    limit: int | None = None,
    compared: bool = True,
    sampling: Sampling | None = None,
    judging: Judging | None = None,
    prices: PriceList | None = None,
    command: str = "",
    progress: Progress = silent,
) -> SuiteResult:
    """The same for any suite, such as one read by `evals.datasets.mapped`.

    Where the set's labels say more than whether to act, a study of them follows: it needs no drafts, so it asks about
    all rows of the part whatever the limit is.
    """
    shared = remembering(embedder)
    reviewer = embedded_reviewer(suite.pack, shared, lambda d, n: progress(d, n, "embedding"))
    result = measure(
        suite, systems_for(reviewer, compared=compared, dated=suite.dated, progress=progress), part=part,
        folder=folder, log=log, limit=limit, sampling=sampling, judging=judging, prices=prices, command=command,
        progress=progress,
    )  # fmt: skip
    if suite.labels is None or not compared:
        return result
    study = study_labels(suite.labels, part, suite.pack, shared, result.sampling, progress)
    return result if study is None else replace(result, studies=(*result.studies, study))


def embedded_reviewer(pack: Pack, embedder: Embedder, progress: Callable[[int, int], None] | None = None) -> Reviewer:
    """The reviewer that needs no model service: search in memory and the embedded drafter, without detectors.

    The sets' packs have no facts to find and no criteria: where it leans is learned from the precedents' labels.
    """
    retriever = Retriever(pack, BruteForceIndex(embedder))
    retriever.sync(progress)
    plain, leaning = PrecedentDrafter(pack), lean(pack, embedder)
    return Reviewer(pack, retriever, (), (plain if leaning is None else LeaningDrafter(plain, leaning),))
