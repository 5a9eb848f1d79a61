"""What every measuring of drafts takes and does alike: one block of options, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ui.commands.eval import judges, outputs

if TYPE_CHECKING:
    from evals.judging import Entailment
    from evals.measuring import SuiteResult
    from evals.prices import PriceList

OPTIONS = (
    outputs.PART, outputs.LOG, judges.JUDGE, judges.PRICES, outputs.RUNS, outputs.LIMIT, outputs.OUT, outputs.AS_JSON,
)  # fmt: skip


@dataclass(frozen=True)
class Measuring:
    """The options' values, once the judge and the price list are there."""

    part: Literal["tune", "test"]
    log: Path | None
    judge: Entailment | None
    prices: PriceList | None
    runs: Path | None
    limit: int | None
    out: Path | None
    as_json: bool

    def arguments(self, parallel: int = 1) -> dict[str, Any]:
        """For the functions of `evals` that measure a suite."""
        from evals.judging import Judging
        from ui.progress import Progress

        return {
            "part": self.part,
            "folder": self.runs,
            "log": outputs.test_log(self.log),
            "limit": self.limit,
            "judging": Judging(self.judge, parallel) if self.judge else None,
            "prices": self.prices,
            "progress": Progress("measuring"),
        }

    def deliver(self, result: SuiteResult, *, ids_only: bool = False) -> None:
        """Says what a judge left open, and gives the result where it was asked for."""
        judges.tell_unanswered(self.judge)
        page = result.to_html(ids_only=ids_only) if self.out else ""
        outputs.deliver(result, result.file_name, self.out, self.as_json, page=page)


def measured(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options, and hands it their values as `measuring`."""

    @wraps(command)
    def called(
        part: Literal["tune", "test"],
        log: Path | None,
        judge: judges.Kind,
        prices: Path | None,
        runs: Path | None,
        limit: int | None,
        out: Path | None,
        as_json: bool,
        **own: Any,
    ) -> None:
        asked, priced = judges.judge(judge), judges.prices(prices)
        command(measuring=Measuring(part, log, asked, priced, runs, limit, out, as_json), **own)

    for option in reversed(OPTIONS):
        called = option(called)
    return called
