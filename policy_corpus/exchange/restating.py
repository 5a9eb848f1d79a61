"""A precedent's status after its clause changed: stale at once, and active again when somebody has read it anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from policy_corpus.errors import PackError, Problem, expected_one_of
from policy_corpus.loader import load
from policy_corpus.pack import Pack
from policy_corpus.precedents import Precedent, Status


def restate(folder: Path, precedents: Iterable[Precedent]) -> None:
    """Writes status, reason and clauses of these precedents where they stand; every other line stays as it is."""
    changed = {one.id: one for one in precedents}
    for path in sorted((folder / "precedents").glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").split("\n")
        written = [_restated(line, changed) for line in lines]
        if written != lines:
            path.write_text("\n".join(written), encoding="utf-8")


def _restated(line: str, changed: Mapping[str, Precedent]) -> str:
    data = json.loads(line) if line.strip() else {}
    now = changed.get(data.get("id", ""))
    if now is None:
        return line
    data.update(status=str(now.status), status_reason=now.status_reason, clauses=list(now.clauses))
    return json.dumps(data, ensure_ascii=False)


def reaffirm(folder: Path, id: str, *, reason: str, author: str) -> Precedent:
    """Makes a stale precedent active again, under the newest versions of the clauses that it cites.

    Raises:
        PackError: there is no such precedent, it isn't stale, or reason or author is missing.
    """
    pack = load(folder)
    precedent = pack.precedent(id)
    if precedent is None:
        hint = expected_one_of(id, (one.id for one in pack.precedents))
        raise PackError([Problem(pack.id, 1, f"there is no precedent '{id}'", hint)])
    if precedent.status is not Status.STALE:
        raise PackError([Problem(pack.id, 1, f"'{id}' is {precedent.status}", "only a stale one is reaffirmed")])
    if not reason.strip() or not author.strip():
        raise PackError([Problem(pack.id, 1, f"'{id}' can't be reaffirmed without reason and author", "give both")])
    clauses = tuple(_newest(ref, pack) for ref in precedent.clauses)
    why = f"reaffirmed under {', '.join(clauses)}: {reason.strip()} ({author.strip()})"
    again = precedent.model_copy(update={"status": Status.ACTIVE, "status_reason": why, "clauses": clauses})
    restate(folder, [again])
    return again


def _newest(ref: str, pack: Pack) -> str:
    id = ref.rpartition("@")[0]
    return max((one for one in pack.clauses if one.id == id), key=lambda one: one.version).ref
