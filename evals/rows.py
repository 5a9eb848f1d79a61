"""Rows: a case, what is expected of it, and what a system said. All figures are made from these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from copilot.plans import bind
from evals.answers import Answer
from evals.gold import GoldCase
from evals.metrics.figure import Better, Figure, mean_figure
from evals.metrics.intervals import Sampling
from policy_corpus import Pack, PlannedStep
from policy_corpus.plans import ROLE_TARGETS

Steps = frozenset[tuple[str, str]]
Score = Callable[["Row"], float | None]


@dataclass(frozen=True)
class Row:
    """One scored case."""

    gold: GoldCase
    answer: Answer
    pack: Pack

    @property
    def id(self) -> str:
        return self.gold.id

    @property
    def family(self) -> str:
        return self.gold.family

    def acceptable(self) -> tuple[Steps, ...] | None:
        """The acceptable plans with roles bound to the case's parties and parts; None where nobody has said."""
        plans = self.gold.expected.acceptable_plans
        if plans is None:
            return None
        return tuple(frozenset(self._bound(plan)) for plan in plans)

    def _bound(self, plan: Sequence[PlannedStep]) -> Iterator[tuple[str, str]]:
        for step in plan:
            if step.on not in ROLE_TARGETS:
                yield step.action, step.on
            else:
                yield from ((one.action, one.on) for one in bind([step], self.gold.case, ""))


@dataclass(frozen=True)
class Sheet:
    """Rows of one system on one suite, with how intervals are drawn."""

    rows: tuple[Row, ...]
    sampling: Sampling
    slice: str = "all"
    prices: str = ""
    """What the answers' costs rest on; empty where there is no price list."""

    @property
    def clusters(self) -> list[str]:
        return [row.family for row in self.rows]

    def mean(self, name: str, score: Score, *, better: Better = "higher", note: str = "", share: bool = True) -> Figure:
        """The mean of a score over the rows; rows for which it is None are unscored."""
        scores = [score(row) for row in self.rows]
        return mean_figure(
            name, scores, self.clusters, sampling=self.sampling, slice=self.slice, better=better, note=note, share=share
        )

    def only(self, keep: Callable[[Row], bool], slice: str) -> Sheet:
        return replace(self, rows=tuple(row for row in self.rows if keep(row)), slice=slice)
