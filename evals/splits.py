"""Splits: what may be read when, and which precedents a case may know."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from copilot.base import now
from evals.errors import DataError, RunError
from evals.gold import GoldCase, Part
from evals.suites import Suite
from policy_corpus import Pack, Precedent, Problem


def open_part(suite: Suite, part: Part, *, log: Path | None = None, reason: str = "") -> tuple[GoldCase, ...]:
    """The cases of a part. Reading `test` needs a log file, and is written down there before anything is read.

    Raises:
        RunError: `test` was asked for without a log, or the log can't be written.
        DataError: a test family has a precedent.
    """
    if part == "test":
        _write_down(suite, log, reason)
        check_no_precedent(suite)
    return suite.cases(part)


def _write_down(suite: Suite, log: Path | None, reason: str) -> None:
    if log is None:
        raise RunError("the test part is only read for reports", "name the file that keeps count of the reads")
    line = {"at": now().isoformat(), "suite": suite.name, "data_sha256": suite.data_sha256, "reason": reason}
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
    except OSError as error:
        raise RunError(f"can't write the log '{log.name}': {error.strerror}", "the test part stays closed") from error


def reads(log: Path) -> int:
    """How often a test part was read."""
    return len(log.read_text("utf-8").splitlines()) if log.is_file() else 0


def check_no_precedent(suite: Suite) -> None:
    """Raises DataError where a test family has a precedent: its answer would stand in the corpus."""
    families = {one.family for one in suite.cases("test")}
    leaking = [one for one in suite.pack.precedents if one.family and one.family in families]
    if leaking:
        hint = "move the family to 'tune', or take the precedent out"
        raise DataError(
            Problem(suite.name, 1, f"precedent '{one.id}' is of family '{one.family}', which is in the test part", hint)
            for one in leaking
        )


def hidden(gold: GoldCase, pack: Pack, *, dated: bool) -> frozenset[str]:
    """Ids of the precedents that a case must not know: its own family's, itself, and where dated those not older.

    Dates count by the month: a case knows what was decided before the month that it is judged by. Days would be as
    many reviewers, each of which learns anew, and would hide less.
    """
    return frozenset(one.id for one in pack.precedents if _hides(gold, one, dated))


def _hides(gold: GoldCase, precedent: Precedent, dated: bool) -> bool:
    own = precedent.id == gold.id or (bool(precedent.family) and precedent.family == gold.family)
    return own or (dated and precedent.decided >= gold.case.judged_on.replace(day=1))


def without(pack: Pack, ids: frozenset[str]) -> Pack:
    """The pack without those precedents; itself where there are none."""
    return pack.with_precedents(tuple(one for one in pack.precedents if one.id not in ids)) if ids else pack


def part_of(family: str, *, test_share: float = 0.5, salt: str = "") -> Part:
    """A family's part, from a hash of its name: the same on every machine, and families stay whole."""
    number = int.from_bytes(hashlib.sha256(f"{salt}\x1f{family}".encode()).digest()[:8], "big")
    return "test" if number / 2**64 < test_share else "tune"


def families_of(cases: Sequence[GoldCase]) -> int:
    return len({one.family for one in cases})
