"""Grows the forest that a draft's confidence is read from, also anew without the family that it is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from copilot.drafters.confidence import Calibration
from copilot.drafters.forest import LEAF, Forest
from copilot.drafters.leaning_drafter import LeaningDrafter
from copilot.drafters.precedents import PrecedentDrafter
from copilot.drafting import Drafter
from evals.nearest import NearestDrafter
from evals.training import folds

FITS = 10
"""Fits that confidence is measured by; each leaves out a tenth of the families."""
TREES = 150
FEWEST = 5
"""Drafts that a leaf holds at the least."""
SIGNS_TRIED = 0.3
"""Share of the signs (0–1) that each split chooses among."""
SEED = 7


@dataclass(frozen=True)
class Grown:
    """A fitted forest."""

    forest: Forest
    weights: np.ndarray
    """(signs,): how much of what it tells apart goes by each sign; together 1."""


def grow(inputs: np.ndarray, right: Sequence[bool]) -> Grown:
    """A forest that says how likely a draft is right.

    Args:
        inputs: (drafts, signs).
        right: whether each draft was.
    """
    from sklearn.ensemble import ExtraTreesClassifier

    trees = ExtraTreesClassifier(TREES, min_samples_leaf=FEWEST, max_features=SIGNS_TRIED, random_state=SEED)
    trees.fit(inputs, right)
    rightly = list(trees.classes_).index(True) if True in trees.classes_ else None
    return Grown(Forest.of([_flat(one.tree_, rightly) for one in trees.estimators_]), trees.feature_importances_)


def _flat(tree: Any, rightly: int | None) -> Forest:
    """A fitted tree of scikit-learn, whose nodes stand in this order already."""
    leaf = tree.children_left < 0
    shares = tree.value[:, 0] / tree.value[:, 0].sum(axis=1, keepdims=True)
    return Forest(
        signs=np.where(leaf, LEAF, tree.feature).astype(np.int8),
        limits=np.where(leaf, 0, tree.threshold).astype(np.float16),
        others=np.where(leaf, 0, tree.children_right - np.arange(tree.node_count)).astype(np.int16),
        shares=(np.zeros(len(leaf)) if rightly is None else shares[:, rightly]).astype(np.float16),
        starts=np.zeros(1, dtype=np.int32),
    )


def fold_of(fitted: Calibration, family: str) -> int | None:
    """Which of the fits that confidence was measured by has not seen the family; none where all have not."""
    families = tuple(one.family for one in fitted.scored)
    return _folds(families).get(family)


@lru_cache(maxsize=4)
def _folds(families: tuple[str, ...]) -> dict[str, int]:
    return {families[at]: number for number, (_, held) in enumerate(folds(families, FITS)) for at in held}


_HELD: dict[tuple[str, int], Calibration] = {}
"""By the calibration's digest and fold: every system that is measured asks for the same ones."""


def without(fitted: Calibration, fold: int) -> Calibration:
    """The calibration as if nothing of that fold had been measured: as its drafts' own confidence was."""
    key = fitted.digest, fold
    if key not in _HELD:
        number = _folds(tuple(one.family for one in fitted.scored))
        kept = [at for at, one in enumerate(fitted.scored) if number[one.family] != fold]
        told, scored = [fitted.told[at] for at in kept], tuple(fitted.scored[at] for at in kept)
        grown = grow(np.array(told), [one.right for one in scored])
        changed = {"forest": grown.forest.dump(), "n": len(kept), "scored": scored, "told": tuple(told)}
        _HELD[key] = Calibration(**{**fitted.model_dump(), **changed})
    return _HELD[key]


def unaware_of(drafter: Drafter, family: str) -> Drafter:
    """The drafter whose confidence has not seen the family; itself where it rests on no case of it."""
    if isinstance(drafter, LeaningDrafter | NearestDrafter):
        inner = unaware_of(drafter.inner, family)
        assert isinstance(inner, PrecedentDrafter)
        return drafter if inner is drafter.inner else replace(drafter, inner=inner)
    if not isinstance(drafter, PrecedentDrafter) or (fitted := drafter.fitted) is None:
        return drafter
    fold = fold_of(fitted, family)
    return drafter if fold is None else replace(drafter, calibration=without(fitted, fold))
