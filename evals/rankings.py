"""Rankings: BM25, standardised evidence, and weights that are learned from earlier choices.

The weights are those of a conditional logit (McFadden 1974): of the candidates at hand, the right ones are to score
highest. A ridge pulls the weights to a common start, so that few examples move them little.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Scores: TypeAlias = NDArray[np.float64]

_PLACEHOLDER = re.compile(r"\[[A-Z_]+\]")


class Bm25:
    """BM25 over texts, scored against whole queries; placeholders such as `[STANDARD]` are no words."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        self._size = len(texts)
        self._index = bm25s.BM25() if texts else None
        if self._index is not None:
            self._index.index(self._words(texts), show_progress=False)

    def scores(self, query: str) -> Scores:
        """One score a text, in their order."""
        words = self._words([query])[0] if query.strip() else []
        if self._index is None or not words:
            return np.zeros(self._size)
        return np.asarray(self._index.get_scores(words), dtype=np.float64)

    def _words(self, texts: Sequence[str]) -> list[list[str]]:
        import bm25s

        plain = [_PLACEHOLDER.sub(" ", text) for text in texts]
        words: list[list[str]] = bm25s.tokenize(plain, stopwords="en", return_ids=False, show_progress=False)
        return words


def standardised(scores: Scores) -> Scores:
    """Mean 0 and deviation 1, so that evidence of different kinds can be added; constant scores become zeros."""
    if not len(scores) or float(scores.std()) < 1e-12:
        return np.zeros(len(scores))
    return np.asarray((scores - scores.mean()) / scores.std(), dtype=np.float64)


def best_of_groups(scores: Scores, group: NDArray[np.int64], groups: int, depth: int) -> Scores:
    """For each group the mean of its `depth` best scores: one paragraph by chance weighs less than several."""
    tops = [np.sort(scores[group == number])[::-1][:depth] for number in range(groups)]
    return np.array([top.mean() if len(top) else 0.0 for top in tops])


def order(ids: Sequence[str], scores: Scores) -> tuple[str, ...]:
    """The ids, best first; ties keep the order in which they were given."""
    return tuple(ids[position] for position in np.argsort(-scores, kind="stable"))


def shares(scores: Scores) -> Scores:
    """Scores as shares of one (softmax)."""
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum(), dtype=np.float64)


@dataclass(frozen=True)
class Choice:
    """One earlier choice: the evidence for every candidate, a row a kind of evidence, and which were right."""

    evidence: Scores
    right: tuple[int, ...]


def learn(choices: Sequence[Choice], kinds: int, *, ridge: float, start: float) -> Scores:
    """The weights under which the right candidates score highest; without choices, `start` for each."""
    from scipy.optimize import minimize

    origin = np.full(kinds, start)
    usable = [choice for choice in choices if choice.right]
    if not usable:
        return origin

    def loss(weights: Scores) -> float:
        fit = sum(_surprise(weights, choice) for choice in usable) / len(usable)
        return float(fit + ridge * np.sum((weights - origin) ** 2))

    return np.asarray(minimize(loss, origin, method="BFGS").x, dtype=np.float64)


def _surprise(weights: Scores, choice: Choice) -> float:
    scores = weights @ choice.evidence
    top = scores.max()
    total = top + np.log(np.exp(scores - top).sum())
    return float(np.mean(total - scores[list(choice.right)]))
