"""Long texts: what their windows say together, without drowning in windows that are about something else.

The nearest passage for the best window finds the one decisive sentence; what the whole is about shows only in the sum
over windows (late interaction, MaxSim: Khattab and Zaharia, ColBERT, 2020). Each window counts by how near any passage
comes to it, so that a greeting or a page of small talk adds little.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_SHARPNESS = 3.0
"""How steeply a window's weight falls with its nearest cosine. Of 1, 2, 3, 4 and 6 the middle three were alike."""


def weighed(cosines: NDArray[np.float64]) -> NDArray[np.float64]:
    """A weight for each vector, 0–1, by the nearest of the passages; the one that comes nearest has 1."""
    nearest = np.maximum(cosines.max(axis=0, initial=0.0), 0.0)
    highest = float(nearest.max(initial=0.0))
    return (nearest / highest) ** _SHARPNESS if highest > 0 else np.ones(len(nearest))


def together(ids: Sequence[str], cosines: NDArray[np.float64], weights: NDArray[np.float64]) -> list[tuple[str, float]]:
    """The passages by the weighted mean of their cosines, best first, ties by id."""
    total = float(weights.sum()) or 1.0
    means = ((cosines @ weights) / total).round(5)
    return [(id, -below) for below, id in sorted(zip((-means).tolist(), ids, strict=True))]
