"""The embedded copilot's own learners, asked for labels instead of findings and plans.

`leaning` is what it learns from a pack's precedents where clauses have no criteria; `ridge` is what its detectors learn
from example sentences. Neither was changed or tuned for labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from copilot.detectors.features import Grams
from copilot.detectors.ridge import Hashed, Solver
from copilot.detectors.training import SENTENCE_PENALTY
from copilot.drafters.leaning import OVER, UNDER, Leaning, lean
from evals.datasets.deciding import precedent, safe_id
from evals.labels.base import YES, Example, Question
from evals.labels.learners import Lesson, Scores
from policy_corpus import Pack, Precedent, Tier
from retrieval import Embedder


@dataclass(frozen=True)
class OwnLeaning:
    """The leaning of precedents: whether to act at all, then which clause."""

    embedder: Embedder
    pack: Pack
    """A pack with an action against a violation and one that leaves things alone, and nothing else."""
    name: str = "copilot: leaning"

    def scores(self, lesson: Lesson, texts: Sequence[str]) -> Scores | None:
        leaning = lean(self.pack.with_precedents(tuple(self._precedents(lesson))), self.embedder)
        if leaning is None:
            return None
        if lesson.question.kind == "flag" or lesson.question.benign:
            return np.array([self._by_tier(leaning, text, lesson) for text in texts])
        return np.array([_by_clause(leaning, text, lesson.classes) for text in texts])

    def _by_tier(self, leaning: Leaning, text: str, lesson: Lesson) -> Scores:
        """Of two classes. The chance of a violation needs to be one in three, as in a draft: a miss costs double."""
        chance = leaning.chances(text)[Tier.ENFORCE]
        raised = chance if lesson.question.kind == "flag" else _even(chance)
        return np.array([raised if _violates(name, lesson.question) else 1 - raised for name in lesson.classes])

    def _precedents(self, lesson: Lesson) -> Iterator[Precedent]:
        question = lesson.question
        for one in lesson.examples:
            label = one.said[question.name]
            yield _precedent(one, label if _violates(label, question) else "")
        for one in lesson.others:
            yield _precedent(one, "")


@dataclass(frozen=True)
class OwnRidge:
    """The detectors' ridge regression over a sentence's vector and letter groups."""

    embedder: Embedder
    name: str = "copilot: ridge"

    def scores(self, lesson: Lesson, texts: Sequence[str]) -> Scores | None:
        if len(lesson.classes) < 2:
            return None
        known = [one.text for one in lesson.examples]
        hashed = Hashed(Grams.learn(known))
        points = hashed.points(self.embedder.embed(known), [hashed.grams.row(text) for text in known])
        fitted = Solver(points, SENTENCE_PENALTY).solve(lesson.shown.astype(np.float32))
        asked = hashed.points(self.embedder.embed(texts), [hashed.grams.row(text) for text in texts])
        return fitted.scores(asked).astype(np.float64)


def _violates(label: str, question: Question) -> bool:
    return label == YES if question.kind == "flag" else label != question.benign


def _precedent(one: Example, label: str) -> Precedent:
    return precedent(one.id, one.text, one.family, (label,) if label else (), violates=bool(label))


def _even(chance: float) -> float:
    """The chance with the costs in it: above a half exactly where acting is cheaper."""
    return UNDER * chance / (UNDER * chance + OVER * (1 - chance))


def _by_clause(leaning: Leaning, text: str, classes: Sequence[str]) -> Scores:
    """Classes in the order of their clauses; one with too few precedents comes last."""
    ordered = [ref.rpartition("@")[0] for ref in leaning.clauses(text, Tier.ENFORCE)]
    named = [safe_id(one) for one in classes]
    return np.array([-float(ordered.index(one)) if one in ordered else -float(len(ordered)) for one in named])
