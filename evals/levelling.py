"""Fits the levels of the classifiers' chances on gold's tune part, measures what they change, and writes them.

`python -m evals.levelling` prints the figures; with `--write` it keeps the fit where the classifiers look for it. To be
run again whenever clauses, vocabulary, examples, training cases, the classifiers or the embedder change, and before
`evals.calibrating`, which rests on what the classifiers then find.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from copilot.detectors.features import Floats
from copilot.detectors.lessons import Bools, Label
from copilot.detectors.levels import AS_IT_IS, LEAST, SHIPPED, Levels, chance, log_odds, named
from copilot.detectors.thresholds import CLEARING
from copilot.review import Reviewer
from copilot.rules import rules_of
from evals.calibrating import embedded_reviewer, keep
from evals.embedding import RememberingEmbedder
from evals.errors import RunError
from evals.fitting import fitting
from evals.said import Said, chances_of, measure
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
        return cls(labels, log_odds(chances), told, weights)


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
    return Levels(
        pack=reviewer.pack.id,
        rules=rules_of(reviewer.pack),
        embedder=reviewer.retriever.index.embedder.fingerprint,
        data_sha256=suite.data_sha256,
        command=COMMAND,
        n=len(said),
        folds=tuple(_fitted(table, train) for train, _ in parts),
        families={families[row]: number for number, (_, held) in enumerate(parts) for row in held},
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


@fitting
def main(name: str, embedder: str, learned: Path | None, write: bool) -> None:
    """Fits the levels of the classifiers' chances on the pack's gold cases of the tune part; takes minutes."""
    stay_offline()
    pack = load(find(name))
    reviewer = embedded_reviewer(pack, RememberingEmbedder(embedder_named(embedder, models=learned)), learned)
    suite = gold_suite(pack)
    said = chances_of(reviewer, suite, learned=learned)
    levels = fit(said, reviewer, suite)
    for line in study_lines(measure(said, levels)):
        click.echo(line)
    if write:
        click.echo(f"written: {keep(levels, SHIPPED).name}")
        click.echo("confidence holds for its own levels only: now run python -m evals.calibrating --write")


if __name__ == "__main__":
    main()
