"""Fits the levels of the classifiers' chances, and what circumstances add to them, on gold's tune part.

`python -m evals.levelling` prints what they change; with `--write` it keeps the fit where the classifiers look for it,
and the figures among the results that texts quote.
To be run again whenever clauses, vocabulary, patterns, examples, training cases, the classifiers or the embedder
change, and before `evals.calibrating`, which rests on what the classifiers then find.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from copilot.detectors.circumstances import found
from copilot.detectors.features import Floats
from copilot.detectors.lessons import Bools, Label
from copilot.detectors.levels import AS_IT_IS, LEAST, MOST, SHIPPED, Levels, chance, dump, log_odds, named
from copilot.detectors.thresholds import CLEARING
from copilot.review import Reviewer
from copilot.rules import rules_of
from evals import storing
from evals.calibrating import embedded_reviewer, keep, stem
from evals.embedding import RememberingEmbedder
from evals.errors import RunError
from evals.figures import RESULTS
from evals.fitting import fitting
from evals.said import Said, chances_of, measure
from evals.studies import Study
from evals.suites import Suite, gold_suite
from evals.tables import study_lines
from evals.training import folds
from policy_corpus import find, load
from retrieval import embedder_named, stay_offline

FOLDS = 10
STEPS = 30
"""Newton steps, each at most 1 long in either direction."""
SILENT = 0.1
"""What a case counts for a value of whose fact gold says nothing: gold names what decides, so silence is a weak no."""
PULL = (3.0, 30.0)
"""How strongly a label's level and slope are held to those of its kind, as a count of cases."""
SHARED_PULL = (0.01, 0.01)
"""How strongly those of a kind are held to what changes nothing."""
FEWEST_TOLD = 3
"""Cases that show a value, fewer than which say nothing about its circumstances."""
FEWEST_CIRCUMSTANCES = 5
"""Cases that a circumstance must stand in, and as many it must be absent from, to count."""
ADDED_PULL = (3.0, 2.0)
"""How strongly what is added for every case, and for each circumstance, is held to nothing."""
ADDED_STEPS = 12
CLOSE = 1e-3
"""A Newton step shorter than this is the last."""
COMMAND = "python -m evals.levelling --write"
LEAST_SLOPE = 0.01
"""No slope is flatter: a likelier value stays a likelier one, and where the cases say otherwise it tells next to
nothing."""


@dataclass(frozen=True)
class _Table:
    """What was said and what is right, (cases, labels)."""

    labels: tuple[Label, ...]
    odds: Floats
    told: Bools
    weights: Floats
    circumstances: tuple[str, ...]
    beside: Floats
    """(cases, 1 + circumstances): 1 where it stands beside the words, and in the first column."""
    untold: Bools
    """(cases, labels): where no other detector found the value; only these say what circumstances add to it."""

    @classmethod
    def of(cls, said: Sequence[Said]) -> _Table:
        labels = tuple(sorted({label for one in said for label in one.labels}))
        place = {label: column for column, label in enumerate(labels)}
        chances = np.full((len(said), len(labels)), LEAST, dtype=np.float32)
        told = np.zeros(chances.shape, dtype=np.bool_)
        weights = np.zeros_like(chances)  # a classifier that doesn't know a label tells nothing of it
        for row, one in enumerate(said):
            columns = [place[label] for label in one.labels]
            chances[row, columns] = one.chances
            told[row, columns] = [label in one.shown for label in one.labels]
            weights[row, columns] = [1 if fact in one.asked else SILENT for fact, _ in one.labels]
        counts = Counter(name for one in said for name in one.beside)
        often = range(FEWEST_CIRCUMSTANCES, len(said) - FEWEST_CIRCUMSTANCES + 1)
        names = tuple(sorted(name for name, count in counts.items() if count in often))
        beside = np.array([[1, *(name in one.beside for name in names)] for one in said], dtype=np.float32)
        untold = np.array([[label not in one.otherwise for label in labels] for one in said], dtype=np.bool_)
        return cls(labels, log_odds(chances), told, weights, names, beside, untold)


def fit(said: Sequence[Said], reviewer: Reviewer, suite: Suite) -> Levels:
    """Ten fits, each without a tenth of the families.

    Raises:
        RunError: the cases are too few, or of too few families, to fit anything.
    """
    families = [one.gold.family for one in said]
    parts = folds(families, FOLDS)
    if not parts:
        hint = "a pack with gold cases of two families and more, and precedents or examples to learn from, is needed"
        raise RunError("there is nothing to fit levels on", hint)
    table = _Table.of(said)
    fits = [_fitted(table, train) for train, _ in parts]
    alarms = {
        found(fact, value) for fact, held in reviewer.pack.vocabulary.facts.items() for value in held.raises_severity
    }
    beside = (dump(_added(table, train, one, alarms)) for (train, _), one in zip(parts, fits, strict=True))
    return Levels(
        pack=reviewer.pack.id,
        rules=rules_of(reviewer.pack),
        embedder=reviewer.retriever.index.embedder.fingerprint,
        data_sha256=suite.data_sha256,
        command=COMMAND,
        n=len(said),
        folds=tuple(fits),
        families={families[row]: number for number, (_, held) in enumerate(parts) for row in held},
        circumstances=table.circumstances,
        beside=tuple(beside) if table.circumstances else (),
    )


