"""Runs every check over a pack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from policy_corpus.checks import (
    conditions,
    conflicts,
    examples,
    gaps,
    legal,
    outcomes,
    priorities,
    reach,
    standing,
    steps,
    undercut,
)
from policy_corpus.checks.acceptance import UNUSED, Acceptances, Report, accept
from policy_corpus.checks.examination import Examination
from policy_corpus.checks.issues import Issue
from policy_corpus.errors import PackError, Problem
from policy_corpus.loader import read
from policy_corpus.pack import Pack
from policy_corpus.references import SourceOf
from policy_corpus.sources import Source, build, read_yaml

Check = Callable[[Examination], Iterator[Issue]]

CHECKS: Mapping[str, Check] = {
    priorities.NAME: priorities.find,
    legal.UNSOURCED: legal.find_unsourced,
    legal.OVERDUE: legal.find_overdue,
    legal.UNFOUNDED: legal.find_unfounded,
    steps.NAME: steps.find,
    conditions.NAME: conditions.find,
    reach.VALUE: reach.find_impossible,
    reach.UNREACHABLE: reach.find_unreachable,
    reach.SWALLOWED: reach.find_swallowed,
    conflicts.NAME: conflicts.find,
    undercut.NAME: undercut.find,
    standing.NAME: standing.find,
    outcomes.CONTRADICTS: outcomes.find_contradicting,
    outcomes.OUTWEIGHED: outcomes.find_outweighed,
    examples.NAME: examples.find,
    gaps.NAME: gaps.find,
}
"""Every check by the name that its issues carry."""


def check(pack: Pack, source_of: SourceOf | None = None, *, on: date) -> tuple[Issue, ...]:
    """All issues of the pack as of that day, by place. Without sources, places are names instead of lines of files."""
    seen = Examination(pack, on, source_of)
    return tuple(sorted(issue for find in CHECKS.values() for issue in find(seen)))


def lint(path: Path, *, on: date) -> Report:
    """The pack in that folder, checked as of that day, less what its `lint.yaml` accepts.

    Raises:
        PackError: the pack can't be loaded, or its lint.yaml is wrong.
    """
    pack, source_of = read(path)
    issues = check(pack, source_of, on=on)
    given, source = _acceptances(path.resolve())
    return accept(issues, given, source, (*CHECKS, UNUSED))


def _acceptances(root: Path) -> tuple[Acceptances, Source]:
    shown = f"{root.name}/lint.yaml"
    path = root / "lint.yaml"
    if not path.is_file():
        return Acceptances(), Source(shown, {})
    source = read_yaml(shown, path.read_text(encoding="utf-8"))
    if isinstance(source, Problem):
        raise PackError([source])
    given = build(Acceptances, source)
    if isinstance(given, list):
        raise PackError(given)
    return given, source
