"""How the pack's precedents lean as a whole: how likely a text is to be decided at each tier, learned from all of them.

A vote of the nearest few is deaf to all the others. Here logistic regressions over each precedent's embedding and
words say how likely each tier of plan is. Their logits on precedents of families that they had not seen are turned into
chances (Platt 1999), so that seven in ten means seven in ten among texts like the precedents, and nothing elsewhere.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from copilot.detectors.features import terms
from policy_corpus import Pack, Precedent, Status, Tier
from retrieval import Embedder

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FEWEST = 10
"""Precedents of a tier below which nothing is learned about it."""
FEWEST_OF_CLAUSE = 5
"""The same for a clause. These only choose within a tier; nobody is told how sure they are."""
FEWEST_RIGHT = 0.7
"""Share of precedents of unseen families whose tier must be told right, or nothing is said at all."""
FEWEST_TEXTS = 2
"""Precedents that a word must stand in to count."""
FOLDS = 5
STRENGTH = 3.0
"""Inverse of the regularisation's strength."""

OVER, UNDER = 1.0, 2.0
"""What a tier too far and a tier too little cost: so 'no violation' needs a chance of two in three, not of a half."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Leaning:
    """What was learned from one pack's precedents."""

    embedder: Embedder
    index: Mapping[str, int]
    """Term to its column."""
    idf: Floats
    tiers: tuple[Tier, ...]
    weights: Floats
    """(tiers, embedding + terms + 1): calibrated logits; the last weight is the intercept."""
    labels: tuple[tuple[Tier, str], ...]
    """Tier and main clause (ref) that can be told apart."""
    label_weights: Floats
    """(labels, embedding + terms + 1)."""
    right: float = 1.0
    """Share of precedents of unseen families whose tier was told right."""

    def chances(self, text: str) -> dict[Tier, float]:
        """How likely each tier is; together 1."""
        row = self._row(text)
        if len(self.tiers) == 2:
            second = _chance(float(self.weights[1] @ row))
            return {self.tiers[0]: 1 - second, self.tiers[1]: second}
        single = np.array([_chance(float(logit)) for logit in self.weights @ row])
        return dict(zip(self.tiers, map(float, single / single.sum()), strict=True))

    def clauses(self, text: str, tier: Tier) -> tuple[str, ...]:
        """Main clauses (refs) of that tier, the likeliest first; those with too few precedents are left out."""
        if not self.labels:
            return ()
        logits = self.label_weights @ self._row(text)
        ordered = (self.labels[int(at)] for at in np.argsort(-logits, kind="stable"))
        return tuple(clause for of, clause in ordered if of is tier)

    def _row(self, text: str) -> Floats:
        words = np.zeros(len(self.index))
        for column, weight in _weighed(text, self.index, self.idf):
            words[column] = weight
        return np.concatenate([np.asarray(self.embedder.embed([text])[0], dtype=np.float64), words, [1.0]])


def cheapest(chances: Mapping[Tier, float]) -> Tier:
    """The tier whose expected cost is least, where a tier too little costs twice as much as one too far."""

    def cost(said: Tier) -> float:
        away = ((said.rank - true.rank, chance) for true, chance in chances.items())
        return sum(chance * (OVER * by if by > 0 else -UNDER * by) for by, chance in away)

    return min(chances, key=lambda tier: (cost(tier), -tier.rank))


def lean(pack: Pack, embedder: Embedder) -> Leaning | None:
    """What the precedents that stand teach; none where fewer than two tiers have enough of them, or too few were right.

    A pack with many tiers and few precedents teaches too little to go by; its nearest precedents are shown anyhow.
    """
    standing = [one for one in pack.precedents if one.status in (Status.ACTIVE, Status.STALE)]
    tier = {one.id: pack.tier(one.plan) for one in standing}
    enough = {tier for tier, count in Counter(tier.values()).items() if count >= FEWEST}
    known = [one for one in standing if tier[one.id] in enough]
    families = [one.family or one.id for one in known]
    if len(enough) < 2 or len(set(families)) < FOLDS:
        return None
    texts = [one.facts for one in known]
    index, idf = _terms(texts)
    inputs = _inputs(texts, embedder, index, idf)
    tiers = tuple(sorted(enough, key=lambda tier: tier.rank))
    truth = np.array([tier[one.id].value for one in known])
    folds = _folds(families)
    learned = [_calibrated(inputs, truth == one.value, folds) for one in tiers]
    told = np.array([one.value for one in tiers])[np.argmax([unseen for _, unseen in learned], axis=0)]
    right = float(np.mean(told == truth))
    if right < FEWEST_RIGHT:
        return None
    labels, label_weights = _labels(inputs, known, tier)
    return Leaning(embedder, index, idf, tiers, np.stack([one for one, _ in learned]), labels, label_weights, right)


