"""Training what has to be trained, so that nothing is chosen on what it is measured by."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0)
FOLDS = 4


def fit_logistic(inputs: np.ndarray, labels: Sequence[str], families: Sequence[str]) -> LogisticRegression:
    """A logistic regression whose strength was chosen by the inner folds; families stay in one fold.

    This is the inner loop of a nested cross-validation: whatever is held out of `inputs` is the outer one.
    """
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        # Nearly every clause has few precedents; scikit-learn then asks whether these are classes at all. They are.
        warnings.filterwarnings("ignore", message="The number of unique classes is greater", category=UserWarning)
        best = max(STRENGTHS, key=lambda strength: _inner_score(inputs, labels, families, strength))
        return LogisticRegression(C=best, max_iter=1000, class_weight="balanced").fit(inputs, list(labels))


def _inner_score(inputs: np.ndarray, labels: Sequence[str], families: Sequence[str], strength: float) -> float:
    """Mean share right over the folds; 0 where there are too few families to fold."""
    from sklearn.linear_model import LogisticRegression

    truth = np.asarray(labels)
    scores = []
    for train, held in folds(families, FOLDS):
        if len(set(truth[train])) < 2:
            continue
        model = LogisticRegression(C=strength, max_iter=1000, class_weight="balanced").fit(inputs[train], truth[train])
        scores.append(float(np.mean(model.predict(inputs[held]) == truth[held])))
    return float(np.mean(scores)) if scores else 0.0


def folds(families: Sequence[str], count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Row positions to train on and to hold out; a family is never on both sides."""
    from sklearn.model_selection import GroupKFold

    sizes = Counter(families)
    if len(sizes) < 2:
        return []
    splitter = GroupKFold(n_splits=min(count, len(sizes)))
    places = np.zeros(len(families))
    return [(np.asarray(train), np.asarray(held)) for train, held in splitter.split(places, groups=list(families))]
