"""Learners: from texts whose label is known, how much speaks for each class of other texts.

The plain ones are those that stand beside the copilot everywhere: the most frequent class, the nearest text by BM25,
the vote of the nearest by cosine, and logistic regression on the same vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evals.labels.base import Example, Question
from evals.rankings import Bm25
from evals.splits import part_of
from evals.training import STRENGTHS, fit_logistic
from retrieval import Embedder

Scores = NDArray[np.float64]
NEIGHBOURS = 5
MOST_TO_CHOOSE_BY = 2_000
"""Rows by which logistic regression's strength is chosen: with many, every strength does about as well."""


@dataclass(frozen=True)
class Lesson:
    """What may be learned from for one question."""

    question: Question
    classes: tuple[str, ...]
    examples: Sequence[Example]
    """Those of which the set answers the question."""
    others: Sequence[Example] = ()
    """Those that belong to none of the classes, where that is known: only a learner of all texts has use for them."""

    @property
    def truth(self) -> NDArray[np.int64]:
        """The class of each example, by its place among the classes."""
        place = {name: number for number, name in enumerate(self.classes)}
        return np.array([place[one.said[self.question.name]] for one in self.examples], dtype=np.int64)

    @property
    def shown(self) -> Scores:
        """(examples, classes) of 0 and 1."""
        return np.asarray(np.eye(len(self.classes))[self.truth], dtype=np.float64)


class Learner(Protocol):
    """Scores other texts for every class."""

    @property
    def name(self) -> str: ...

    def scores(self, lesson: Lesson, texts: Sequence[str]) -> Scores | None:
        """(texts, classes), the highest being what it says; none where there is too little to learn from."""
        ...


@dataclass(frozen=True)
class Majority:
    """How frequent each class is."""

    name: str = "majority"

    def scores(self, lesson: Lesson, texts: Sequence[str]) -> Scores:
        return np.tile(lesson.shown.mean(axis=0), (len(texts), 1))


@dataclass(frozen=True)
class NearestByWords:
    """The class of the text whose words are nearest; all classes alike where no word is shared."""

    name: str = "bm25-nearest"

    def scores(self, lesson: Lesson, texts: Sequence[str]) -> Scores:
        index, shown = Bm25([one.text for one in lesson.examples]), lesson.shown
        rows = []
        for text in texts:
            found = index.scores(text)
            rows.append(shown[int(found.argmax())] if found.any() else shown.mean(axis=0))
        return np.array(rows)


@dataclass(frozen=True)
class NearestByVectors:
    """Votes of the nearest by cosine; the nearer class breaks a tie."""

    embedder: Embedder
    name: str = "kNN"

    def scores(self, lesson: Lesson, texts: Sequence[str]) -> Scores:
        held = self.embedder.embed([one.text for one in lesson.examples])
        nearness = self.embedder.embed(texts) @ held.T
        nearest = np.argsort(-nearness, axis=1, kind="stable")[:, :NEIGHBOURS]
        weights = 1 - 0.01 * np.arange(nearest.shape[1])
        votes: Scores = np.einsum("tnc,n->tc", lesson.shown[nearest], weights) / weights.sum()
        return votes


@dataclass(frozen=True)
class Logistic:
    """Logistic regression on the vectors; its strength is chosen by inner folds that keep families whole."""

    embedder: Embedder
    name: str = "logistic regression"

    def scores(self, lesson: Lesson, texts: Sequence[str]) -> Scores | None:
        from sklearn.linear_model import LogisticRegression

        truth = lesson.truth
        if len(set(truth.tolist())) < 2:
            return None
        inputs = self.embedder.embed([one.text for one in lesson.examples])
        chosen = _sample(lesson.examples)
        labels = [str(truth[at]) for at in chosen]
        if len(set(labels)) < 2:
            strength = STRENGTHS[0]
        else:
            families = [lesson.examples[at].family for at in chosen]
            strength = float(fit_logistic(inputs[chosen], labels, families).C)
        model = LogisticRegression(C=strength, max_iter=1000, class_weight="balanced").fit(inputs, truth)
        found: Scores = np.zeros((len(texts), len(lesson.classes)))
        found[:, model.classes_] = model.predict_proba(self.embedder.embed(texts))
        return found


def _sample(examples: Sequence[Example]) -> list[int]:
    """Places of so many rows, drawn by a hash of their families."""
    share = min(1.0, MOST_TO_CHOOSE_BY / max(1, len(examples)))
    return [at for at, one in enumerate(examples) if part_of(one.family, test_share=share, salt="strength") == "test"]
