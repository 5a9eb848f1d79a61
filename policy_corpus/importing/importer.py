"""Imports a team's own decisions: what can be used, what is wrong, and what may identify somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pydantic import BaseModel

from policy_corpus.actions import Actions
from policy_corpus.duties import Duties
from policy_corpus.importing.converting import PROSE, precedent
from policy_corpus.importing.errors import RowProblem
from policy_corpus.importing.identifiers import mentions
from policy_corpus.importing.mapping import Mapping
from policy_corpus.importing.rows import Row, rows
from policy_corpus.pack import Pack
from policy_corpus.precedents import Precedent
from policy_corpus.references import check_references
from policy_corpus.sources import Source


@dataclass(frozen=True, slots=True, order=True)
class Identifying:
    """A place in a row that may identify somebody."""

    path: str
    line: int
    column: str
    character: int
    """Where in the cell it begins, counted from 1."""
    kind: str
    masked: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}"
        return f"{place}: {self.kind} at character {self.character}, {self.masked}; take it out of the text"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found. `precedents` may be used; the rest says why a row is not among them."""

    precedents: tuple[Precedent, ...]
    problems: tuple[RowProblem, ...] = ()
    warnings: tuple[Identifying, ...] = ()
    withheld: int = 0
    """Rows that are in order, and left out because something in them may identify somebody."""


def import_precedents(file: Path, mapping: Mapping, pack: Pack, *, accept_warned: bool = False) -> Imported:
    """The file's rows as precedents of that pack; a row that is wrong doesn't stop the others.

    Args:
        pack: what the rows may refer to; without those precedents that they are going to replace.
        accept_warned: also take rows in which something may identify somebody, after a person has read them.

    Raises:
        ImportFailed: the file can't be read.
        PackError: the mapping names a column that the file doesn't have.
    """
    made: dict[str, tuple[Row, Precedent]] = {}
    problems: list[RowProblem] = []
    for row in rows(file, mapping):
        if isinstance(row, RowProblem):
            problems.append(row)
            continue
        built = precedent(row, mapping, pack.vocabulary)
        wrong = built if isinstance(built, tuple) else tuple(_doubled(row, built, made, pack))
        problems.extend(wrong)
        if isinstance(built, Precedent) and not wrong:
            made[built.id] = row, built
    warnings = {id: tuple(_identifying(row, one)) for id, (row, one) in made.items()}
    withheld = set() if accept_warned else {id for id, found in warnings.items() if found}
    usable = {id: pair for id, pair in made.items() if id not in withheld}
    problems.extend(_take_out_dangling(usable, pack))
    return Imported(
        precedents=tuple(one for _, one in usable.values()),
        problems=tuple(sorted(problems)),
        warnings=tuple(sorted(chain.from_iterable(warnings.values()))),
        withheld=len(withheld),
    )


def _doubled(row: Row, built: Precedent, made: dict[str, tuple[Row, Precedent]], pack: Pack) -> Iterator[RowProblem]:
    if built.id in made:
        hint = f"it is first in line {made[built.id][0].line()}; give one another id"
        yield row.problem(("id",), f"precedent '{built.id}' stands here again", hint)
    elif pack.precedent(built.id) is not None:
        yield row.problem(("id",), f"the pack has a precedent '{built.id}' already", "set 'id_prefix' in the mapping")


def _take_out_dangling(usable: dict[str, tuple[Row, Precedent]], pack: Pack) -> list[RowProblem]:
    """Takes out rows that name what isn't there, until none does: a row that goes may be another's successor."""
    problems: list[RowProblem] = []
    while found := _dangling(usable, pack):
        problems.extend(found)
        lines = {problem.line for problem in found}
        for id in [id for id, (row, _) in usable.items() if row.line() in lines]:
            del usable[id]
    return problems


def _dangling(usable: dict[str, tuple[Row, Precedent]], pack: Pack) -> list[RowProblem]:
    source_of: dict[int, Source] = {id(one): row for row, one in usable.values()}
    elsewhere = Source(pack.id, {})

    def source(built: BaseModel) -> Source:
        return source_of.get(id(built), elsewhere)

    found = check_references(
        pack.manifest, pack.vocabulary, Actions(actions=pack.actions), Duties(duties=pack.duties), pack.clauses,
        (*pack.precedents, *(one for _, one in usable.values())), source,
    )  # fmt: skip
    return [problem for problem in found if isinstance(problem, RowProblem)]


def _identifying(row: Row, one: Precedent) -> Iterator[Identifying]:
    """Every text that a reader of the precedent would see, in the cells that gave it."""
    texts = [*((name, str(getattr(one, name))) for name in (*PROSE, "id", "surface", "family", "area", "language"))]
    texts += [("plan", step.note) for step in one.plan] + [("parties", party.id) for party in one.parties]
    for name, text in texts:
        for mention in mentions(text):
            # An id may well be a long number: the team's own reference, which names nobody to others.
            if name == "id" and mention.kind in ("long number", "phone number"):
                continue
            column = row.columns.get(name, name)
            yield Identifying(row.path, row.line(), column, mention.start + 1, mention.kind, mention.masked)
