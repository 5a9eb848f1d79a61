"""Scores of single cases: what runs keep and comparisons rest on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evals.metrics.citations import gate_passed
from evals.metrics.clauses import main_clause_right
from evals.metrics.figure import Better
from evals.metrics.plans import lost_reports, missed, plan_acceptable, protected_actioned, tier_right
from evals.rows import Row

DECIDING = "plan tier accuracy"
"""The score that a comparison's verdict rests on, unless a report was lost."""

REPORT_LOST = "report lost"


@dataclass(frozen=True)
class CaseScore:
    """A score of a case; None where it can't be scored."""

    name: str
    of: Callable[[Row], float | None]
    better: Better = "higher"


def _report_lost(row: Row) -> float | None:
    return None if row.gold.expected.duties is None else float(bool(lost_reports(row)))


SCORES = (
    CaseScore(DECIDING, tier_right),
    CaseScore("acceptable-plan accuracy", plan_acceptable),
    CaseScore("main clause accuracy", main_clause_right),
    CaseScore(REPORT_LOST, _report_lost, "lower"),
    CaseScore("protected case actioned", protected_actioned, "lower"),
    CaseScore("missed action", missed, "lower"),
    CaseScore("coverage", lambda row: float(not row.answer.abstained)),
    CaseScore("gate passed", gate_passed),
)


def case_scores(row: Row) -> dict[str, float | None]:
    return {score.name: score.of(row) for score in SCORES}
