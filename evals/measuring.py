"""Measuring: a suite with everything that is compared on it, and the outcome as one value."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.base import Progress, silent
from evals.casewise import SCORES, CaseScore
from evals.errors import DutyLost
from evals.gold import GoldCase, Part
from evals.hashing import digest_of_text
from evals.judging import Judging, alce_figures
from evals.metrics.duties import LostDuty, lost
from evals.metrics.evidence import evidence_figures
from evals.metrics.figure import Figure
from evals.metrics.intervals import Sampling
from evals.metrics.pairs import pair_figures, pair_slices
from evals.prices import PriceList
from evals.rows import Sheet
from evals.runs import Run, execute
from evals.scoring import DECIDING_ONLY, figures, slice_figures
from evals.splits import open_part
from evals.studies import Study, study_gate, study_second_opinion
from evals.suites import Suite
from evals.systems import WITH_SECOND, WITHOUT_SECOND, System


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
    studies: tuple[Study, ...] = ()
    """What parts of the judged system are for, where taking them out doesn't show it."""

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
            "studies": {one.name: one.model_dump(exclude={"name"}) for one in self.studies},
        }
        return json.dumps(held, ensure_ascii=False, indent=1) + "\n"

    def to_table(self) -> str:
        from evals.tables import suite_table

        return suite_table(self)

    def to_html(self, *, ids_only: bool = False) -> str:
        """The page; `ids_only` for cases from a record: neither text nor reviews."""
        from evals.report import page

        return page([self], ids_only=ids_only)


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
    judging: Judging | None = None,
    prices: PriceList | None = None,
    planted: int | None = None,
    command: str = "",
    progress: Progress = silent,
) -> SuiteResult:
    """Runs every system on the part's cases; blocks until done, so call it outside any event loop.

    Args:
        folder: where the runs are kept, one folder a system; a run that was cut off is continued.
        log: where reads of the test part are written down; needed for `part="test"`.
        limit: only so many cases, drawn by a hash of their families: the same ones each time, in any order.
        judging: says whether citations support claims; ALCE's figures are left out without one.
        prices: of models' tokens; what cases cost is unscored without them.
        planted: cases in whose citations faults are planted, where not the usual number.
    """
    drawn = sampling or Sampling()
    cases = sampled(open_part(suite, part, log=log, reason=command), limit)

    def place(name: str) -> Path | None:
        return folder / slug(name) if folder else None

    async def run_all() -> list[Run]:
        return [
            await execute(
                suite, part, cases, system, folder=place(system.name), cache=cache, parallel=parallel,
                seed=drawn.seed, command=command, progress=progress,
            )
            for system in systems
        ]  # fmt: skip

    runs = asyncio.run(run_all())
    found = tuple(
        score(
            run, cases, suite, drawn, judging=judging, prices=prices, folder=place(run.manifest.system),
            sliced=SCORES if number == 0 else DECIDING_ONLY, progress=progress,
        )
        for number, run in enumerate(runs)
    )  # fmt: skip
    progress(0, 1, "studies")
    return SuiteResult(suite, part, cases, found, drawn, tuple(_studies(found, cases, suite, drawn, planted)))


def score(
    run: Run,
    cases: Sequence[GoldCase],
    suite: Suite,
    sampling: Sampling,
    *,
    judging: Judging | None = None,
    prices: PriceList | None = None,
    folder: Path | None = None,
    sliced: Sequence[CaseScore] = SCORES,
    progress: Progress = silent,
) -> SystemResult:
    """A run's figures.

    Args:
        folder: the run's, where verdicts of a judge are kept.
        sliced: the scores that are given for every slice.
    """
    sheet = run.sheet(cases, suite.pack, sampling, prices)
    shown = evidence_figures(sheet, {one.case_id: one.review for one in run.records if one.review is not None})
    supported = _supported(run, sheet, judging, folder, progress) if judging else []
    return SystemResult(
        run,
        (*figures(sheet), *supported, *shown, *pair_figures(sheet, suite.twins)),
        (*slice_figures(sheet, sliced), *(pair_slices(sheet, suite.twins) if sliced is SCORES else ())),
        lost(sheet.rows),
    )


def _supported(run: Run, sheet: Sheet, judging: Judging, folder: Path | None, progress: Progress) -> list[Figure]:
    """Only where there are reviews: a plain baseline claims nothing."""
    records = [record for record in run.records if record.review is not None]
    supports = asyncio.run(judging.supports_of([record.review for record in records], folder, progress))
    return alce_figures(supports, [record.family for record in records], sheet, judging.name)


def _studies(
    systems: Sequence[SystemResult], cases: Sequence[GoldCase], suite: Suite, sampling: Sampling, planted: int | None
) -> Iterator[Study]:
    held = {one.name: one.run for one in systems}
    judged = systems[0].run
    gate = study_gate(judged, cases, suite.pack, sampling, planted)
    alone, beside = held.get(WITHOUT_SECOND, judged), held.get(WITH_SECOND, judged)
    second = study_second_opinion(*(run.sheet(cases, suite.pack, sampling) for run in (alone, beside)))
    yield from (one for one in (gate, second if alone is not beside else None) if one is not None)


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
