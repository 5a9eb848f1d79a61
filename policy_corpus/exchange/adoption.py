"""Adoption: a named owner makes a pack their policy, and the pack says so from then on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from policy_corpus.errors import PackError, Problem
from policy_corpus.exchange.front_matter import changed_yaml
from policy_corpus.loader import load
from policy_corpus.pack import Pack


def adopt(folder: Path, owner: str, on: date, note: str = "") -> Pack:
    """The pack, adopted by that owner; `pack.yaml` is rewritten with its comments kept.

    Raises:
        PackError: nobody is named, or the pack has problems; then nothing is written.
    """
    if not owner.strip():
        raise PackError([Problem("pack.yaml", 1, "nobody adopts this pack", "name a person or a role as its owner")])
    load(folder)
    path = folder / "pack.yaml"
    adoption = {"owner": owner.strip(), "date": on, **({"note": note} if note else {})}
    path.write_text(changed_yaml(path, {"adoption": adoption}), encoding="utf-8")
    return load(folder)
