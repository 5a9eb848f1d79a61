"""Fits the embedded drafter's confidence on gold's tune part, measures it by grouped cross-validation, and writes it.

Each draft's confidence is by a forest that has seen nothing of its family; families are kept together in ten folds.
`python -m evals.calibrating` prints the figures; with `--write` it keeps the fit where the drafter looks for it. To be
run again whenever clauses, vocabulary, detectors, their levels or the embedder change.
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
from copilot.drafters.confidence import SHIPPED, Calibration, rounded
from copilot.drafters.criteria import assess
from copilot.drafters.error_budget import Scored
from copilot.drafters.precedents import PrecedentDrafter
from copilot.drafters.signs import quiet
from copilot.drafters.votes import vote
from copilot.drafts import Draft
from copilot.duties import raise_to_floor
from copilot.findings import of_service
from copilot.fitted import Fitted
from copilot.review import Reviewer
from copilot.rules import rules_of
from evals import storing
from evals.base import Progress, silent
from evals.embedding import RememberingEmbedder
from evals.errors import RunError
from evals.fitting import fitting
from evals.gold import GoldCase, service
from evals.growing import FITS, grow
from evals.remaking import Remaker
from evals.splits import open_part
from evals.suites import Suite, gold_suite
from evals.systems import COPILOT, ReviewerSystem, digest_of_levels
from evals.training import folds
from policy_corpus import Pack, Tier, find, load
from retrieval import BruteForceIndex, Retriever, embedder_named, stay_offline

if TYPE_CHECKING:
    from copilot.cases import Case
    from copilot.findings import Finding
    from copilot.reviews import DutyStatus
    from retrieval import Hit

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
    """A fit on all drafts, with every draft's confidence by one that has seen nothing of its family.

    Raises:
        RunError: the drafts are of too few families to hold any out.
    """
    right, families = [one.right for one in drafted], [one.family for one in drafted]
    parts = folds(families, FITS)
    if not parts:
        hint = "a pack with gold cases of two families and more, of which drafts can be made, is needed"
        raise RunError("there is nothing to calibrate on", hint)
    inputs = np.array([rounded(list(one.signs.values())) for one in drafted])
    held_out = np.zeros(len(drafted))
    for train, held in parts:
        unaware = grow(inputs[train], [right[at] for at in train]).forest
        held_out[held] = [unaware.chance(row) for row in inputs[held]]
    names, fitted = list(drafted[0].signs), grow(inputs, right)
    return Calibration(
        pack=reviewer.pack.id,
        rules=rules_of(reviewer.pack),
        embedder=reviewer.retriever.index.embedder.fingerprint,
        data_sha256=suite.data_sha256,
        command=COMMAND,
        n=len(drafted),
        levels=digest_of_levels(reviewer),
        families=len(set(families)),
        cases=cases,
        signs=tuple(names),
        weights={name: round(float(weight), 4) for name, weight in zip(names, fitted.weights, strict=True)},
        forest=fitted.forest.dump(),
        scored=tuple(
            Scored(family=one.family, score=round(float(score), 4), right=one.right, quiet=one.quiet)
            for one, score in zip(drafted, held_out, strict=True)
        ),
        told=tuple(tuple(map(float, row)) for row in inputs),
    )


def keep(fitted: Fitted, folder: Path = SHIPPED) -> Path:
    """Writes a fit where the program looks, whole or not at all: one file a pack and embedder, one line a field.

    Raises:
        RunError: it can't be written; what was there stays.
    """
    file = folder / f"{stem(fitted)}.json"
    fields = fitted.model_dump(mode="json").items()
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields)
    storing.write(file, f"{{\n{lines}\n}}\n")
    return file


def stem(fitted: Fitted) -> str:
    """How a fit's files are named."""
    short = re.sub(r"[^a-z0-9]+", "-", fitted.embedder.lower()).strip("-")[:24]
    return f"{fitted.pack}-{short}"


@fitting
def main(name: str, embedder: str, learned: Path | None, write: bool) -> None:
    """Calibrates the embedded drafter on the pack's gold cases of the tune part; blocks for minutes."""
    from evals.risk import risk_table

    stay_offline()
    pack = load(find(name))
    reviewer = embedded_reviewer(pack, RememberingEmbedder(embedder_named(embedder, models=learned)), learned)
    suite = gold_suite(pack)
    drafted, cases = proposals(reviewer, suite, learned=learned)
    calibration = calibrate(drafted, cases, reviewer, suite)
    click.echo(risk_table(calibration).to_text(), nl=False)
    if write:
        click.echo(f"written: {keep(calibration).name}")


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
