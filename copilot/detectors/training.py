"""Trains the light classifiers, and finds for each the threshold from which its proposals are mostly right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copilot.detectors.features import Floats, Words
from policy_corpus import Pack, Precedent, Scope, Status
from policy_corpus.criteria import UNKNOWN
from retrieval import Embedder

FEWEST_POSITIVE = 5
"""Precedents that must show a value before anything is learned about it."""
FEWEST_RIGHT = 0.7
"""Share of proposals (0–1) that must have been right on families the classifier had not seen."""
FEWEST_RIGHT_CLEARING = 0.9
"""The same for values that speak for closing a case: a wrong all-clear costs more than a fact left open."""
CLEARING = frozenset({"no", "none"})
FEWEST_PROPOSED = 3
FOLDS = 5
STRENGTH = 10.0
"""Inverse of the regularisation's strength."""
SEED = 7

Label = tuple[str, str, str]
"""Fact, value, and the role of the party it is about; an empty role means the case."""


@dataclass(frozen=True)
class Scorer:
    """One value's linear classifier."""

    label: Label
    weights: Floats
    """(embedding + terms + 1,): the last weight is the intercept."""
    threshold: float
    """Logit from which the value is proposed."""
    right: float
    """Share of its proposals (0–1) that were right on unseen families."""
    shown: int
    """Precedents that show the value."""


def train(pack: Pack, embedder: Embedder) -> tuple[Words, tuple[Scorer, ...]]:
    """Word weights and one scorer for each value that can be told from the others."""
    precedents = [one for one in pack.precedents if one.status in (Status.ACTIVE, Status.STALE)]
    if len(precedents) < FOLDS:
        return Words({}, np.zeros(0, dtype=np.float32)), ()
    texts = [precedent.facts for precedent in precedents]
    words = Words.learn(texts)
    # Rotated into as many directions as there are texts: the fits stay the same, and take a fraction of the time.
    features, rotation = _rotated(np.hstack([embedder.embed(texts), words.vectors(texts)]))
    shown = [frozenset(labels(precedent, pack)) for precedent in precedents]
    folds = _folds([precedent.family or precedent.id for precedent in precedents])
    counts = Counter(label for found in shown for label in found)
    scorers = (
        _scorer(label, features, rotation, np.array([label in found for found in shown]), folds)
        for label, count in sorted(counts.items())
        if count >= FEWEST_POSITIVE
    )
    return words, tuple(scorer for scorer in scorers if scorer is not None)


def labels(precedent: Precedent, pack: Pack) -> Iterator[Label]:
    """What a precedent shows: values with the role of whom they are about."""
    roles = {party.id: party.role for party in precedent.parties}
    for finding in precedent.findings:
        if finding.value == UNKNOWN or not pack.vocabulary.facts[finding.fact].from_words:
            continue
        about_case = pack.vocabulary.scope(finding.fact) is Scope.CASE or finding.about is None
        yield finding.fact, finding.value, "" if about_case else roles.get(finding.about or "", "subject")


def _folds(families: Sequence[str]) -> npt.NDArray[np.int64]:
    """A fold for each precedent; a family stays together."""
    names = sorted(set(families))
    order = np.random.default_rng(SEED).permutation(len(names))
    fold = {name: int(order[number]) % FOLDS for number, name in enumerate(names)}
    return np.array([fold[family] for family in families])


def _rotated(features: Floats) -> tuple[Floats, Floats]:
    """The same points in their own directions: features (n, r), and the rotation (r, d) that leads back."""
    left, sizes, right = np.linalg.svd(features, full_matrices=False)
    return (left * sizes).astype(np.float32), right.astype(np.float32)


def _scorer(
    label: Label, features: Floats, rotation: Floats, shown: npt.NDArray[np.bool_], folds: npt.NDArray[np.int64]
) -> Scorer | None:
    unseen = np.zeros(len(shown), dtype=np.float32)
    for fold in range(FOLDS):
        held_out = folds == fold
        if not shown[~held_out].any() or shown[~held_out].all():
            return None
        weights, intercept = _fit(features[~held_out], shown[~held_out])
        unseen[held_out] = features[held_out] @ weights + intercept
    found = threshold(unseen, shown, FEWEST_RIGHT_CLEARING if label[1] in CLEARING else FEWEST_RIGHT)
    if found is None:
        return None
    weights, intercept = _fit(features, shown)
    return Scorer(label, np.append(weights @ rotation, intercept), found[0], found[1], int(shown.sum()))


def _fit(features: Floats, shown: npt.NDArray[np.bool_]) -> tuple[Floats, np.float32]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000, random_state=SEED)
    model.fit(features, shown)
    return model.coef_[0].astype(np.float32), np.float32(model.intercept_[0])


def threshold(
    logits: Floats, shown: npt.NDArray[np.bool_], fewest_right: float = FEWEST_RIGHT
) -> tuple[float, float] | None:
    """The lowest logit above which enough proposals were right, and the share that was; none where there is none."""
    order = np.argsort(-logits, kind="stable")
    right = np.cumsum(shown[order]) / np.arange(1, len(order) + 1)
    enough = [at for at in range(FEWEST_PROPOSED - 1, len(order)) if right[at] >= fewest_right]
    if not enough:
        return None
    last = enough[-1]
    return float(logits[order[last]]), float(right[last])
