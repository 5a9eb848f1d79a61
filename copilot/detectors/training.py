"""Trains the light classifiers, and finds for each value the probability from which its proposals are mostly right.

Everything that is fitted on scores is fitted on scores of stories of other families: five folds, the same throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from copilot.detectors.features import Floats, Grams, Linear, Row
from copilot.detectors.fusing import fuse, unseen
from copilot.detectors.lessons import FOLDS, Bools, Ints, Label, Lessons, lessons
from copilot.detectors.ridge import Fitted, Hashed, Solver
from copilot.detectors.stories import Companions, Fusion, best_run, stretches, strongest, telling
from copilot.detectors.thresholds import CLEARING, Seen, thresholds, undoubted
from policy_corpus import Pack
from retrieval import Embedder

SENTENCE_PENALTY = 3.0
RUN_PENALTY = 0.3
COMPANION_PENALTY = 1.0
ROUNDS = 2
"""How often the sentence that shows a story's finding is looked for anew."""


@dataclass(frozen=True)
class Model:
    """All that scores a case."""

    labels: tuple[Label, ...]
    hashed: Hashed
    sentences: Linear
    runs: Linear
    companions: Companions
    fusion: Fusion
    thresholds: Floats
    """(labels,): the probability from which a value is proposed."""

    def probabilities(self, embeddings: Floats, rows: Sequence[Row]) -> tuple[Floats, Floats]:
        """Probability of each label for a case of these sentences, and each sentence's scores.

        Args:
            embeddings: (n, embedding).
            rows: of each sentence, as `hashed` gives it.
        """
        scores, runs = self.sentences.scores(embeddings, rows), self.runs.scores(embeddings, rows)
        whole = self._chances(strongest(scores), best_run(runs))
        # What a stretch shows by itself, the case shows: unrelated text beside it must not talk a grave fact away.
        near = [self._chances(*both).max(axis=0) for both in stretches(scores, runs)]
        said = (scores - self.companions.floor)[:, ~self.clearing].max(axis=1, initial=-np.inf)
        near += [self._chances(strongest(scores[at]), best_run(runs[at])) for at in telling(said)]
        chances = np.where(self.clearing, whole, np.max([whole, *near], axis=0))
        return chances.astype(np.float32), scores

    def _chances(self, best: Floats, run: Floats) -> Floats:
        """In the shape of what comes in: (labels,), or (stretches, labels)."""
        return self.fusion.probabilities(best, run, self.companions.scores(best))

    @cached_property
    def clearing(self) -> Bools:
        """(labels,): values that speak for closing a case; these only the whole of it can show."""
        return np.array([value in CLEARING for _, value in self.labels])


@dataclass(frozen=True)
class _Taught:
    """Lessons with their features: of examples, sentences and whole stories, in this order."""

    lessons: Lessons
    points: Floats

    @property
    def examples(self) -> Ints:
        return np.arange(len(self.lessons.examples))

    def sentences(self, of: Bools) -> Ints:
        return len(self.lessons.examples) + np.flatnonzero(of[self.lessons.story])

    def stories(self, of: Bools) -> Ints:
        return len(self.lessons.texts) + np.flatnonzero(of)


def train(pack: Pack, embedder: Embedder) -> Model | None:
    """What the pack's examples and precedents teach; none where they are too few to test it."""
    told = lessons(pack)
    if told is None:
        return None
    hashed = Hashed(Grams.learn(told.texts))
    taught = _taught(told, embedder, hashed)
    best, run, example_best, example_run = _unseen(taught)
    companions, companion_scores, example_companions = _companions(best, example_best, told)
    frequencies = np.stack([_log_odds(told.rightly), _log_odds(told.shown)]).astype(np.float32)
    fusion = fuse((best, run, companion_scores), told.rightly, frequencies)
    everyone = np.ones(len(told.told), dtype=np.bool_)
    sentence, runs = _fit(taught, everyone, taught.examples)
    stories = unseen((best, run, companion_scores), told.rightly, frequencies, told.folds)
    examples = fusion.probabilities(example_best, example_run, example_companions)
    found = thresholds(
        told.labels,
        Seen(undoubted(told.labels, stories), told.rightly > 0, counted(told)),
        Seen(undoubted(told.labels, examples), told.shown > 0, told.asked),
    )
    return Model(
        labels=told.labels,
        hashed=hashed,
        sentences=hashed.linear(sentence),
        runs=hashed.linear(runs),
        companions=companions,
        fusion=fusion,
        thresholds=found,
    )


