"""Gold cases: what a careful reviewer would accept, written down before anything is measured.

One case a line. `expected` says what is right; whatever it leaves out (`null`) counts as unscored, never as wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from copilot.cases import Case
from evals.base import Strict
from evals.errors import DataError
from policy_corpus import Pack, PlannedStep, PrecedentFinding, Problem, Reportability, Tier
from policy_corpus.errors import expected_one_of
from policy_corpus.sources import Source, build, read_jsonl

SHIPPED = Path(__file__).parent / "gold"
Part = Literal["tune", "test"]
Difficulty = Literal["easy", "medium", "hard"]


class ExpectedFinding(PrecedentFinding):
    """A fact that a careful reader finds, with the words that show it."""

    model_config = ConfigDict(from_attributes=True)  # a plain PrecedentFinding is one without a quote

    quote: str | None = Field(default=None, min_length=1)
    """Words of one of the case's parts, verbatim; none where only signals or metadata show it."""


class Expected(Strict):
    """What is right for a case. `None` means that nobody has said, which is unscored."""

    acceptable_plans: tuple[tuple[PlannedStep, ...], ...] | None = None
    """Whole plans that may stand, the best first; an empty plan is one without any step."""
    tier: Tier | None = None
    reportability: Reportability | None = None
    duties: tuple[str, ...] | None = None
    """Duties that are owed or that counsel must look at."""
    clauses: tuple[str, ...] | None = None
    """Clause ids without version, the main one first."""
    sources: tuple[str, ...] | None = None
    """Precedents or documents that a good draft rests on."""
    findings: tuple[ExpectedFinding, ...] | None = None
    protected: bool = False
    """Whether the case is protected expression or help-seeking, so that any enforcement is over-enforcement."""


class GoldCase(Strict):
    """A case with what is expected of it, and what it is there to test."""

    case: Case
    expected: Expected
    family: str = Field(min_length=1)
    """The story it belongs to; a split never parts a family, and intervals are clustered by it."""
    area: str = ""
    difficulty: Difficulty = "medium"
    traps: tuple[str, ...] = ()
    part: Part = "tune"

    @property
    def id(self) -> str:
        return self.case.id

    @property
    def slices(self) -> dict[str, tuple[str, ...]]:
        """The slices it counts in, by dimension."""
        held = {
            "area": (self.area,),
            "tier": (str(self.expected.tier or ""),),
            "language": (self.case.language,),
            "surface": (self.case.surface,),
            "difficulty": (self.difficulty,),
            "trap": self.traps,
        }
        return {name: tuple(value for value in values if value) for name, values in held.items()}

    @model_validator(mode="after")
    def _expects_what_the_case_holds(self) -> Self:
        parties = {party.id for party in self.case.parties}
        for finding in self.expected.findings or ():
            if finding.about is not None and finding.about not in parties:
                raise ValueError(f"a finding is about '{finding.about}', who is not among the case's parties")
            if finding.quote is not None and not any(finding.quote in (part.text or "") for part in self.case.parts):
                raise ValueError(
                    f"the quote for '{finding.fact}' stands in none of the case's parts; copy its words verbatim"
                )
        return self


def load(path: Path, pack: Pack | None = None) -> tuple[GoldCase, ...]:
    """The gold cases of a file, or of every `.jsonl` in a folder; with a pack, every name is checked against it.

    Raises:
        DataError: all that is wrong, each with file and line.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise DataError([Problem(path.name, 1, "there are no gold cases", "name a .jsonl file or a folder of them")])
    cases: list[GoldCase] = []
    problems: list[Problem] = []
    places: dict[str, tuple[str, int]] = {}
    for file in files:
        for source in read_jsonl(file.name, _text(file)):
            built = source if isinstance(source, Problem) else _build(source, pack, places)
            if isinstance(built, GoldCase):
                cases.append(built)
            else:
                problems.extend([built] if isinstance(built, Problem) else built)
    problems.extend(_parted_families(cases, places))
    if problems:
        raise DataError(problems)
    return tuple(cases)


def service(name: str) -> dict[str, str]:
    """What the gold cases that come with a pack take for granted about the service, fact to value; nothing where there
    are none. Which duties reach a service, and so which tier is right, depends on it."""
    file = SHIPPED / name / "service.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError([Problem(file.name, 1, f"can't read the file: {error}", "save it as UTF-8")]) from error


def _build(source: Source, pack: Pack | None, places: dict[str, tuple[str, int]]) -> GoldCase | list[Problem]:
    built = build(GoldCase, source)
    if isinstance(built, list):
        return built
    problems = list(_unknown_names(built, pack, source)) if pack is not None else []
    if first := places.get(built.id):
        problems.append(source.problem((), f"case '{built.id}' stands here again", f"first in {first[0]}:{first[1]}"))
    places.setdefault(built.id, (source.path, source.line()))
    return problems or built


def _unknown_names(gold: GoldCase, pack: Pack, source: Source) -> Iterator[Problem]:
    expected = gold.expected
    actions = (step.action for plan in expected.acceptable_plans or () for step in plan)
    clauses = {clause.id for clause in pack.clauses}
    for kind, named, known in (
        ("action", actions, set(pack.actions)),
        ("duty", expected.duties or (), set(pack.duties)),
        ("clause", expected.clauses or (), clauses),
        ("area", (gold.area,) if gold.area else (), set(pack.manifest.areas)),
    ):
        yield from _not_among(kind, named, known, source)
    for finding in expected.findings or ():
        if not pack.vocabulary.allows(finding.fact, finding.value):
            yield source.problem((), f"'{finding.fact}: {finding.value}' is not in the vocabulary of {pack.id}")


def _not_among(kind: str, named: Iterable[str], known: set[str], source: Source) -> Iterator[Problem]:
    for name in named:
        if name not in known:
            yield source.problem((), f"unknown {kind} '{name}'", expected_one_of(name, known))


def _parted_families(cases: list[GoldCase], places: dict[str, tuple[str, int]]) -> Iterator[Problem]:
    part_of: dict[str, GoldCase] = {}
    for gold in cases:
        first = part_of.setdefault(gold.family, gold)
        if first.part != gold.part:
            message = f"family '{gold.family}' is in '{gold.part}' here and in '{first.part}' elsewhere"
            yield Problem(*places[gold.id], message, "a family never leaves its part")
