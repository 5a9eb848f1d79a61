"""A figure: one number with how many rows it rests on and how far it may be off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from evals.base import Strict
from evals.metrics.intervals import Bounds, Sampling, interval, mean_interval, unanimous

Better = Literal["higher", "lower", "neither"]


class Figure(Strict):
    """One measured number. The interval covers sampling of the cases only, not errors in what is expected of them."""

    name: str
    value: float | None
    """None where no row could be scored."""
    n: int
    """Rows that were scored."""
    low: float | None = None
    high: float | None = None
    unscored: int = 0
    """Rows that could not be scored, which is not the same as wrong."""
    slice: str = "all"
    better: Better = "higher"
    note: str = ""

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.name}: not scored (n = 0, unscored {self.unscored})"
        spread = "" if self.low is None or self.high is None else f" [{self.low:.3f}, {self.high:.3f}]"
        return f"{self.name}: {self.value:.3f}{spread} (n = {self.n}, unscored {self.unscored})"


def mean_figure(
    name: str,
    scores: Sequence[float | None],
    clusters: Sequence[str],
    *,
    sampling: Sampling,
    slice: str = "all",
    better: Better = "higher",
    note: str = "",
    share: bool = True,
    difference: bool = False,
) -> Figure:
    """The mean of the scores; None is unscored and stays out of it.

    Args:
        share: the scores lie between 0 and 1, so that all 0 or all 1 leaves the doubt of a small sample.
        difference: the scores are differences of such scores, so that all 0 leaves that doubt on both sides.
    """
    held = [(score, cluster) for score, cluster in zip(scores, clusters, strict=True) if score is not None]
    values, groups = [float(score) for score, _ in held], [cluster for _, cluster in held]
    value = sum(values) / len(values) if values else None
    low, high = _doubt(value, mean_interval(values, groups, sampling), groups, sampling, share)
    if difference and value == low == high == 0:
        reach = unanimous(0.0, len(set(groups)), sampling)[1] or 0.0
        low, high = -reach, reach
    return Figure(
        name=name, value=value, n=len(values), low=low, high=high,
        unscored=len(scores) - len(values), slice=slice, better=better, note=note,
    )  # fmt: skip


def statistic_figure(
    name: str,
    statistic: Callable[[list[int]], float | None],
    clusters: Sequence[str],
    *,
    sampling: Sampling,
    unscored: int = 0,
    slice: str = "all",
    better: Better = "higher",
    note: str = "",
    share: bool = False,
) -> Figure:
    """Any statistic of rows, named by their positions; None where it isn't defined on a resample."""
    everything = list(range(len(clusters)))
    value = statistic(everything) if everything else None
    drawn = interval(statistic, clusters, sampling) if value is not None else (None, None)
    low, high = _doubt(value, drawn, clusters, sampling, share)
    return Figure(
        name=name, value=value, n=len(everything), low=low, high=high,
        unscored=unscored, slice=slice, better=better, note=note,
    )  # fmt: skip


def _doubt(value: float | None, drawn: Bounds, clusters: Sequence[str], sampling: Sampling, share: bool) -> Bounds:
    """The drawn interval, or the exact one where a share is 0 or 1 in every resample."""
    if share and value in (0.0, 1.0) and drawn[0] is not None and drawn[0] == drawn[1]:
        return unanimous(value, len(set(clusters)), sampling)
    return drawn