def _taught(told: Lessons, embedder: Embedder, hashed: Hashed) -> _Taught:
    points = hashed.points(embedder.embed(told.texts), [hashed.grams.row(text) for text in told.texts])
    sizes = np.bincount(told.story, minlength=len(told.told))
    # A whole story is the mean of its sentences.
    sums = np.zeros((len(told.told), points.shape[1]), dtype=np.float32)
    np.add.at(sums, told.story, points[len(told.examples) :])
    return _Taught(told, np.vstack([points, sums / sizes[:, None].astype(np.float32)]))


def _fit(taught: _Taught, of: Bools, examples: Ints) -> tuple[Fitted, Fitted]:
    """A scorer of sentences and one of runs, from these stories and examples."""
    told = taught.lessons
    points = taught.points
    run = Solver(points[taught.stories(of)], RUN_PENALTY).solve(told.told[of])
    rows, shown = examples, told.shown[examples]
    if not len(rows):
        rows, shown = taught.stories(of), told.told[of]
    sentence = Solver(points[rows], SENTENCE_PENALTY).solve(shown)
    own = taught.sentences(of)
    both = Solver(points[np.concatenate([examples, own])], SENTENCE_PENALTY)
    for _ in range(ROUNDS):
        placed = _placed(sentence.scores(points[own]), told.story[of[told.story]], told.told)
        sentence = both.solve(np.vstack([told.shown[examples], placed]))
    return sentence, run


def _placed(scores: Floats, story: Ints, told: Floats) -> Floats:
    """What each sentence shows, if every story shows what was found in it where it scores highest.

    Source: Andrews, Tsochantaridis, Hofmann, Support Vector Machines for Multiple-Instance Learning (2002).
    """
    placed = np.zeros_like(scores)
    for number in np.unique(story):
        own = np.flatnonzero(story == number)
        found = np.flatnonzero(told[number])
        placed[own[scores[np.ix_(own, found)].argmax(axis=0)], found] = 1
    return placed


def _unseen(taught: _Taught) -> tuple[Floats, Floats, Floats, Floats]:
    """Strongest sentence and best run of every story and example, by models that saw neither it nor its family."""
    told = taught.lessons
    shape, other = told.told.shape, told.shown.shape
    best, run = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    example_best, example_run = np.zeros(other, np.float32), np.zeros(other, np.float32)
    for fold in range(FOLDS):
        held_out, held_examples = told.folds == fold, np.flatnonzero(told.example_folds == fold)
        learned_from = np.flatnonzero(told.example_folds != fold)
        sentence, runs = _fit(taught, ~held_out, learned_from)
        example_best[held_examples] = sentence.scores(taught.points[held_examples])
        example_run[held_examples] = runs.scores(taught.points[held_examples])
        for number in np.flatnonzero(held_out):
            rows = len(told.examples) + np.flatnonzero(told.story == number)
            best[number] = strongest(sentence.scores(taught.points[rows]))
            run[number] = best_run(runs.scores(taught.points[rows]))
    return best, run, example_best, example_run


def _companions(best: Floats, example_best: Floats, told: Lessons) -> tuple[Companions, Floats, Floats]:
    """The companions, and their scores of stories that they weren't fitted on and of examples."""
    scores = np.zeros_like(best)
    for fold in range(FOLDS):
        held_out = told.folds == fold
        scores[held_out] = _companion(best[~held_out], told.told[~held_out]).scores(best[held_out])
    found = _companion(best, told.told)
    return found, scores, found.scores(example_best)


def _companion(best: Floats, shown: Floats) -> Companions:
    floor = np.median(best, axis=0)
    lifted = np.maximum(best, floor)
    middle, spread = lifted.mean(axis=0), (lifted.std(axis=0) + 1e-6) * np.sqrt(lifted.shape[1])
    points = ((lifted - middle) / spread).astype(np.float32)
    fitted = Solver(points, COMPANION_PENALTY).solve(shown)
    weights = fitted.weights / spread[:, None]
    return Companions(floor, weights.astype(np.float32), (fitted.intercept - middle @ weights).astype(np.float32))


def counted(told: Lessons) -> Bools:
    """(stories, labels): where a proposal counts as right or wrong.

    Of a value that speaks for closing a case, only where the story says something of the fact.
    """
    counts = np.ones(told.told.shape, dtype=np.bool_)
    facts = np.array([fact for fact, _ in told.labels])
    for column, (fact, value) in enumerate(told.labels):
        if value in CLEARING:
            counts[:, column] = told.told[:, facts == fact].any(axis=1)
    return counts


def _log_odds(shown: Floats) -> Floats:
    share = (shown.sum(axis=0) + 1) / (len(shown) + 2)
    odds: Floats = np.log(share / (1 - share)).astype(np.float32)
    return odds
