"""Stored runs as results again: the cases are read anew, the answers are those of the run."""

from __future__ import annotations

from pathlib import Path

from evals.datasets.public import SETS
from evals.errors import RunError
from evals.judging import judging_of
from evals.measuring import SuiteResult, score
from evals.metrics.intervals import Sampling
from evals.prices import PriceList
from evals.runs import Run, load
from evals.splits import open_part
from evals.suites import Suite, gold_suite
from policy_corpus import Pack


def reopen(
    folder: Path,
    *,
    pack: Pack | None = None,
    data: Path | None = None,
    log: Path | None = None,
    prices: PriceList | None = None,
    sampling: Sampling | None = None,
) -> SuiteResult:
    """The result of a stored run. A judge that was asked then isn't asked again: its verdicts are those of the run.

    Args:
        pack: of a run on gold cases.
        data: the folder of the public sets, for a run on one of them.
        log: where a read of the test part is written down.
        prices: of models' tokens.

    Raises:
        RunError: there is no run, or its cases have changed since.
        DataError: the cases can't be read.
    """
    run = load(folder)
    suite, drawn = _suite(run, pack, data), sampling or Sampling()
    if suite.data_sha256 != run.manifest.data_sha256:
        raise RunError("the cases have changed since the run", "run it again")
    answered = {record.case_id for record in run.records}
    cases = open_part(suite, run.manifest.part, log=log, reason=f"reopened: {run.manifest.system}")
    held = tuple(gold for gold in cases if gold.id in answered)
    scored = score(run, held, suite, drawn, judging=judging_of(folder), prices=prices, folder=folder)
    return SuiteResult(suite, run.manifest.part, held, (scored,), drawn)


def _suite(run: Run, pack: Pack | None, data: Path | None) -> Suite:
    name = run.manifest.suite
    if name in SETS:
        if data is None:
            raise RunError(f"the run is on the set '{name}'", "name the folder that holds it: --data PATH")
        return SETS[name](data)
    if pack is None or name != f"gold-{pack.id.replace('_', '-')}":
        raise RunError(f"the run is on '{name}', whose pack was not given", f"name its pack: {run.manifest.pack}")
    return gold_suite(pack)
