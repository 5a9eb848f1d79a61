"""Runs: one system on one part of one suite, kept whole in a folder.

    manifest.json    what was run: code, pack, model, parameters, seed, data
    answers.jsonl    one case a line, appended as it is answered: the answer and, where there is one, the whole Review

A run that was cut off is continued: what is there is kept, the rest is answered. Answers are found again by a hash of
the case and the system, so a folder never mixes two versions.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from copilot.base import Moment, now
from copilot.reviews import Review
from evals.answers import Answer
from evals.base import Progress, Strict, silent
from evals.casewise import case_scores
from evals.errors import RunError
from evals.gold import GoldCase, Part
from evals.hashing import code_version
from evals.metrics.intervals import Sampling
from evals.rows import Row, Sheet
from evals.suites import Suite
from evals.systems import Outcome, ReviewerSystem, System
from policy_corpus import Pack

MANIFEST = "manifest.json"
ANSWERS = "answers.jsonl"


class Manifest(Strict):
    """What was run, so that it can be run again."""

    format: int = 1
    suite: str
    part: Part
    system: str
    fingerprint: str
    code_version: str
    pack: str
    pack_version: str
    pack_fingerprint: str
    corpus_revision: int = 0
    embedder: str = ""
    parameters: dict[str, str] = {}
    """Of the drafters: model id, prompt hash, sampling parameters."""
    seed: int
    data_sha256: str
    cases: int
    command: str = ""
    started_at: Moment


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

    def sheet(self, cases: Sequence[GoldCase], pack: Pack, sampling: Sampling) -> Sheet:
        """The run's rows beside what is expected."""
        held = {record.case_id: record for record in self.records}
        rows = (Row(gold, held[gold.id].answer, pack) for gold in cases if gold.id in held)
        return Sheet(tuple(rows), sampling)

    def record(self, case_id: str) -> Record | None:
        return next((one for one in self.records if one.case_id == case_id), None)


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
    manifest = _manifest(suite, part, system, len(cases), seed, command)
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
    manifest = _read_manifest(folder)
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
        _written(place, outcome.model_dump_json())
    return outcome


def _manifest(suite: Suite, part: Part, system: System, cases: int, seed: int, command: str) -> Manifest:
    more: dict[str, Any] = {}
    if isinstance(system, ReviewerSystem):
        reviewer = system.reviewer
        settings = {f"{one.name}.{key}": value for one in reviewer.drafters for key, value in one.settings.items()}
        more = {
            "corpus_revision": reviewer.corpus_revision,
            "embedder": reviewer.retriever.index.embedder.name,
            "parameters": {**reviewer.parameters, **settings},
        }
    return Manifest(
        suite=suite.name,
        part=part,
        system=system.name,
        fingerprint=system.fingerprint,
        code_version=code_version(),
        pack=suite.pack.id,
        pack_version=suite.pack.manifest.version,
        pack_fingerprint=suite.pack.fingerprint,
        seed=seed,
        data_sha256=suite.data_sha256,
        cases=cases,
        command=command,
        started_at=now(),
        **more,
    )


class _Store:
    """The folder of a run, or nothing at all."""

    def __init__(self, folder: Path | None, manifest: Manifest) -> None:
        self._file = folder / ANSWERS if folder is not None else None
        if folder is None:
            return
        held = _read_manifest(folder)
        if held is not None and _identity(held) != _identity(manifest):
            changed = sorted(key for key, value in _identity(held).items() if value != _identity(manifest)[key])
            raise RunError(f"'{folder.name}' holds another run: {', '.join(changed)} differ", "name another folder")
        if held is None:
            _written(folder / MANIFEST, manifest.model_dump_json(indent=1) + "\n")

    def records(self) -> Iterator[Record]:
        """What was answered; a last line that was cut off is passed over and answered again."""
        if self._file is None or not self._file.is_file():
            return
        lines = self._file.read_bytes().split(b"\n")
        for number, line in enumerate(lines, 1):
            try:
                if line.strip():
                    yield Record.model_validate_json(line)
            except ValidationError as error:
                if number == len(lines):
                    return
                hint = "delete the line, so that the case is answered again"
                raise RunError(f"{self._file.name}:{number}: not a line of a run", hint) from error

    def mend(self) -> None:
        """Takes away a last line that was cut off, so that what is appended starts on a line of its own."""
        if self._file is None or not self._file.is_file():
            return
        held = self._file.read_bytes()
        if held and not held.endswith(b"\n"):
            _written(self._file, held[: held.rfind(b"\n") + 1].decode())

    def append(self, record: Record) -> None:
        if self._file is None:
            return
        try:
            with self._file.open("a", encoding="utf-8") as stream:
                stream.write(record.model_dump_json() + "\n")
        except OSError as error:
            raise RunError(f"can't write '{self._file.name}': {error.strerror}", "what is saved stays") from error


def _identity(manifest: Manifest) -> dict[str, Any]:
    return manifest.model_dump(mode="json", exclude={"started_at", "command"})


def _read_manifest(folder: Path) -> Manifest | None:
    file = folder / MANIFEST
    if not file.is_file():
        return None
    try:
        return Manifest.model_validate(json.loads(file.read_text("utf-8")))
    except (ValueError, OSError) as error:
        raise RunError(f"'{folder.name}/{MANIFEST}' can't be read", "it was not written by this program") from error


def _written(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunError(f"can't write '{file.name}': {error.strerror}", "check the folder's permissions") from error
