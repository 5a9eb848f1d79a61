"""Measuring: a suite with everything that is compared on it, and the outcome as one value."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.base import Progress, silent
from evals.errors import DutyLost
from evals.gold import GoldCase, Part
from evals.hashing import digest_of_text
from evals.metrics.citations import Entailment, alce
from evals.metrics.duties import LostDuty, lost
from evals.metrics.evidence import evidence_figures
from evals.metrics.figure import Figure
from evals.metrics.intervals import Sampling
from evals.runs import Run, execute
from evals.scoring import figures, slice_figures
from evals.splits import open_part
from evals.suites import Suite
from evals.systems import System


@dataclass(frozen=True)
class SystemResult:
    """One system's run and figures."""

    run: Run
    figures: tuple[Figure, ...]
    slices: tuple[Figure, ...]
    lost: tuple[LostDuty, ...]

    @property
    def name(self) -> str:
        return self.run.manifest.system

    def figure(self, name: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.name == name), None)


@dataclass(frozen=True)
class SuiteResult:
    """All systems on the same cases; the first is the one that is judged."""

    suite: Suite
    part: Part
    cases: tuple[GoldCase, ...]
    systems: tuple[SystemResult, ...]
    sampling: Sampling

    @property
    def judged(self) -> SystemResult:
        return self.systems[0]

    @property
    def passed(self) -> bool:
        """Whether the judged system lost no report."""
        return not self.judged.lost

    @property
    def file_name(self) -> str:
        """The name of its file among the results; only `test` is named, as `tune` is what is run daily."""
        return self.suite.name if self.part == "tune" else f"{self.suite.name}-{self.part}"

    def check(self) -> None:
        """Raises DutyLost where a report was lost, naming each case and duty."""
        if not self.passed:
            named = ", ".join(f"{one.case_id}: {one.duty}" for one in self.judged.lost)
            raise DutyLost(f"{len(self.judged.lost)} report duties were lost", named)

    def to_json(self) -> str:
        """Ready to be committed: ids, figures and where they come from, no case text."""
        held = {
            "format": 1,
            "suite": self.suite.name,
            "part": self.part,
            "passed": self.passed,
            "families": len({gold.family for gold in self.cases}),
            "notes": list(self.suite.notes),
            "systems": {one.name: _dump(one) for one in self.systems},
        }
        return json.dumps(held, ensure_ascii=False, indent=1) + "\n"

    def to_table(self) -> str:
        from evals.tables import suite_table

        return suite_table(self)

    def to_html(self) -> str:
        from evals.report import page

        return page([self])


def _dump(system: SystemResult) -> dict[str, object]:
    return {
        "manifest": system.run.manifest.model_dump(mode="json"),
        "figures": [figure.model_dump() for figure in system.figures],
        "slices": [figure.model_dump() for figure in system.slices],
        "lost": [one.model_dump() for one in system.lost],
    }


def measure(
    suite: Suite,
    systems: Iterable[System],
    *,
    part: Part = "tune",
    folder: Path | None = None,
    cache: Path | None = None,
    log: Path | None = None,
    limit: int | None = None,
    parallel: int = 1,
    sampling: Sampling | None = None,
    judge: Entailment | None = None,
    command: str = "",
    progress: Progress = silent,
) -> SuiteResult:
    """Runs every system on the part's cases; blocks until done, so call it outside any event loop.

    Args:
        folder: where the runs are kept, one folder a system; a run that was cut off is continued.
        log: where reads of the test part are written down; needed for `part="test"`.
        limit: only so many cases, drawn by a hash of their families: the same ones each time, in any order.
        judge: says whether quotes support claims; ALCE's figures are left out without one.
    """
    drawn = sampling or Sampling()
    cases = sampled(open_part(suite, part, log=log, reason=command), limit)

    async def run_all() -> list[Run]:
        return [
            await execute(
                suite, part, cases, system,
                folder=folder / slug(system.name) if folder else None, cache=cache, parallel=parallel,
                seed=drawn.seed, command=command, progress=progress,
            )
            for system in systems
        ]  # fmt: skip

    runs = asyncio.run(run_all())
    return SuiteResult(suite, part, cases, tuple(score(run, cases, suite, drawn, judge) for run in runs), drawn)


def score(
    run: Run, cases: Sequence[GoldCase], suite: Suite, sampling: Sampling, judge: Entailment | None = None
) -> SystemResult:
    """A run's figures."""
    sheet = run.sheet(cases, suite.pack, sampling)
    reviewed = [(record.review, record.family) for record in run.records if record.review is not None]
    supported = alce([one for one, _ in reviewed], [family for _, family in reviewed], judge, sheet) if judge else []
    shown = evidence_figures(sheet, {one.case_id: one.review for one in run.records if one.review is not None})
    return SystemResult(run, (*figures(sheet), *supported, *shown), slice_figures(sheet), lost(sheet.rows))


def sampled(cases: tuple[GoldCase, ...], limit: int | None) -> tuple[GoldCase, ...]:
    """At most so many of the cases, in their order; sets are often sorted by label, so the first ones won't do.

    Families stay whole where they fit, so that twins and contrasts are not parted.
    """
    if limit is None or len(cases) <= limit:
        return cases
    sizes = Counter(gold.family for gold in cases)
    drawn, left = set[str](), limit
    for family in sorted(sizes, key=digest_of_text):
        if sizes[family] <= left:
            drawn.add(family)
            left -= sizes[family]
    return tuple(gold for gold in cases if gold.family in drawn)


def slug(name: str) -> str:
    """A folder name for a system's name."""
    return "".join(char if char.isalnum() else "-" for char in name.lower()).strip("-")
