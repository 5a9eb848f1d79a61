"""Long texts: what their windows say together, without drowning in windows that are about something else.

The nearest passage for the best window finds the one decisive sentence; what the whole is about shows only in the sum
over windows (late interaction, MaxSim: Khattab and Zaharia, ColBERT, 2020). Each window counts by how near any passage
comes to it, so that a greeting or a page of small talk adds little.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.base import Vectors
from retrieval.indexes.base import Index

_SHARPNESS = 3.0
"""How steeply a window's weight falls with its nearest cosine. Of 1, 2, 3, 4 and 6 the middle three were alike."""


def compared(index: Index, vectors: Vectors, ids: Sequence[str]) -> NDArray[np.float64]:
    """The cosine of each of the passages, by its nearest window, with each vector: (passages, vectors)."""
    cosines = np.zeros((len(ids), len(vectors)))
    places, among = {id: at for at, id in enumerate(ids)}, frozenset(ids)
    for number in range(len(vectors)):
        for id, cosine in index.search(vectors[number : number + 1], len(ids), among):
            cosines[places[id], number] = cosine
    return cosines


def weighed(cosines: NDArray[np.float64]) -> NDArray[np.float64]:
    """A weight for each vector, 0–1, by the nearest of the passages; the one that comes nearest has 1."""
    nearest = np.maximum(cosines.max(axis=0, initial=0.0), 0.0)
    highest = float(nearest.max(initial=0.0))
    return (nearest / highest) ** _SHARPNESS if highest > 0 else np.ones(len(nearest))


def together(ids: Sequence[str], cosines: NDArray[np.float64], weights: NDArray[np.float64]) -> list[tuple[str, float]]:
    """The passages by the weighted mean of their cosines, best first, ties by id."""
    total = float(weights.sum()) or 1.0
    means = ((cosines @ weights) / total).round(5).tolist()
    return sorted(zip(ids, means, strict=True), key=lambda pair: (-pair[1], pair[0]))
