"""A stored run as a result again, for the commands that are given a run's folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ui.commands.eval import outputs

if TYPE_CHECKING:
    from evals.measuring import SuiteResult
    from evals.prices import PriceList


def reopened(run: Path, pack: str | None, data: Path | None, prices: PriceList | None = None) -> SuiteResult:
    """The run's result; gold cases are those of the pack that was named, or that the run names."""
    from evals.reopening import reopen
    from evals.runs import load
    from policy_corpus import shipped
    from ui import assembly
    from ui.commands.eval import reviewers

    if data is not None:
        return reopen(run, data=data, log=outputs.test_log(None), prices=prices)
    named = load(run).manifest.pack
    settings = reviewers.chosen(pack or (named if named in shipped() else None))
    return reopen(run, pack=assembly.pack(settings), log=outputs.test_log(None), prices=prices)
