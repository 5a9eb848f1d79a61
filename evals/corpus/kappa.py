"""Cohen's kappa: agreement beyond what two labellers would reach by chance."""

from __future__ import annotations

from collections.abc import Sequence


def kappa(first: Sequence[str], second: Sequence[str], order: Sequence[str] = ()) -> float | None:
    """Cohen's kappa (statsmodels); with an order of the labels, weighted linearly (Cohen 1968).

    None where it isn't defined: there are no cases, or both gave one and the same label throughout.
    """
    import numpy as np
    from statsmodels.stats.inter_rater import cohens_kappa

    labels = list(order) or sorted({*first, *second})
    if not first or len({*first, *second}) < 2:
        return None
    position = {label: number for number, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)))
    np.add.at(table, ([position[one] for one in first], [position[one] for one in second]), 1)
    return float(cohens_kappa(table, wt="linear" if order else None, return_results=False))
