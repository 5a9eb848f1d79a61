"""Manifests: what was run, so that it can be run again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from copilot.base import Moment, now
from evals.base import Strict
from evals.errors import RunError
from evals.gold import Part
from evals.hashing import code_version
from evals.suites import Suite
from evals.systems import ReviewerSystem, System

MANIFEST = "manifest.json"


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


def manifest_of(suite: Suite, part: Part, system: System, cases: int, seed: int, command: str) -> Manifest:
    """The manifest of a run that starts now."""
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


def identity(manifest: Manifest) -> dict[str, Any]:
    """What two runs must have in common to be one."""
    return manifest.model_dump(mode="json", exclude={"started_at", "command"})


def read(folder: Path) -> Manifest | None:
    """The manifest of a run's folder, or none.

    Raises:
        RunError: it can't be read.
    """
    file = folder / MANIFEST
    if not file.is_file():
        return None
    try:
        return Manifest.model_validate(json.loads(file.read_text("utf-8")))
    except (ValueError, OSError) as error:
        raise RunError(f"'{folder.name}/{MANIFEST}' can't be read", "it was not written by this program") from error
