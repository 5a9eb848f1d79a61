"""Pairs: a case and its plain twin, which says the same in other letters or words. Whether the verdict is kept.

Kept isn't right: a system that always says the same keeps every verdict. Read it beside accuracy, and flags lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from evals.metrics.acting import likelihood
from evals.metrics.figure import Better, Figure, mean_figure
from evals.metrics.plans import ACTED
from evals.rows import Row, Sheet
from evals.scoring import FEWEST_IN_SLICE


@dataclass(frozen=True)
class Pair:
    """The same thing said twice."""

    changed: Row
    plain: Row


def pair_figures(sheet: Sheet, twins: Mapping[str, str]) -> tuple[Figure, ...]:
    """Over all pairs; intervals are clustered by family, as one sentence has many twins.

    Args:
        twins: case id to the id of its plain twin. Pairs of which one has no answer are left out.
    """
    return tuple(_figures(list(_pairs(sheet, twins)), sheet, sheet.slice))


def pair_slices(sheet: Sheet, twins: Mapping[str, str]) -> tuple[Figure, ...]:
    """The same by what was done to the text, as the changed case's traps name it."""
    pairs = list(_pairs(sheet, twins))
    kinds = sorted({kind for pair in pairs for kind in pair.changed.gold.traps})
    return tuple(
        figure
        for kind in kinds
        for figure in _figures([one for one in pairs if kind in one.changed.gold.traps], sheet, f"trap: {kind}")
        if figure.n >= FEWEST_IN_SLICE
    )


def _pairs(sheet: Sheet, twins: Mapping[str, str]) -> Iterator[Pair]:
    held = {row.id: row for row in sheet.rows}
    for changed, plain in twins.items():
        if changed in held and plain in held:
            yield Pair(held[changed], held[plain])


def _figures(pairs: list[Pair], sheet: Sheet, slice: str) -> list[Figure]:
    clusters = [pair.changed.family for pair in pairs]

    def figure(
        name: str, score: Callable[[Pair], float | None], better: Better, note: str, share: bool = True
    ) -> Figure:
        scores = [score(pair) for pair in pairs]
        return mean_figure(
            name, scores, clusters, sampling=sheet.sampling, slice=slice, better=better, note=note, share=share
        )

    found = [
        figure("verdict kept: flag", _flag_kept, "higher", "n counts pairs; acted, left alone or abstained as before"),
        figure("verdict kept: tier", _tier_kept, "higher", "n counts pairs; the same tier, or abstained as before"),
        figure("flags lost", _flag_lost, "lower", "n counts pairs whose plain twin was acted on"),
        figure("change of score", _change, "neither", "n counts pairs; likelihood of acting minus the twin's", False),
    ]
    return [one for one in found if one.n]


def _flag(row: Row) -> bool | None:
    return None if row.answer.tier is None else row.answer.tier.rank >= ACTED


def _flag_kept(pair: Pair) -> float:
    return float(_flag(pair.changed) is _flag(pair.plain))


def _tier_kept(pair: Pair) -> float:
    return float(pair.changed.answer.tier is pair.plain.answer.tier)


def _flag_lost(pair: Pair) -> float | None:
    return float(not _flag(pair.changed)) if _flag(pair.plain) else None


def _change(pair: Pair) -> float:
    return likelihood(pair.changed) - likelihood(pair.plain)
