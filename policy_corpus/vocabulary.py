"""The vocabulary: the facts that decide cases, each with finite values."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Literal, Self

from pydantic import model_validator

from policy_corpus.base import Strict
from policy_corpus.criteria import UNKNOWN, Criteria


class Scope(StrEnum):
    """What a fact is a fact about."""

    CASE = "case"
    PARTY = "party"


class Fact(Strict):
    """One fact that decides cases. Values exclude each other; what can hold together is two facts."""

    title: str
    definition: str
    about: Scope = Scope.CASE
    values: dict[str, str]
    """Value to what it means; always including `unknown`."""
    shown_by: str = ""
    """How the fact is shown in a case: what an analyst would point at."""
    from_words: bool = True
    """Whether a case's words can show it. Metadata, records and the service's own settings show the others."""
    unknown_means: str = ""
    """What follows when the fact can't be established."""
    raises_severity: tuple[str, ...] = ()
    """Values that make a case graver; the gap check looks for such values that no clause answers."""

    @model_validator(mode="after")
    def _has_unknown(self) -> Self:
        if UNKNOWN not in self.values:
            raise ValueError("values must include 'unknown'; add it with what it means")
        if odd := sorted(set(self.raises_severity) - set(self.values)):
            raise ValueError(f"raises_severity names '{odd[0]}', which is not one of the values")
        return self


class Constraint(Strict):
    """A combination of facts that can't occur; the checks leave it out of account."""

    never: Criteria
    reason: str


class Implication(Strict):
    """What follows from other facts by their definitions, so that nobody has to find it a second time.

    Where the facts of a party in the role `of` (or, without one, of any party judged) meet `when`, the facts in `then`
    hold too: about the case, about whose conduct is judged, or about that party.
    """

    of: Literal["subject", "affected_child", "reporter"] | None = None
    when: Criteria
    then: dict[str, str]
    about: Literal["case", "judged", "same"] = "case"
    reason: str


class Vocabulary(Strict):
    """All facts of a pack, by name."""

    format: int = 1
    facts: dict[str, Fact]
    constraints: tuple[Constraint, ...] = ()
    implications: tuple[Implication, ...] = ()

    def __contains__(self, fact: object) -> bool:
        return fact in self.facts

    def allows(self, fact: str, value: str) -> bool:
        """Whether `value` is one of the fact's values."""
        return fact in self.facts and value in self.facts[fact].values

    def scope(self, fact: str) -> Scope:
        """What the fact is about; an unknown fact is taken to be about the case."""
        return self.facts[fact].about if fact in self.facts else Scope.CASE

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every (fact, value) of the vocabulary."""
        for name, fact in self.facts.items():
            for value in fact.values:
                yield name, value
