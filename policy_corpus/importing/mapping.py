"""The mapping file: which of a team's columns holds which of our fields, and what its values mean.

format: 1
columns: {id: case_ref, decided: closed_on, facts: summary, rationale: why, plan: outcome, clauses: rule}
constants: {language: en, authority: reviewed, parties: [{id: a, kind: account, role: subject}]}
values:
  plan:
    removed: [{action: remove_content, on: items}]
    no action: []
  clauses: {"4.2": CS-GRO-01@1}
findings:
  age_evidence: {column: age_known, about: a, values: {"yes": minor_verified}}
dates: "%d.%m.%Y"
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from policy_corpus.base import Strict
from policy_corpus.errors import PackError, Problem, expected_one_of
from policy_corpus.importing.errors import ImportFailed
from policy_corpus.pack import Pack
from policy_corpus.precedents import Authority, Precedent
from policy_corpus.sources import Loc, Source, build, read_yaml

FIELDS = frozenset(Precedent.model_fields) - {"format", "synthetic"}
NEEDED = ("id", "decided", "authority", "language", "facts", "rationale")
"""What every row must say, by a column or a constant. What a decision weighs and its language are never guessed."""


class FindingColumn(Strict):
    """A column that holds one fact of the vocabulary."""

    column: str
    about: str | None = None
    """The party that it is about, by its id among the parties; none means the case."""
    values: dict[str, str | None] = {}
    """Their value to ours; none means that the value says nothing."""


class Mapping(Strict):
    """How a team's rows become precedents."""

    format: Literal[1] = 1
    columns: dict[str, str] = {}
    """Our field to their column; in JSONL `outer.inner` reaches into objects."""
    constants: dict[str, Any] = {}
    """Our field to what holds for every row whose column is empty or not named."""
    values: dict[str, dict[str, Any]] = {}
    """Our field to their value to ours; capitals don't matter."""
    findings: dict[str, FindingColumn] = {}
    """Fact to the column that holds it."""
    id_prefix: str = ""
    """Put before every id, so that it can't be mistaken for another precedent's."""
    dates: str = ""
    """The form of `decided` in the manner of strptime; otherwise RFC 3339 dates and times."""
    separator: str = ";"
    """What parts several values in one cell."""
    delimiter: str = ","
    """What parts a CSV file's columns."""

    def named_columns(self) -> dict[str, str]:
        """Every column that is read, with the key of this file that names it."""
        named = {column: f"columns.{field}" for field, column in self.columns.items()}
        return named | {one.column: f"findings.{fact}" for fact, one in self.findings.items()}


def load_mapping(path: Path, pack: Pack) -> Mapping:
    """The mapping of that file.

    Raises:
        ImportFailed: the file can't be read.
        PackError: it is no mapping, or names what neither precedents nor the pack have; all problems at once.
    """
    source = read_yaml(path.name, text_of(path))
    if isinstance(source, Problem):
        raise PackError([source])
    built = build(Mapping, source)
    problems = built if isinstance(built, list) else list(_problems(built, source, pack))
    if isinstance(built, list) or problems:
        raise PackError(problems)
    return built


def text_of(path: Path) -> str:
    """The text of a file that a team brings, with or without a byte-order mark."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ImportFailed(f"'{path.name}' is not UTF-8 text", "save or export the file as UTF-8") from None
    except OSError as error:
        raise ImportFailed(f"can't read '{path.name}': {error.strerror}", "check name and permissions") from error


def _problems(mapping: Mapping, source: Source, pack: Pack) -> Iterator[Problem]:
    for part in ("columns", "constants", "values"):
        for field in getattr(mapping, part):
            yield from _known_field(field, source, (part, field))
    for field in NEEDED:
        if field not in mapping.columns and field not in mapping.constants:
            yield source.problem((), f"nothing gives '{field}'", f"add it to 'columns' or to 'constants': {field}: …")
    yield from _authorities(mapping, source)
    yield from _facts(mapping, source, pack)
    if len(mapping.delimiter) != 1 or not mapping.separator:
        yield source.problem((), "a delimiter is one character and a separator at least one", "such as ',' and ';'")


def _known_field(field: str, source: Source, loc: Loc) -> Iterator[Problem]:
    if field == "synthetic":
        yield source.problem(loc, "imported decisions were made by people; none is synthetic", "take the line out")
    elif field not in FIELDS:
        yield source.problem(loc, f"precedents have no field '{field}'", expected_one_of(field, FIELDS))


def _authorities(mapping: Mapping, source: Source) -> Iterator[Problem]:
    given: dict[tuple[str, ...], Any] = {("constants", "authority"): mapping.constants.get("authority")}
    given |= {("values", "authority", theirs): ours for theirs, ours in mapping.values.get("authority", {}).items()}
    for loc, value in given.items():
        if value == Authority.ILLUSTRATIVE:
            hint = f"expected one of: {', '.join(one for one in Authority if one is not Authority.ILLUSTRATIVE)}"
            yield source.problem(loc, "a decision that was made is not illustrative", hint)


def _facts(mapping: Mapping, source: Source, pack: Pack) -> Iterator[Problem]:
    for fact, column in mapping.findings.items():
        if fact not in pack.vocabulary:
            hint = expected_one_of(fact, pack.vocabulary.facts)
            yield source.problem(("findings", fact), f"unknown fact '{fact}'", hint)
            continue
        for theirs, ours in column.values.items():
            if ours is not None and not pack.vocabulary.allows(fact, ours):
                hint = expected_one_of(ours, pack.vocabulary.facts[fact].values)
                loc = ("findings", fact, "values", theirs)
                yield source.problem(loc, f"unknown value '{ours}' of fact '{fact}'", hint)
