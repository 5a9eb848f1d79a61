from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MAPPING = """\
format: 1
columns:
  {id: ref, title: head, decided: closed, area: queue, facts: summary, rationale: why, plan: outcome, clauses: rule,
   status: state, status_reason: note}
constants: {language: en, authority: reviewed, parties: [{id: a, kind: account, role: subject}]}
values:
  plan:
    Removed: [{action: hide, on: items}]
    nothing: []
    told: {action: tell, on: case}
  clauses: {"4.2": T-1@1, both: [T-1@1, T-2@1]}
  area: {goods: trade}
  status: {"": active, old: stale}
findings:
  counterfeit: {column: fake, about: a, values: {"y": "yes", "n": "no", "?": null}}
id_prefix: T-
"""

ROW = {
    "ref": "1",
    "head": "A stall with watches",
    "closed": "2026-03-01",
    "queue": "goods",
    "summary": "A stall offered watches with a copied mark.",
    "why": "The mark was copied.",
    "outcome": "removed",
    "rule": "4.2",
    "state": "active",
    "note": "",
    "fake": "Y",
    "other": "not read",
}


@pytest.fixture
def mapping_file(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    def write(*changes: dict[str, str], name: str = "team.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, ROW)
            writer.writeheader()
            writer.writerows({**ROW, "ref": str(number), **change} for number, change in enumerate(changes, 1))
        return path

    return write


@pytest.fixture
def jsonl_file(tmp_path: Path) -> Callable[..., Path]:
    def write(*changes: dict[str, Any]) -> Path:
        path = tmp_path / "team.jsonl"
        rows = [{**ROW, "ref": str(number), **change} for number, change in enumerate(changes, 1)]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write
