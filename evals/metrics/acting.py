"""Whether to act at all, as a yes or no: precision, recall, F1 and the area under the precision–recall curve.

Precision depends on how common violations are in the set, so it says nothing about traffic where they are rarer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evals.metrics.figure import Figure, statistic_figure
from evals.metrics.plans import ACTED
from evals.rows import Row, Sheet

Judged = tuple[bool, bool, float]
"""Whether action was expected, whether it was proposed, and how likely it was said to be."""

Statistic = Callable[[Sequence[Judged]], float | None]


def acting_figures(sheet: Sheet) -> list[Figure]:
    """An abstention proposes no action; in the curve it stands in the middle."""
    rows = [row for row in sheet.rows if row.gold.expected.tier is not None]
    judged = [(_judged(row), row.family) for row in rows]

    def figure(name: str, statistic: Statistic, counts: Callable[[Judged], bool] = lambda one: True) -> Figure:
        held = [(one, family) for one, family in judged if counts(one)]
        return statistic_figure(
            name, lambda at: statistic([held[i][0] for i in at]), [family for _, family in held],
            sampling=sheet.sampling, unscored=len(sheet.rows) - len(rows), slice=sheet.slice, share=True,
        )  # fmt: skip

    return [
        figure("action precision", precision, lambda one: one[1]),
        figure("action recall", recall, lambda one: one[0]),
        figure("action F1", f1),
        figure("action AUPRC", auprc),
    ]


def _judged(row: Row) -> Judged:
    expected, said = row.gold.expected.tier, row.answer.tier
    acts = said is not None and said.rank >= ACTED
    return expected is not None and expected.rank >= ACTED, acts, likelihood(row)


def likelihood(row: Row) -> float:
    """How likely action is said to be (0–1): confidence towards acting or away from it; an abstention is 0.5."""
    said = row.answer.tier
    if said is None:
        return 0.5
    sure = row.answer.confidence if row.answer.confidence is not None else 1.0
    return 0.5 + sure / 2 if said.rank >= ACTED else 0.5 - sure / 2


def precision(judged: Sequence[Judged]) -> float | None:
    said = [expected for expected, acts, _ in judged if acts]
    return sum(said) / len(said) if said else None


def recall(judged: Sequence[Judged]) -> float | None:
    expected = [acts for wanted, acts, _ in judged if wanted]
    return sum(expected) / len(expected) if expected else None


def f1(judged: Sequence[Judged]) -> float | None:
    right = sum(expected and acts for expected, acts, _ in judged)
    marked = sum(expected for expected, _, _ in judged) + sum(acts for _, acts, _ in judged)
    return 2 * right / marked if marked else None


def auprc(judged: Sequence[Judged]) -> float | None:
    """Average precision: the mean precision at each step of recall, equal scores taken together."""
    total = sum(expected for expected, _, _ in judged)
    if not total:
        return None
    ordered = sorted(judged, key=lambda one: -one[2])
    area, right, before = 0.0, 0, 0
    for number, (expected, _, score) in enumerate(ordered, 1):
        right += expected
        if number == len(ordered) or ordered[number][2] != score:
            area += (right - before) / total * right / number
            before = right
    return area
