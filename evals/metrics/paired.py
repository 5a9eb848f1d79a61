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


def cases_needed(only_a: int, only_b: int, n: int, *, power: float = 0.8, level: float = 0.05) -> int | None:
    """Cases needed to show the observed difference between paired proportions (Connor 1987); None for none."""
    from scipy.stats import norm

    gap = abs(only_b - only_a) / n if n else 0.0
    if not gap:
        return None
    apart = (only_a + only_b) / n
    reach = float(norm.ppf(1 - level / 2)) * apart**0.5 + float(norm.ppf(power)) * max(apart - gap**2, 0.0) ** 0.5
    return int(ceil((reach / gap) ** 2))


def holm(values: Sequence[float]) -> list[float]:
    """p-values corrected by Holm's method (statsmodels)."""
    from statsmodels.stats.multitest import multipletests

    return [float(p) for p in multipletests(values, method="holm")[1]] if values else []
