"""Tests for two systems on the same cases."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil


def mcnemar(only_a: int, only_b: int) -> float:
    """The exact p-value of McNemar's test (statsmodels); 1 where nothing flipped."""
    from statsmodels.stats.contingency_tables import mcnemar as test

    if not only_a + only_b:
        return 1.0
    return float(test([[0, only_a], [only_b, 0]], exact=True).pvalue)


def cases_needed(only_a: int, only_b: int, n: int) -> int | None:
    """Cases needed to show the observed difference between paired proportions, were it real; None for none."""
    gap = abs(only_b - only_a) / n if n else 0.0
    return cases_to_show(gap, (only_a + only_b) / n) if gap else None


def cases_to_show(gap: float, apart: float, *, power: float = 0.8, level: float = 0.05) -> int:
    """Cases needed to show a difference of `gap` between paired proportions (Connor 1987), taken as independent.

    Args:
        gap: the difference (0–1, not 0).
        apart: the share of cases on which the two differ at all; at least `gap`, as no smaller share can make it up.
    """
    from scipy.stats import norm

    apart = max(apart, gap)
    reach = float(norm.ppf(1 - level / 2)) * apart**0.5 + float(norm.ppf(power)) * max(apart - gap**2, 0.0) ** 0.5
    return int(ceil((reach / gap) ** 2))


def holm(values: Sequence[float]) -> list[float]:
    """p-values corrected by Holm's method (statsmodels)."""
    from statsmodels.stats.multitest import multipletests

    return [float(p) for p in multipletests(values, method="holm")[1]] if values else []