def _fitted(table: _Table, rows: np.ndarray) -> dict[str, tuple[float, float]]:
    """Each label's level and slope, pulled towards those of its kind: values that clear, and all others.

    Source: Gelman and Hill, Data Analysis Using Regression and Multilevel/Hierarchical Models (2007), on partial
    pooling.
    """
    fitted = np.tile(np.array(AS_IT_IS), (len(table.labels), 1))
    clearing = np.array([value in CLEARING for _, value in table.labels])
    for columns in (np.flatnonzero(clearing), np.flatnonzero(~clearing)):
        if not len(columns):
            continue
        at = np.ix_(rows, columns)
        odds, told, weights = table.odds[at], table.told[at], table.weights[at]
        column = (-1, 1)
        (shared,) = regression(
            odds.reshape(column), told.reshape(column), weights.reshape(column), np.array(AS_IT_IS), SHARED_PULL
        )
        fitted[columns] = regression(odds, told, weights, shared, PULL)
    return {
        named(label): (round(float(level), 4), round(float(slope), 4))
        for label, (level, slope) in zip(table.labels, fitted, strict=True)
    }


def _added(table: _Table, rows: np.ndarray, fit: Mapping[str, tuple[float, float]], alarms: Set[str]) -> Floats:
    """What circumstances add to the levelled log odds: (values, 1 + circumstances), values in the order of their names.

    For each value a weighted logistic regression beside the words' own log odds, by Newton's method. That something
    grave was found makes no value likelier that clears.
    """
    grave = np.array([False, *(name in alarms for name in table.circumstances)])
    place = {named(label): column for column, label in enumerate(table.labels)}
    inputs = table.beside[rows].astype(np.float64)
    pull = np.full(inputs.shape[1], ADDED_PULL[1])
    pull[0] = ADDED_PULL[0]
    added = np.zeros((len(fit), inputs.shape[1]), dtype=np.float32)
    for number, name in enumerate(sorted(fit)):
        column, (level, slope) = place[name], fit[name]
        untold = table.untold[rows, column]
        told, weights = table.told[rows, column] & untold, table.weights[rows, column] * untold
        if told.sum() >= FEWEST_TOLD:
            words = level + slope * table.odds[rows, column].astype(np.float64)
            added[number] = _beside(words, inputs, told, weights, pull)
            if table.labels[column][1] in CLEARING:
                added[number, grave] = np.minimum(added[number, grave], 0)
    return added


def _beside(words: np.ndarray, inputs: np.ndarray, told: np.ndarray, weights: np.ndarray, pull: np.ndarray) -> Floats:
    """The weights of the inputs (1 + circumstances,) in one regression beside the words' log odds (cases,)."""
    found = np.zeros(inputs.shape[1])
    for _ in range(ADDED_STEPS):
        said = 1 / (1 + np.exp(-np.clip(words + inputs @ found, -30, 30)))
        slope = inputs.T @ (weights * (said - told)) + pull * found
        curve = (inputs * (weights * said * (1 - said))[:, None]).T @ inputs + np.diag(pull)
        step = np.clip(np.linalg.solve(curve, slope), -1, 1)
        found -= step
        if np.abs(step).max() < CLOSE:
            break
    return np.clip(found, -MOST, MOST).astype(np.float32)


def regression(
    odds: np.ndarray, told: np.ndarray, weights: np.ndarray, start: np.ndarray, pull: tuple[float, float]
) -> np.ndarray:
    """Levels and slopes (labels, 2): for each column the weighted logistic regression that is pulled to `start`.

    Newton's method; a slope that would fall below `LEAST_SLOPE` stays there while its level is fitted on.

    Args:
        odds: (cases, labels), as are `told` and `weights`.
        start: level and slope (2,).
        pull: how strongly each is held to it.
    """
    inputs = np.stack([np.ones_like(odds), odds], axis=-1).astype(np.float64)  # (cases, labels, 2)
    found = np.tile(start.astype(np.float64), (odds.shape[1], 1))
    for _ in range(STEPS):
        said = chance(np.einsum("cld,ld->cl", inputs, found))
        slope = np.einsum("cl,cld->ld", weights * (said - told), inputs) + pull * (found - start)
        curve = np.einsum("cl,cld,cle->lde", weights * said * (1 - said), inputs, inputs) + np.diag(pull)
        stuck = (found[:, 1] <= LEAST_SLOPE) & (slope[:, 1] > 0)
        slope[stuck, 1] = 0
        curve[stuck, 0, 1] = curve[stuck, 1, 0] = 0
        found -= np.clip(np.linalg.solve(curve, slope[..., None])[..., 0], -1, 1)
        found[:, 1] = np.maximum(found[:, 1], LEAST_SLOPE)
    return found


def publish(study: Study, levels: Levels, results: Path = RESULTS) -> Path:
    """Writes what was measured as a result that texts can quote: one file a pack and embedder.

    Raises:
        RunError: it can't be written; what was there stays.
    """
    file = results / f"levels-{stem(levels)}.json"
    told = {"format": 1, "suite": study.name, "part": "tune", "pack": levels.pack, "embedder": levels.embedder,
            "data_sha256": levels.data_sha256, "command": levels.command,
            "studies": {study.name: study.model_dump(mode="json", exclude={"name"})}}  # fmt: skip
    storing.write(file, json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    return file


@fitting
def main(name: str, embedder: str, learned: Path | None, write: bool) -> None:
    """Fits the levels of the classifiers' chances on the pack's gold cases of the tune part; takes minutes."""
    stay_offline()
    pack = load(find(name))
    reviewer = embedded_reviewer(pack, RememberingEmbedder(embedder_named(embedder, models=learned)), learned)
    suite = gold_suite(pack)
    said = chances_of(reviewer, suite, learned=learned)
    levels = fit(said, reviewer, suite)
    study = measure(said, levels)
    for line in study_lines(study):
        click.echo(line)
    if write:
        publish(study, levels)
        click.echo(f"written: {keep(levels, SHIPPED).name}")
        click.echo("confidence holds for its own levels only: now run python -m evals.calibrating --write")


if __name__ == "__main__":
    main()
