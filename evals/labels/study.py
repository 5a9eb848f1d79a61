"""The study of a set's labels: every learner on every question, over the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.base import Progress, silent
from evals.labels.base import YES, Example, Labels, Question, answering, classes_of
from evals.labels.learners import Learner, Lesson, Logistic, Majority, NearestByVectors, NearestByWords, Scores
from evals.labels.own import OwnLeaning, OwnRidge
from evals.metrics.figure import Figure, statistic_figure
from evals.metrics.intervals import Sampling
from evals.studies import Study
from policy_corpus import Pack
from retrieval import Embedder

Ints = NDArray[np.int64]
Statistic = Callable[[list[int]], float | None]

OWN, BESIDE = "copilot: leaning", "logistic regression"
AHEAD = f"{OWN} − {BESIDE}"
"""Their difference on the same rows, which two intervals beside each other don't show."""

NOTES = (
    "Learned from all of the set's training rows and asked about all rows of the part. Macro-F1 is the mean over the "
    "classes that occur; the majority's AUPRC is the share of yes.",
    "A row of which the set doesn't say yes or no to a flag is left out of that flag.",
    "'copilot: leaning' decides as a draft does: acting needs a chance of one in three, as a miss costs twice as much. "
    "It learned the classes beside texts of none of them; the others learn from texts of these classes alone.",
    "'copilot: ridge' is the detectors' learner of sentences, with their penalty. A dash: too few rows to learn from.",
)


def study_labels(
    labels: Labels, part: str, pack: Pack, embedder: Embedder, sampling: Sampling, progress: Progress = silent
) -> Study | None:
    """The table of figures, a column a learner; none where the part has no rows.

    Args:
        pack: whose actions tell acting from leaving alone.
        embedder: one that remembers, as every learner asks it for the same texts.
    """
    if not labels.asked.get(part):
        return None
    _embed(labels.texts(part), embedder, progress)
    learners = _learners(embedder, pack)
    columns: dict[str, tuple[Figure, ...]] = {name: () for name in (*(one.name for one in learners), AHEAD)}
    for number, question in enumerate(labels.questions):
        progress(number, len(labels.questions), f"labels, {question.name}")
        for name, figure in _figures(labels, part, question, learners, sampling):
            columns[name] += (figure,)
    notes = (*NOTES, *(f"{question.name}: {question.note}" for question in labels.questions if question.note))
    title = "The set's own labels, learned from all its training rows"
    return Study(name="labels", title=title, columns=columns, notes=notes)


def _learners(embedder: Embedder, pack: Pack) -> tuple[Learner, ...]:
    return (
        OwnLeaning(embedder, pack), OwnRidge(embedder), Majority(), NearestByWords(), NearestByVectors(embedder),
        Logistic(embedder),
    )  # fmt: skip


CHUNK = 256


def _embed(texts: Sequence[str], embedder: Embedder, progress: Progress) -> None:
    """So that it can be seen how far it is."""
    for start in range(0, len(texts), CHUNK):
        progress(start, len(texts), "embedding")
        embedder.embed(texts[start : start + CHUNK])


def _figures(
    labels: Labels, part: str, question: Question, learners: Sequence[Learner], sampling: Sampling
) -> Iterator[tuple[str, Figure]]:
    learned, asked = answering(labels.learned, question), answering(labels.asked[part], question)
    classes = classes_of([*learned, *asked], question)
    silent_rows = () if question.kind == "flag" or question.benign else _silent(labels.learned, question)
    lesson = Lesson(question, classes, learned, silent_rows)
    if not learned or not asked:
        return
    truth = Lesson(question, classes, asked).truth
    texts, families = [one.text for one in asked], [one.family for one in asked]
    held: dict[str, Statistic] = {}
    for learner in learners:
        scores = learner.scores(lesson, texts)
        held[learner.name] = _unknown if scores is None else _statistic(question, classes, truth, scores)
    held[AHEAD] = _difference(held[OWN], held[BESIDE])
    for name, statistic in held.items():
        yield name, statistic_figure(
            question.figure, statistic, families, sampling=sampling, share=name != AHEAD,
            unscored=len(labels.asked[part]) - len(asked), note=_note(question, classes, truth),
        )  # fmt: skip


def _difference(one: Statistic, other: Statistic) -> Statistic:
    def apart(at: list[int]) -> float | None:
        a, b = one(at), other(at)
        return None if a is None or b is None else a - b

    return apart


def _unknown(at: list[int]) -> float | None:
    """Of a learner that had too little to learn from."""
    return None


def _silent(examples: Sequence[Example], question: Question) -> tuple[Example, ...]:
    return tuple(one for one in examples if question.name not in one.said)


def _note(question: Question, classes: Sequence[str], truth: Ints) -> str:
    if question.kind == "flag":
        return f"{int((truth == _yes(classes)).sum())} of {len(truth)} are yes"
    return f"{len(classes)} classes, the rarest {int(np.bincount(truth, minlength=len(classes)).min())} times"


def _yes(classes: Sequence[str]) -> int:
    """The place of `yes`; one that never occurs where it doesn't."""
    return classes.index(YES) if YES in classes else -1


def _statistic(question: Question, classes: Sequence[str], truth: Ints, scores: Scores) -> Statistic:
    if question.kind == "classes":
        said = scores.argmax(axis=1)
        return lambda at: macro_f1(truth[at], said[at], len(classes))
    yes = _yes(classes)
    wanted, sure = truth == yes, scores[:, yes]
    return lambda at: average_precision(wanted[at], sure[at])


def macro_f1(truth: Ints, said: Ints, classes: int) -> float | None:
    """The mean of the classes' F1; a class that neither occurs nor is said is left out."""
    counts = np.bincount(truth * classes + said, minlength=classes * classes).reshape(classes, classes)
    marked = counts.sum(axis=0) + counts.sum(axis=1)
    seen = marked > 0
    return float((2 * counts.diagonal()[seen] / marked[seen]).mean()) if seen.any() else None


def average_precision(wanted: NDArray[np.bool_], sure: Scores) -> float | None:
    """The mean precision at each step of recall, equal scores taken together; none where nothing is wanted."""
    if not wanted.any():
        return None
    order = np.argsort(-sure, kind="stable")
    right = np.cumsum(wanted[order])
    last = np.append(np.flatnonzero(np.diff(sure[order])), len(order) - 1)
    steps = np.diff(right[last], prepend=0) / right[-1]
    return float((steps * right[last] / (last + 1)).sum())
