"""Bootstrap intervals, clustered where rows belong together.

Percentile bootstrap over whole clusters (Field & Welsh 2007, "Bootstrapping clustered data"): rows of one story family
rise and fall together, so resampling single rows would make the intervals too narrow. With fewer than about 20 clusters
percentile intervals are themselves too narrow: read them as a lower bound of the doubt. Where every row says the same,
resampling shows no doubt at all; shares then get the exact interval of Clopper and Pearson (1934) over the clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True)
class Sampling:
    """How intervals are drawn; the same seed gives the same intervals."""

    samples: int = 2000
    seed: int = 20
    level: float = 0.95


def mean_interval(values: Sequence[float], clusters: Sequence[str], sampling: Sampling) -> Bounds:
    """The interval of the mean over rows."""
    means = resampled_means(values, clusters, sampling)
    return bounds(means, sampling)


def resampled_means(values: Sequence[float], clusters: Sequence[str], sampling: Sampling) -> np.ndarray | None:
    """The mean in every resample; none where there are fewer than two clusters."""
    import numpy as np

    names, member = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    if len(names) < 2:
        return None
    sums = np.bincount(member, weights=np.asarray(values, dtype=float))
    counts = np.bincount(member)
    draws = _draws(len(names), sampling)
    means: np.ndarray = (draws @ sums) / (draws @ counts)
    return means


def unanimous(value: float, clusters: int, sampling: Sampling) -> Bounds:
    """The exact interval of a share that is 0 or 1 in every cluster (statsmodels)."""
    from statsmodels.stats.proportion import proportion_confint

    count = clusters if value else 0
    low, high = proportion_confint(count, clusters, alpha=1 - sampling.level, method="beta")
    return float(low), float(high)


def interval(statistic: Callable[[list[int]], float | None], clusters: Sequence[str], sampling: Sampling) -> Bounds:
    """The interval of any statistic of row positions; resamples on which it isn't defined are left out."""
    import numpy as np

    rows: dict[str, list[int]] = {}
    for position, cluster in enumerate(clusters):
        rows.setdefault(cluster, []).append(position)
    if len(rows) < 2:
        return None, None
    groups = list(rows.values())
    drawn = []
    for counts in _draws(len(groups), sampling):
        positions = [p for group, times in zip(groups, counts, strict=True) for _ in range(int(times)) for p in group]
        drawn.append(statistic(positions))
    defined = np.asarray([value for value in drawn if value is not None], dtype=float)
    return bounds(defined if len(defined) else None, sampling)


def bounds(values: np.ndarray | None, sampling: Sampling) -> Bounds:
    import numpy as np

    if values is None:
        return None, None
    tail = (1 - sampling.level) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


@lru_cache(maxsize=64)
def _draws(clusters: int, sampling: Sampling) -> np.ndarray:
    """How often each cluster is drawn, one resample a row; the same for every figure over so many clusters."""
    import numpy as np

    random = np.random.default_rng(sampling.seed)
    drawn = random.multinomial(clusters, np.full(clusters, 1 / clusters), size=sampling.samples)
    drawn.flags.writeable = False
    return drawn
