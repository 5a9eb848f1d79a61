"""What a second drafter beside the first one is for: the same cases with and without it, compared in pairs.

Where no language model is set, two embedded drafters stand beside each other: one by criteria and precedents, one by
the nearest precedents alone, which never looks at what the detectors found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from evals.metrics.calibration import risk_coverage_area
from evals.metrics.figure import Better, Figure, mean_figure, statistic_figure
from evals.metrics.intervals import Sampling
from evals.metrics.plans import tier_right
from evals.rows import Row, Sheet
from evals.studies.base import Study

WITH, WITHOUT, DIFFERENCE = "with", "without", "difference"
OPEN = "with, left open where drafts differ"

NOTES = (
    "Difference: with minus without on the same cases, with a paired interval over families; n counts cases. Where "
    "nothing moved, the interval is what so few families leave open.",
    "'Drafts differ' is the copilot's own sign: both recommend, and tier or reportability differ. A wrong plan has "
    "another tier than expected; an abstention is none.",
    "Leaving open whatever differs is what heeding the sign would cost and gain; the copilot doesn't do it by itself.",
    "With no language model set, the second drafter is the vote of the nearest precedents. It shares search and "
    "precedents with the first, so the two err together more than independent ones would. A language model's second "
    "opinion may do better or worse: this table says nothing about one.",
    "What an analyst does with a shown disagreement isn't measured.",
)


def study_second_opinion(alone: Sheet, beside: Sheet) -> Study | None:
    """The study over the sheets of the two systems; none where they have no case in common."""
    held = {row.id: row for row in beside.rows}
    pairs = [(row, held[row.id]) for row in alone.rows if row.id in held]
    if not pairs:
        return None
    bench = _Bench(pairs, alone.sampling)
    before = [bench.side(name, score, better, 0) for name, score, better in SCORES]
    after = [bench.side(name, score, better, 1) for name, score, better in SCORES]
    columns = {
        WITHOUT: tuple(one for one in (*before, bench.risk(0)) if one.n),
        WITH: tuple(one for one in (*after, bench.risk(1), *bench.differing()) if one.n),
        OPEN: tuple(one for one in bench.left_open() if one.n),
        DIFFERENCE: tuple(one for one in (*bench.differences(), *bench.gaps()) if one.n),
    }
    return Study(name="second opinion", title="The second opinion: with and without it", columns=columns, notes=NOTES)


def is_wrong(row: Row) -> float | None:
    """Whether a wrong plan is recommended; an abstention is none."""
    if row.gold.expected.tier is None:
        return None
    right = tier_right(row)
    return 0.0 if right is None else 1 - right


SCORES: tuple[tuple[str, Callable[[Row], float | None], Better], ...] = (
    ("coverage", lambda row: float(not row.answer.abstained), "neither"),
    ("plan tier accuracy", tier_right, "higher"),
    ("wrong plan recommended", is_wrong, "lower"),
    ("mean confidence", lambda row: row.answer.confidence, "neither"),
)
RISK = "area under risk–coverage"


@dataclass(frozen=True)
class _Bench:
    """Cases without and with the second opinion."""

    pairs: Sequence[tuple[Row, Row]]
    sampling: Sampling

    def side(self, name: str, score: Callable[[Row], float | None], better: Better, side: int) -> Figure:
        return self._mean(name, [score(pair[side]) for pair in self.pairs], better)

    def risk(self, side: int) -> Figure:
        """Lower where confidence tells right from wrong better, and where fewer are wrong."""
        rows = [pair[side] for pair in self.pairs]
        held = [(row.answer.confidence, right, row.family) for row in rows if (right := tier_right(row)) is not None]
        told = [(sure, right, family) for sure, right, family in held if sure is not None]
        return statistic_figure(
            RISK, lambda at: risk_coverage_area([told[i][:2] for i in at]), [family for *_, family in told],
            sampling=self.sampling, unscored=len(rows) - len(told), better="lower",
        )  # fmt: skip

    def differing(self) -> list[Figure]:
        """How often the drafts differ, and how often the plan is wrong where they do and where they don't."""
        answered = [pair for pair in self.pairs if not pair[1].answer.abstained]
        differ = [float(pair[1].answer.disagreement) for pair in answered]
        return [
            self._mean("drafts differ", differ, "neither", answered, "of the cases that were answered"),
            self._mean("wrong where drafts differ", self._wrong(True), "lower"),
            self._mean("wrong where they don't", self._wrong(False), "lower"),
        ]

    def left_open(self) -> list[Figure]:
        """What it would be to abstain wherever the drafts differ: the most that heeding the sign could do."""
        rows = [_open(after) if after.answer.disagreement else after for _, after in self.pairs]
        return [self._mean(name, [score(row) for row in rows], better) for name, score, better in SCORES]

    def differences(self) -> list[Figure]:
        """With minus without."""
        return [
            self._change(name, [_minus(score(after), score(before)) for before, after in self.pairs], better)
            for name, score, better in SCORES
        ]

    def gaps(self) -> list[Figure]:
        """What disagreement does to confidence, and what it says about being wrong."""
        return [
            self._change("confidence where drafts differ", self._confidence(True), "lower"),
            self._change("confidence where they don't", self._confidence(False), "neither"),
            self._wrong_gap(),
        ]

    def _wrong_gap(self) -> Figure:
        """Share wrong where they differ minus share wrong where they don't: above 0, disagreement is a warning."""
        scored = [(pair[1], wrong) for pair in self.pairs if (wrong := is_wrong(pair[1])) is not None]
        told = [(row.answer.disagreement, wrong, row.family) for row, wrong in scored if not row.answer.abstained]

        def gap(at: list[int]) -> float | None:
            sides = [[told[i][1] for i in at if told[i][0] is differ] for differ in (True, False)]
            return sum(sides[0]) / len(sides[0]) - sum(sides[1]) / len(sides[1]) if all(sides) else None

        note = "where drafts differ minus where they don't; above 0, a difference is a warning"
        return statistic_figure(
            "wrong: what a difference says", gap, [family for *_, family in told],
            sampling=self.sampling, unscored=len(self.pairs) - len(told), better="higher", note=note,
        )  # fmt: skip

    def _wrong(self, differ: bool) -> list[float | None]:
        rows = [after for _, after in self.pairs]
        counts = (not row.answer.abstained and row.answer.disagreement is differ for row in rows)
        return [is_wrong(row) if one else None for row, one in zip(rows, counts, strict=True)]

    def _confidence(self, differ: bool) -> list[float | None]:
        return [
            _minus(after.answer.confidence, before.answer.confidence) if after.answer.disagreement is differ else None
            for before, after in self.pairs
        ]

    def _change(self, name: str, changes: Sequence[float | None], better: Better) -> Figure:
        families = [before.family for before, _ in self.pairs]
        return mean_figure(name, changes, families, sampling=self.sampling, better=better, share=False, difference=True)

    def _mean(
        self,
        name: str,
        scores: Sequence[float | None],
        better: Better,
        pairs: Sequence[tuple[Row, Row]] | None = None,
        note: str = "",
    ) -> Figure:
        families = [before.family for before, _ in (self.pairs if pairs is None else pairs)]
        return mean_figure(name, scores, families, sampling=self.sampling, better=better, note=note)


def _open(row: Row) -> Row:
    abstaining = {"tier": None, "abstained": True, "confidence": None, "steps": ()}
    return replace(row, answer=row.answer.model_copy(update=abstaining))


def _minus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
