"""Runs: one system on one part of one suite, kept whole in a folder.

    manifest.json    what was run: code, pack, model, parameters, seed, data
    answers.jsonl    one case a line, appended as it is answered: the answer and, where there is one, the whole Review
    verdicts.jsonl   where a model judged citations: what it said

A run that was cut off is continued: what is there is kept, the rest is answered. Answers are found again by a hash of
the case and the system, so a folder never mixes two versions.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.reviews import Review
from evals import storing
from evals.answers import Answer
from evals.base import Progress, Strict, silent
from evals.casewise import case_scores
from evals.errors import RunError
from evals.gold import GoldCase, Part
from evals.manifests import MANIFEST, Manifest, identity, manifest_of, read
from evals.metrics.intervals import Sampling
from evals.prices import PriceList
from evals.rows import Row, Sheet
from evals.suites import Suite
from evals.systems import Outcome, System
from policy_corpus import Pack

ANSWERS = "answers.jsonl"


class Record(Strict):
    """One line of a run."""

    case_id: str
    key: str
    """SHA-256 over the case, what it must not know, and the system."""
    family: str
    slices: dict[str, tuple[str, ...]] = {}
    scores: dict[str, float | None] = {}
    """By name; None is unscored."""
    answer: Answer
    review: Review | None = None


@dataclass(frozen=True)
class Run:
    """A run in memory, in the order of its cases."""

    manifest: Manifest
    records: tuple[Record, ...]

    def sheet(
        self, cases: Sequence[GoldCase], pack: Pack, sampling: Sampling, prices: PriceList | None = None
    ) -> Sheet:
        """The run's rows beside what is expected; with a price list, with what each answer cost."""
        held = {record.case_id: record for record in self.records}
        rows = (Row(gold, _priced(held[gold.id], prices), pack) for gold in cases if gold.id in held)
        return Sheet(tuple(rows), sampling, prices=prices.note() if prices else "")

    def record(self, case_id: str) -> Record | None:
        return next((one for one in self.records if one.case_id == case_id), None)


def _priced(record: Record, prices: PriceList | None) -> Answer:
    if prices is None or record.review is None:
        return record.answer
    return record.answer.model_copy(update={"cost": prices.cost(record.review.provenance)})


async def execute(
    suite: Suite,
    part: Part,
    cases: Sequence[GoldCase],
    system: System,
    *,
    folder: Path | None = None,
    cache: Path | None = None,
    parallel: int = 1,
    seed: int = 0,
    command: str = "",
    progress: Progress = silent,
) -> Run:
    """Answers every case that isn't answered yet.

    Args:
        folder: where the run is kept; in memory only without one.
        cache: a folder of answers shared between runs, by content.
        parallel: how many cases are asked about at once; more than one helps with remote models only.

    Raises:
        RunError: the folder holds another run, or can't be written.
    """
    manifest = manifest_of(suite, part, system, len(cases), seed, command)
    store = _Store(folder, manifest)
    kept = {record.key: record for record in store.records()}
    store.mend()
    keys = {gold.id: _key(gold, system) for gold in cases}
    gate = asyncio.Semaphore(max(1, parallel))
    done = 0

    async def one(gold: GoldCase) -> Record:
        nonlocal done
        key = keys[gold.id]
        record = kept.get(key)
        if record is None:
            async with gate:
                record = await _answer(gold, key, system, suite.pack, cache)
            store.append(record)
        done += 1
        progress(done, len(cases), f"{system.name}: {gold.id}")
        return record

    records = await asyncio.gather(*(one(gold) for gold in cases))
    return Run(manifest, tuple(records))


def load(folder: Path) -> Run:
    """A stored run.

    Raises:
        RunError: there is none, or it can't be read.
    """
    manifest = read(folder)
    if manifest is None:
        raise RunError(f"there is no run in '{folder.name}'", f"name a folder that holds {MANIFEST}")
    latest = {record.case_id: record for record in _Store(folder, manifest).records()}
    return Run(manifest, tuple(latest.values()))


def _key(gold: GoldCase, system: System) -> str:
    parts = (gold.case.digest, gold.family, system.name, system.fingerprint)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


async def _answer(gold: GoldCase, key: str, system: System, pack: Pack, cache: Path | None) -> Record:
    outcome = await _outcome(gold, key, system, cache)
    return Record(
        case_id=gold.id,
        key=key,
        family=gold.family,
        slices=gold.slices,
        scores=case_scores(Row(gold, outcome.answer, pack)),
        answer=outcome.answer,
        review=outcome.review,
    )


async def _outcome(gold: GoldCase, key: str, system: System, cache: Path | None) -> Outcome:
    place = cache / f"{key}.json" if cache is not None else None
    if place is not None and place.is_file():
        return Outcome.model_validate_json(place.read_bytes())
    outcome = await system.answer(gold)
    if place is not None:
        storing.write(place, outcome.model_dump_json())
    return outcome


class _Store:
    """The folder of a run, or nothing at all."""

    def __init__(self, folder: Path | None, manifest: Manifest) -> None:
        self._file = folder / ANSWERS if folder is not None else None
        if folder is None:
            return
        held = read(folder)
        if held is not None and identity(held) != identity(manifest):
            changed = sorted(key for key, value in identity(held).items() if value != identity(manifest)[key])
            raise RunError(f"'{folder.name}' holds another run: {', '.join(changed)} differ", "name another folder")
        if held is None:
            storing.write(folder / MANIFEST, manifest.model_dump_json(indent=1) + "\n")

    def records(self) -> Iterator[Record]:
        """What was answered; a last line that was cut off is passed over and answered again."""
        if self._file is not None:
            hint = "delete the line, so that the case is answered again"
            yield from storing.lines(self._file, Record, "a line of a run", hint)

    def mend(self) -> None:
        if self._file is not None:
            storing.mend(self._file)

    def append(self, record: Record) -> None:
        if self._file is not None:
            storing.append(self._file, record)
