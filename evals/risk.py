"""Risk and coverage: what an error budget buys. Budget, threshold, coverage, and errors among what is answered."""

from __future__ import annotations

import json
from collections.abc import Sequence

from copilot.drafters.confidence import Calibration
from copilot.drafters.error_budget import QUIET_SHARE, Scored, threshold
from evals.base import Strict
from evals.metrics.calibration import brier, expected_calibration_error, risk_coverage_area
from evals.metrics.figure import Figure, mean_figure, statistic_figure
from evals.metrics.intervals import Sampling

BUDGETS = (0.01, 0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40)


class RiskRow(Strict):
    """What one budget gives."""

    budget: float
    acting: float | None
    """The confidence that plans against somebody must reach; None where none is enough."""
    quiet: float | None
    """The same for plans that act against nobody, which have a stricter budget."""
    pooled: tuple[str, ...]
    """The kinds for which too few drafts were measured, so that all were taken together."""
    coverage: Figure
    error: Figure
    """Of the recommendations that are given."""
    spent: Figure
    """Wrong recommendations of all cases: what the budget limits."""


class RiskTable(Strict):
    """What a lead chooses from."""

    pack: str
    embedder: str
    cases: int
    drafts: int
    families: int
    data_sha256: str
    figures: tuple[Figure, ...]
    rows: tuple[RiskRow, ...]

    def to_json(self) -> str:
        return json.dumps(self.model_dump(mode="json"), indent=1) + "\n"

    def to_text(self) -> str:
        titles = f"{'coverage':<26} {'wrong of those given':<28} wrong of all cases"
        head = f"{'budget':>7} {'acting':>7} {'quiet':>7}  {titles}"
        lines = [head, *(_line(row) for row in self.rows)]
        pooled = sorted({kind for row in self.rows for kind in row.pooled})
        return "\n".join(
            [
                f"{self.pack}: {self.cases} cases, {self.drafts} drafts, {self.families} families; "
                "each judged by fits and thresholds that have not seen its family",
                *map(str, self.figures),
                "",
                *lines,
                "",
                f"acting: the confidence that a plan against somebody must reach; quiet: one that acts against nobody, "
                f"which may spend {QUIET_SHARE:.0%} of the budget; -: no confidence is enough",
                *(
                    [f"~: too few {' and '.join(pooled)} drafts were measured, so all were taken together"]
                    if pooled
                    else []
                ),
                "",
            ]
        )


def _line(row: RiskRow) -> str:
    def least(value: float | None, kind: str) -> str:
        return ("-" if value is None else f"{value:.2f}") + ("~" if kind in row.pooled else "")

    return (
        f"{row.budget:>7.0%} {least(row.acting, 'acting'):>7} {least(row.quiet, 'quiet'):>7}  "
        f"{_figure(row.coverage):<26} {_figure(row.error):<28} {_figure(row.spent)}"
    )


def _figure(figure: Figure) -> str:
    if figure.value is None:
        return "none given"
    spread = "" if figure.low is None or figure.high is None else f" [{figure.low:.2f}, {figure.high:.2f}]"
    return f"{figure.value:.2f}{spread} n={figure.n}"


def risk_table(
    calibration: Calibration, budgets: Sequence[float] = BUDGETS, sampling: Sampling | None = None
) -> RiskTable:
    """The table of a calibration."""
    drawn = sampling or Sampling()
    return RiskTable(
        pack=calibration.pack,
        embedder=calibration.embedder,
        cases=calibration.cases,
        drafts=calibration.n,
        families=calibration.families,
        data_sha256=calibration.data_sha256,
        figures=tuple(_calibration_figures(calibration.scored, drawn)),
        rows=tuple(_row(calibration, budget, drawn) for budget in budgets),
    )


def _calibration_figures(scored: Sequence[Scored], drawn: Sampling) -> list[Figure]:
    pairs = [(one.score, float(one.right)) for one in scored]
    families = [one.family for one in scored]
    statistics = {
        "ECE": expected_calibration_error,
        "Brier score": brier,
        "area under risk–coverage": risk_coverage_area,
    }
    return [
        statistic_figure(
            name,
            lambda at, statistic=statistic: statistic([pairs[i] for i in at]),  # type: ignore[misc]
            families,
            sampling=drawn,
            better="lower",
        )
        for name, statistic in statistics.items()
    ]


def _row(calibration: Calibration, budget: float, drawn: Sampling) -> RiskRow:
    scored = calibration.scored
    given = _given(scored, budget)
    undrafted = calibration.cases - calibration.n
    families = [one.family for one in scored]
    alone = [f"undrafted {number}" for number in range(undrafted)]
    answered = [(float(not one.right), one.family) for one, is_given in zip(scored, given, strict=True) if is_given]
    wrong = [float(is_given and not one.right) for one, is_given in zip(scored, given, strict=True)]
    needed = {kind: threshold(scored, budget, quiet=kind == "quiet") for kind in ("acting", "quiet")}
    return RiskRow(
        budget=budget,
        acting=_finite(needed["acting"].least),
        quiet=_finite(needed["quiet"].least),
        pooled=tuple(kind for kind, one in needed.items() if one.pooled),
        coverage=mean_figure(
            "coverage", [*map(float, given), *[0.0] * undrafted], families + alone, sampling=drawn, better="neither"
        ),
        error=mean_figure(
            "error",
            [value for value, _ in answered],
            [family for _, family in answered],
            sampling=drawn,
            better="lower",
        ),
        spent=mean_figure("spent", wrong + [0.0] * undrafted, families + alone, sampling=drawn, better="lower"),
    )


def _given(scored: Sequence[Scored], budget: float) -> list[bool]:
    """Whether each draft is given, by a threshold that was chosen without its family."""
    chosen: dict[tuple[str, bool], float] = {}
    for one in scored:
        if (one.family, one.quiet) not in chosen:
            others = [other for other in scored if other.family != one.family]
            chosen[one.family, one.quiet] = threshold(others, budget, quiet=one.quiet).least
    return [one.score >= chosen[one.family, one.quiet] for one in scored]


def _finite(value: float) -> float | None:
    return value if value <= 1 else None
