"""A set's own labels: who learns what, what counts, and what is left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score

from evals import public
from evals.datasets.deciding import precedent
from evals.datasets.labelled import Label, Source, suite_of
from evals.datasets.public import SETS
from evals.embedding import RememberingEmbedder
from evals.labels.base import NO, YES, Example, Labels, Question, answering, classes_of
from evals.labels.learners import Lesson, Logistic, Majority, NearestByVectors, NearestByWords
from evals.labels.own import OwnLeaning, OwnRidge
from evals.labels.study import average_precision, macro_f1, study_labels
from evals.metrics.intervals import Sampling
from evals.studies import Study
from policy_corpus import Tier
from retrieval import HashingEmbedder

LABELS = (Label("bad", "Bad", "Bad things."), Label("fine", "Fine", "Fine things.", violates=False))
PACK = suite_of(Source("own", "Own", LABELS, "0" * 64), []).pack
BINARY = Question("binary", benign="fine")
KIND = Question("kind")
FLAG = Question("flag", "flag")

SAID = {
    "lamps": ("cheap lamp for sale number", {"binary": "bad", "kind": "sale", "flag": YES}),
    "bets": ("place your money on the horse race number", {"binary": "bad", "kind": "bet", "flag": YES}),
    "lost": ("lost umbrella found in the hall number", {"binary": "fine", "flag": NO}),
    "door": ("the front door opens at nine on day", {"binary": "fine"}),
}


def rows(numbers: range) -> tuple[Example, ...]:
    return tuple(
        Example(f"{name}-{number}", f"{text} {number}", f"{name}-{number}", said)
        for name, (text, said) in SAID.items()
        for number in numbers
    )


DATA = Labels((BINARY, KIND, FLAG), rows(range(14)), {"tune": rows(range(20, 25)), "test": rows(range(30, 31))})


@pytest.fixture(scope="module")
def model() -> RememberingEmbedder:
    return RememberingEmbedder(HashingEmbedder(dimension=128))


def lesson(question: Question) -> Lesson:
    learned = answering(DATA.learned, question)
    others = () if question is not KIND else tuple(one for one in DATA.learned if "kind" not in one.said)
    return Lesson(question, classes_of(learned, question), learned, others)


@pytest.mark.parametrize("question", [BINARY, KIND, FLAG], ids=lambda one: one.name)
@pytest.mark.parametrize("learner", [NearestByWords, NearestByVectors, Logistic, OwnLeaning, OwnRidge])
def test_every_learner_learns_what_texts_say_plainly(
    learner: type, question: Question, model: RememberingEmbedder
) -> None:
    made = learner() if learner is NearestByWords else learner(model, *((PACK,) if learner is OwnLeaning else ()))
    asked = answering(DATA.asked["tune"], question)
    held = lesson(question)
    found = made.scores(held, [one.text for one in asked])
    assert [held.classes[at] for at in found.argmax(axis=1)] == [one.said[question.name] for one in asked]


def test_the_majority_says_how_frequent_a_class_is() -> None:
    found = Majority().scores(lesson(FLAG), ["a text", "another"])
    assert lesson(FLAG).classes == (NO, YES)
    assert np.allclose(found, [[1 / 3, 2 / 3], [1 / 3, 2 / 3]])


def test_a_flag_that_nobody_answered_is_no_no(model: RememberingEmbedder) -> None:
    """The texts about the door answer no flag: neither learned from nor scored."""
    assert {one.id.partition("-")[0] for one in lesson(FLAG).examples} == {"lamps", "bets", "lost"}
    figure = studied(model).figure("copilot: ridge", "AUPRC, flag")
    assert figure is not None and (figure.n, figure.unscored) == (15, 5) and figure.note == "10 of 15 are yes"


def studied(model: RememberingEmbedder, labels: Labels = DATA) -> Study:
    study = study_labels(labels, "tune", PACK, model, Sampling(samples=50))
    assert study is not None
    return study


def test_the_study_has_a_figure_for_every_learner_and_question(model: RememberingEmbedder) -> None:
    study = studied(model)
    assert study.rows == ("macro-F1, binary", "macro-F1, kind", "AUPRC, flag")
    assert list(study.columns) == [
        "copilot: leaning", "copilot: ridge", "majority", "bm25-nearest", "kNN", "logistic regression",
        "copilot: leaning − logistic regression",
    ]  # fmt: skip
    kinds = study.figure("copilot: leaning", "macro-F1, kind")
    assert kinds is not None and (kinds.value, kinds.n, kinds.unscored) == (1.0, 10, 10)
    ahead = study.figure("copilot: leaning − logistic regression", "macro-F1, kind")
    assert ahead is not None and ahead.value == 0.0
    majority = study.figure("majority", "macro-F1, binary")
    assert majority is not None and majority.value == pytest.approx(1 / 3)


def test_too_few_of_a_label_are_unknown_and_keep_their_row(model: RememberingEmbedder) -> None:
    few = Labels((FLAG,), (*rows(range(2))[:1], *rows(range(14))[28:42]), {"tune": rows(range(20, 25))})
    study = studied(model, few)
    nothing = study.figure("copilot: leaning", "AUPRC, flag")
    assert nothing is not None and nothing.value is None
    assert study.rows == ("AUPRC, flag",)


def test_a_part_without_rows_has_no_study(model: RememberingEmbedder) -> None:
    assert study_labels(Labels((FLAG,), DATA.learned, {}), "tune", PACK, model, Sampling(samples=10)) is None


def test_the_figures_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(3)
    truth, said = random.integers(0, 4, 200), random.integers(0, 4, 200)
    assert macro_f1(truth, said, 6) == pytest.approx(f1_score(truth, said, average="macro"))
    sure = random.integers(0, 9, 200) / 8
    assert average_precision(truth == 1, sure) == pytest.approx(average_precision_score(truth == 1, sure))
    assert average_precision(truth == 9, sure) is None and macro_f1(truth[:0], said[:0], 4) is None


def test_published_sets_say_what_they_know(fixtures: Path) -> None:
    edos = SETS["edos"](fixtures / "sets").labels
    assert edos is not None and [one.name for one in edos.questions] == ["binary", "category", "vector"]
    everyone = [*edos.learned, *(one for held in edos.asked.values() for one in held)]
    assert {tuple(sorted(one.said)) for one in everyone} == {("binary",), ("binary", "category", "vector")}
    assert not {one.family for one in edos.learned} & {one.family for held in edos.asked.values() for one in held}
    flags = SETS["openai-moderation"](fixtures / "sets").labels
    assert flags is not None and [one.name for one in flags.questions] == [
        "flag V2", "flag H2", "flag SH", "flag HR", "flag H", "flag V", "flag S",
    ]  # fmt: skip


def test_the_study_stands_beside_the_systems_unless_it_is_plain(
    fixtures: Path, model: RememberingEmbedder, quick: Sampling
) -> None:
    result = public.run("edos", fixtures / "sets", embedder=model, sampling=quick)
    assert result.studies[-1].name == "labels" and "macro-F1, vector" in result.to_table()
    plain = public.run("edos", fixtures / "sets", embedder=model, sampling=quick, compared=False)
    assert "labels" not in {study.name for study in plain.studies}


def test_a_label_becomes_a_decision() -> None:
    bad, fine = (precedent("a/1", "text", "", labels, violates=bool(labels)) for labels in (("x y",), ()))
    assert (bad.id, bad.clauses, bad.family) == ("a_1", ("x_y@1",), "a/1")
    assert (PACK.tier(bad.plan), PACK.tier(fine.plan)) == (Tier.ENFORCE, Tier.NONE)
