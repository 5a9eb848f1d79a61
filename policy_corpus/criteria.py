"""Criteria: when a clause or duty applies, as data that can be evaluated, reasoned over and shown.

Written as `all / any / not` over `{fact: [values]}` and evaluated three-valued: a fact that nobody has established
makes the answer *undecided*, never *fails*, and the facts that would settle it are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

UNKNOWN = "unknown"
Findings = Mapping[str, frozenset[str]]


class Outcome(StrEnum):
    MEETS = "meets"
    FAILS = "fails"
    UNDECIDED = "undecided"


class Reading(Enum):
    """What a fact with several values counts as."""

    STRICT = "strict"
    """Met only where all values are allowed, failed only where none is, otherwise undecided."""
    MOST = "most"
    """As met as any one value makes it: for what must not be missed."""
    LEAST = "least"
    """As little met as any one value makes it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What criteria say about findings."""

    outcome: Outcome
    missing: frozenset[str] = frozenset()
    """Facts that are unknown or contested and that would settle an undecided outcome."""
    rests_on: frozenset[str] = frozenset()
    """Facts whose established values produced the outcome."""


class Node(BaseModel):
    """One node of a criteria tree: exactly one of the four forms is set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    all: tuple[Node, ...] | None = None
    any: tuple[Node, ...] | None = None
    negated: Node | None = None
    fact: str | None = None
    values: frozenset[str] = frozenset()

    def atoms(self) -> Iterator[Node]:
        """Every `{fact: [values]}` in the tree, left to right."""
        if self.fact is not None:
            yield self
        for child in self.children():
            yield from child.atoms()

    def facts(self) -> frozenset[str]:
        return frozenset(atom.fact for atom in self.atoms() if atom.fact is not None)

    def children(self) -> tuple[Node, ...]:
        if self.negated is not None:
            return (self.negated,)
        return self.all or self.any or ()

    def evaluate(self, findings: Findings, reading: Reading = Reading.STRICT) -> Verdict:
        """Three-valued evaluation (Kleene's strong logic) of this tree over `findings`.

        `unknown` counts as met only where the criteria list it. `reading` says what contested facts count as.
        """
        if self.fact is not None:
            return _atom(self.fact, self.values, findings, reading)
        if self.negated is not None:
            verdict = self.negated.evaluate(findings, _NEGATED[reading])
            return replace(verdict, outcome=_OPPOSITE[verdict.outcome])
        parts = [child.evaluate(findings, reading) for child in self.children()]
        if self.any is not None:
            return _combine(parts, decisive=Outcome.MEETS, otherwise=Outcome.FAILS)
        return _combine(parts, decisive=Outcome.FAILS, otherwise=Outcome.MEETS)

    def as_data(self) -> dict[str, Any]:
        """The tree in the form in which people write it."""
        if self.fact is not None:
            return {self.fact: sorted(self.values)}
        if self.negated is not None:
            return {"not": self.negated.as_data()}
        key = "any" if self.any is not None else "all"
        return {key: [child.as_data() for child in self.children()]}


_OPPOSITE = {
    Outcome.MEETS: Outcome.FAILS,
    Outcome.FAILS: Outcome.MEETS,
    Outcome.UNDECIDED: Outcome.UNDECIDED,
}


_NEGATED = {Reading.STRICT: Reading.STRICT, Reading.MOST: Reading.LEAST, Reading.LEAST: Reading.MOST}


def _atom(fact: str, allowed: frozenset[str], findings: Findings, reading: Reading) -> Verdict:
    found = findings.get(fact) or frozenset({UNKNOWN})
    meets = bool(found & allowed) if reading is Reading.MOST else found <= allowed
    if meets:
        return Verdict(outcome=Outcome.MEETS, rests_on=frozenset({fact}))
    against = found - allowed - {UNKNOWN}
    fails = bool(against) if reading is Reading.LEAST else not found & (allowed | {UNKNOWN})
    if fails:
        return Verdict(outcome=Outcome.FAILS, rests_on=frozenset({fact}))
    return Verdict(outcome=Outcome.UNDECIDED, missing=frozenset({fact}))


def _combine(parts: list[Verdict], *, decisive: Outcome, otherwise: Outcome) -> Verdict:
    deciders = [part for part in parts if part.outcome is decisive]
    if deciders:
        return Verdict(outcome=decisive, rests_on=frozenset().union(*(part.rests_on for part in deciders)))
    missing = frozenset().union(*(part.missing for part in parts))
    rests_on = frozenset().union(*(part.rests_on for part in parts))
    if any(part.outcome is Outcome.UNDECIDED for part in parts):
        return Verdict(outcome=Outcome.UNDECIDED, missing=missing, rests_on=rests_on)
    return Verdict(outcome=otherwise, rests_on=rests_on)


def parse(data: Any) -> Node:
    """Criteria from the written form.

    Raises:
        ValueError: what is wrong and what was expected, without a place (the loader knows that).
    """
    if isinstance(data, Node):
        return data
    if not isinstance(data, Mapping) or not data:
        raise ValueError("criteria must be a mapping: all, any, not, or fact: [values]")
    nodes = tuple(_entry(str(key), value) for key, value in data.items())
    return nodes[0] if len(nodes) == 1 else Node(all=nodes)


def _entry(key: str, value: Any) -> Node:
    if key in ("all", "any"):
        if not isinstance(value, (list, tuple)):
            raise ValueError(f"'{key}' needs a list of criteria")
        children = tuple(parse(item) for item in value)
        if key == "any" and not children:
            raise ValueError("'any' with no alternatives can never be met; list at least one")
        return Node(all=children) if key == "all" else Node(any=children)
    if key == "not":
        return Node(negated=parse(value))
    if not isinstance(value, (list, tuple, set, frozenset)) or not value:
        raise ValueError(f"fact '{key}' needs a list of values, such as {key}: [unknown]")
    if odd := [item for item in value if not isinstance(item, str)]:
        raise ValueError(f"fact '{key}' has a value that is not text: {odd[0]!r}; quote it")
    return Node(fact=key, values=frozenset(value))


Criteria = Annotated[Node, BeforeValidator(parse), PlainSerializer(Node.as_data)]
"""A criteria tree as a model field: accepts and gives back the written form."""

ALWAYS = Node(all=())