def _calibrated(
    inputs: csr_matrix, shown: npt.NDArray[np.bool_], folds: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Weights whose logits are chances on unseen families, and these logits.

    Only the base rate where a fold has but one kind.
    """
    from sklearn.linear_model import LogisticRegression

    unseen = np.zeros(len(shown))
    for fold in range(FOLDS):
        held = folds == fold
        if not shown[~held].any() or shown[~held].all():
            base = _logit(float(shown.mean()))
            return np.append(np.zeros(inputs.shape[1]), base), np.full(len(shown), base)
        unseen[held] = _logits(inputs[held], _fit(inputs[~held], shown[~held]))
    scale = LogisticRegression(C=1.0, max_iter=1000).fit(unseen[:, None], shown)
    # A classifier that misleads on unseen families says nothing, rather than the opposite of what it learned.
    slope = max(0.0, float(scale.coef_[0, 0]))
    shift = float(scale.intercept_[0]) if slope else _logit(float(shown.mean()))
    weights = _fit(inputs, shown) * slope
    weights[-1] += shift
    return weights, unseen * slope + shift


def _labels(
    inputs: csr_matrix, known: Sequence[Precedent], tier: Mapping[str, Tier]
) -> tuple[tuple[tuple[Tier, str], ...], Floats]:
    """One classifier for each main clause that enough precedents rest on."""
    said = [(tier[one.id], one.clauses[0]) if one.clauses else None for one in known]
    counts = Counter(label for label in said if label is not None)
    labels = tuple(sorted((label for label, count in counts.items() if count >= FEWEST_OF_CLAUSE), key=str))
    rows = [_fit(inputs, np.array([one == label for one in said])) for label in labels]
    return labels, np.stack(rows) if rows else np.zeros((0, inputs.shape[1] + 1))


def _fit(inputs: csr_matrix, shown: npt.NDArray[np.bool_]) -> Floats:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000).fit(inputs, shown)
    return np.append(model.coef_[0], model.intercept_[0]).astype(np.float64)


def _logits(inputs: csr_matrix, weights: Floats) -> Floats:
    return np.asarray(inputs @ weights[:-1] + weights[-1], dtype=np.float64)


def _folds(families: Sequence[str]) -> npt.NDArray[np.int64]:
    """A fold for each precedent; a family stays together."""
    from sklearn.model_selection import GroupKFold

    found = np.zeros(len(families), dtype=np.int64)
    for number, (_, held) in enumerate(GroupKFold(FOLDS).split(families, groups=families)):
        found[held] = number
    return found


def _terms(texts: Sequence[str]) -> tuple[dict[str, int], Floats]:
    """Terms that stand in enough texts, with their smoothed inverse document frequency."""
    counts = Counter(term for text in texts for term in set(terms(text)))
    kept = sorted(term for term, count in counts.items() if count >= FEWEST_TEXTS)
    idf = [math.log((1 + len(texts)) / (1 + counts[term])) + 1 for term in kept]
    return {term: number for number, term in enumerate(kept)}, np.asarray(idf, dtype=np.float64)


def _weighed(text: str, index: Mapping[str, int], idf: Floats) -> list[tuple[int, float]]:
    """Column and weight of a text's known terms; the weights have unit length."""
    counts = Counter(index[term] for term in terms(text) if term in index)
    weights = {column: (1 + math.log(count)) * float(idf[column]) for column, count in sorted(counts.items())}
    length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
    return [(column, weight / length) for column, weight in weights.items()]


def _inputs(texts: Sequence[str], embedder: Embedder, index: Mapping[str, int], idf: Floats) -> csr_matrix:
    """(n, embedding + terms), sparse: nearly all terms are absent from any one text."""
    from scipy.sparse import csr_matrix, hstack

    rows = [_weighed(text, index, idf) for text in texts]
    starts = np.cumsum([0, *(len(row) for row in rows)])
    columns = [column for row in rows for column, _ in row]
    weights = [weight for row in rows for _, weight in row]
    words = csr_matrix((weights, columns, starts), shape=(len(texts), len(index)))
    return csr_matrix(hstack([csr_matrix(np.asarray(embedder.embed(texts), dtype=np.float64)), words]))


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def _logit(share: float) -> float:
    held = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(held / (1 - held))
