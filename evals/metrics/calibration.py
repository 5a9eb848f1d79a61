"""Figures about confidence: whether it means what it says, and what one gains by abstaining on the least confident.

ECE with equal-count bins (Nixon et al. 2019) and Brier's score of "the plan's tier is right"; area under the
risk–coverage curve (Geifman & El-Yaniv 2017). With fewer than about 100 answered cases ECE is biased upward.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.base import Strict
from evals.metrics.figure import Figure, statistic_figure
from evals.metrics.plans import tier_right
from evals.rows import Sheet

BINS = 5
Judged = tuple[float, float]
"""Confidence, and whether it was right (0 or 1)."""


class Bin(Strict):
    """One bin of the reliability plot."""

    confidence: float
    right: float
    n: int


def judged(sheet: Sheet) -> list[tuple[Judged, str]]:
    """Answered cases with a confidence and a known right tier, each with its family."""
    held = []
    for row in sheet.rows:
        right = tier_right(row)
        if right is not None and row.answer.confidence is not None:
            held.append(((row.answer.confidence, right), row.family))
    return held


def calibration_figures(sheet: Sheet) -> list[Figure]:
    """All three unscored where nothing carries a confidence."""
    held = judged(sheet)
    pairs, clusters = [pair for pair, _ in held], [family for _, family in held]

    def figure(name: str, statistic: object, note: str = "") -> Figure:
        assert callable(statistic)
        return statistic_figure(
            name, lambda at: statistic([pairs[i] for i in at]), clusters, sampling=sheet.sampling,
            unscored=len(sheet.rows) - len(held), slice=sheet.slice, better="lower", note=note,
        )  # fmt: skip

    return [
        figure("ECE", expected_calibration_error, f"{BINS} bins of equal count"),
        figure("Brier score", brier),
        figure("area under risk–coverage", risk_coverage_area),
    ]


def bins(pairs: Sequence[Judged], count: int = BINS) -> list[Bin]:
    """Bins of (nearly) equal count, the least confident first."""
    ordered = sorted(pairs)
    edges = [round(number * len(ordered) / count) for number in range(count + 1)]
    groups = [ordered[a:b] for a, b in zip(edges, edges[1:], strict=False) if b > a]
    return [Bin(confidence=_mean([c for c, _ in g]), right=_mean([r for _, r in g]), n=len(g)) for g in groups]


def expected_calibration_error(pairs: Sequence[Judged]) -> float | None:
    if not pairs:
        return None
    return sum(one.n * abs(one.confidence - one.right) for one in bins(pairs)) / len(pairs)


def brier(pairs: Sequence[Judged]) -> float | None:
    return _mean([(confidence - right) ** 2 for confidence, right in pairs]) if pairs else None


def risk_coverage(pairs: Sequence[Judged]) -> list[tuple[float, float]]:
    """Coverage and risk when only the most confident share is answered; equal confidences are answered together."""
    ordered = sorted(pairs, key=lambda pair: -pair[0])
    points, wrong = [], 0.0
    for number, (confidence, right) in enumerate(ordered, 1):
        wrong += 1 - right
        if number == len(ordered) or ordered[number][0] != confidence:
            points.append((number / len(ordered), wrong / number))
    return points


def risk_coverage_area(pairs: Sequence[Judged]) -> float | None:
    """Mean risk over all coverages; a tie's risk holds for all coverages that it spans."""
    area, before = 0.0, 0.0
    for coverage, risk in risk_coverage(pairs):
        area += (coverage - before) * risk
        before = coverage
    return area if pairs else None


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
