"""Questions: what is searched for, among what, and what ought to be found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from policy_corpus import Clause, Pack, Passage, Precedent
from retrieval.where import CITABLE

Kind = Literal["clause", "precedent"]
Findings = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Question:
    """One text, and the targets that a good search brings up for it."""

    id: str
    text: str
    relevant: tuple[str, ...]
    """The main one first; empty where nobody has said, which is unscored."""
    family: str
    """Questions that rise and fall together, for intervals."""
    pack: Pack
    """What may be known to the search: without the question's own answer."""
    as_of: date
    findings: Findings = field(default_factory=dict)
    """What is established in the case, for a search that takes findings."""


@dataclass(frozen=True)
class Task:
    """A set of questions with its measures."""

    name: str
    kind: Kind
    """What is searched for."""
    questions: tuple[Question, ...]
    measures: tuple[str, ...]
    """`R@k`, `RR` (ir-measures); `top-k`: any relevant one within k; `main@k`: the main one within k."""
    target: Callable[[Pack, str], str]
    """What a passage's source counts as, such as a clause's id without version."""
    notes: tuple[str, ...] = ()
    with_findings: bool = False
    """Whether ours is also measured with what the case's findings say."""


def clause_id(pack: Pack, source: str) -> str:
    """The clause's id without version."""
    clause = pack.clause(source)
    return clause.id if clause else source


def area(pack: Pack, source: str) -> str:
    clause = pack.clause(source)
    return clause.area if clause else source


def itself(pack: Pack, source: str) -> str:
    return source


def passages(question: Question, kind: Kind) -> list[Passage]:
    """The passages that may come back for the question: of clauses in force, or of citable precedents."""
    sources: list[Clause | Precedent] = []
    if kind == "clause":
        sources += question.pack.in_force(question.as_of)
    else:
        sources += [one for one in question.pack.precedents if one.status in CITABLE]
    return [passage for source in sources for passage in source.passages()]
