"""Second labels: what another person, from the clauses alone, expects of the same gold cases.

One label a line: {"case": id, "labeller": "…", "expected": {as a gold case's}, "adjudicated": {"expected": {…} or null,
"why": "…", "clause": "CS-… or null"}, "first": {what the gold case expected before it was corrected} or null}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from evals.base import Strict
from evals.errors import DataError
from evals.gold import SHIPPED, Expected, GoldCase
from policy_corpus import Pack, Problem
from policy_corpus.errors import expected_one_of
from policy_corpus.sources import Source, build, read_jsonl

FOLDER = SHIPPED / "second_labels"


class Adjudicated(Strict):
    """What the two labellers, or a third person, settled on."""

    expected: Expected | None = None
    """None: the gold case stands as it is."""
    why: str = Field(min_length=1)
    clause: str | None = None
    """The clause whose words let both readings stand, where one did."""


class SecondLabel(Strict):
    """One gold case, labelled again without sight of the first label."""

    case: str = Field(min_length=1)
    labeller: str = Field(min_length=1)
    expected: Expected
    first: Expected | None = None
    """What the first label said, where settling corrected the gold case; none where it still says so."""
    adjudicated: Adjudicated | None = None
    """None while nobody has settled it, or where there was nothing to settle."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.expected == Expected():
            raise ValueError("the label expects nothing; give at least tier or reportability")
        return self


def second_labels(pack: Pack, gold: Sequence[GoldCase], file: Path | None = None) -> tuple[SecondLabel, ...]:
    """The second labels of the pack's gold cases; none where there is no file.

    Raises:
        DataError: all that is wrong, each with file and line.
    """
    path = file or FOLDER / f"{pack.id}.jsonl"
    return load(path, pack, gold) if file is not None or path.is_file() else ()


def load(path: Path, pack: Pack, gold: Sequence[GoldCase]) -> tuple[SecondLabel, ...]:
    """The labels of a file, every name checked against the pack and the gold cases."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        hint = "save it as UTF-8, one label a line"
        raise DataError([Problem(path.name, 1, f"can't read the file ({type(error).__name__})", hint)]) from error
    cases = {one.id: one for one in gold}
    labels: list[SecondLabel] = []
    problems: list[Problem] = []
    first: dict[tuple[str, str], int] = {}
    for source in read_jsonl(path.name, text):
        built = [source] if isinstance(source, Problem) else build(SecondLabel, source)
        if isinstance(built, SecondLabel) and isinstance(source, Source):
            wrong = list(_unknown_names(built, pack, cases, source))
            at = first.setdefault((built.case, built.labeller), source.line())
            if at != source.line():
                wrong.append(
                    source.problem((), f"'{built.labeller}' labelled '{built.case}' twice", f"first in line {at}")
                )
            problems.extend(wrong)
            labels.append(built)
        elif isinstance(built, list):
            problems.extend(built)
    if problems:
        raise DataError(problems)
    return tuple(labels)


def _unknown_names(label: SecondLabel, pack: Pack, cases: Mapping[str, GoldCase], source: Source) -> Iterator[Problem]:
    if label.case not in cases:
        yield source.problem(("case",), f"there is no gold case '{label.case}'", expected_one_of(label.case, cases))
        return
    adjudicated = label.adjudicated
    settled = adjudicated.expected if adjudicated else None
    for expected in (label.expected, *([settled] if settled else [])):
        yield from _unknown_in(expected, cases[label.case], pack, source)
    if adjudicated and adjudicated.clause is not None:
        yield from _not_among("clause", [adjudicated.clause], {clause.id for clause in pack.clauses}, source)


def _unknown_in(expected: Expected, gold: GoldCase, pack: Pack, source: Source) -> Iterator[Problem]:
    actions = [step.action for plan in expected.acceptable_plans or () for step in plan]
    parties = [finding.about for finding in expected.findings or () if finding.about is not None]
    yield from _not_among("action", actions, set(pack.actions), source)
    yield from _not_among("duty", expected.duties or (), set(pack.duties), source)
    yield from _not_among("clause", expected.clauses or (), {clause.id for clause in pack.clauses}, source)
    yield from _not_among("party", parties, {party.id for party in gold.case.parties}, source)
    for finding in expected.findings or ():
        if not pack.vocabulary.allows(finding.fact, finding.value):
            message = f"'{finding.fact}: {finding.value}' is not in the vocabulary of {pack.id}"
            yield source.problem(("expected", "findings"), message, "see the pack's vocabulary.yaml")


def _not_among(kind: str, named: Sequence[str], known: set[str], source: Source) -> Iterator[Problem]:
    for name in dict.fromkeys(named):
        if name not in known:
            yield source.problem((), f"unknown {kind} '{name}'", expected_one_of(name, known))
