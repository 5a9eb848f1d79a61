"""Criteria: when a clause or duty applies, as data that can be evaluated, reasoned over and shown.

Written as `all / any / not` over `{fact: [values]}` and evaluated three-valued: a fact that nobody has established
makes the answer *undecided*, never *fails*, and the facts that would settle it are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

UNKNOWN = "unknown"
_MOST_SAID = 128
"""Verdicts that a tree remembers; when there are more, it begins anew."""
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
        return self._facts

    # A tree is evaluated for every case, against few facts: what it says without any of its own is worked out once.
    @cached_property
    def _facts(self) -> frozenset[str]:
        return frozenset(atom.fact for atom in self.atoms() if atom.fact is not None)

    @cached_property
    def _order(self) -> tuple[str, ...]:
        return tuple(self._facts)

    @cached_property
    def _said(self) -> dict[tuple[Reading | frozenset[str] | None, ...], Verdict]:
        """Verdicts by the reading and the values of each fact in order."""
        return {}

    @cached_property
    def _blank(self) -> Verdict:
        """What the tree says where nothing is known; that is the same in every reading."""
        return self._evaluated({}, Reading.STRICT)

    @cached_property
    def _sayings(self) -> Mapping[Outcome, Verdict]:
        """What an atom can say."""
        own = self._facts
        return {
            Outcome.MEETS: Verdict(outcome=Outcome.MEETS, rests_on=own),
            Outcome.FAILS: Verdict(outcome=Outcome.FAILS, rests_on=own),
            Outcome.UNDECIDED: Verdict(outcome=Outcome.UNDECIDED, missing=own),
        }

    def children(self) -> tuple[Node, ...]:
        if self.negated is not None:
            return (self.negated,)
        return self.all or self.any or ()

    def evaluate(self, findings: Findings, reading: Reading = Reading.STRICT) -> Verdict:
        """Three-valued evaluation (Kleene's strong logic) of this tree over `findings`.

        `unknown` counts as met only where the criteria list it. `reading` says what contested facts count as.
        """
        if self._facts.isdisjoint(findings):
            return self._blank
        # Nothing else decides, and the same few facts come with the same values in case after case.
        asked = (reading, *map(findings.get, self._order))
        found = self._said.get(asked)
        if found is None:
            if len(self._said) >= _MOST_SAID:
                self._said.clear()
            found = self._said[asked] = self._evaluated(findings, reading)
        return found

    def is_met(self, findings: Findings) -> bool:
        """Whether `evaluate` says `meets`, sooner, for those who try many findings and need no more."""
        if self.fact is not None:
            return (findings.get(self.fact) or _OPEN) <= self.values
        if self.negated is not None:
            return self.negated._is_failed(findings)
        if self.any is not None:
            return any(child.is_met(findings) for child in self.any)
        return all(child.is_met(findings) for child in self.all or ())

    def _is_failed(self, findings: Findings) -> bool:
        if self.fact is not None:
            found = findings.get(self.fact) or _OPEN
            return UNKNOWN not in found and found.isdisjoint(self.values)
        if self.negated is not None:
            return self.negated.is_met(findings)
        if self.any is not None:
            return all(child._is_failed(findings) for child in self.any)
        return any(child._is_failed(findings) for child in self.all or ())

    def _evaluated(self, findings: Findings, reading: Reading) -> Verdict:
        if self.fact is not None:
            return self._sayings[_atom(self.values, findings.get(self.fact) or _OPEN, reading)]
        if self.negated is not None:
            verdict = self.negated._evaluated(findings, _NEGATED[reading])
            return replace(verdict, outcome=_OPPOSITE[verdict.outcome])
        parts = [
            child._blank if child._facts.isdisjoint(findings) else child._evaluated(findings, reading)
            for child in self.children()
        ]
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


_OPEN = frozenset({UNKNOWN})


def _atom(allowed: frozenset[str], found: frozenset[str], reading: Reading) -> Outcome:
    if not found.isdisjoint(allowed) if reading is Reading.MOST else found <= allowed:
        return Outcome.MEETS
    if reading is Reading.LEAST:
        fails = bool(found - allowed - _OPEN)
    else:
        fails = found.isdisjoint(allowed) and UNKNOWN not in found
    return Outcome.FAILS if fails else Outcome.UNDECIDED


def _combine(parts: list[Verdict], *, decisive: Outcome, otherwise: Outcome) -> Verdict:
    deciders = [part.rests_on for part in parts if part.outcome is decisive]
    if deciders:
        return Verdict(decisive, _NONE, _NONE.union(*deciders))
    rests_on = _NONE.union(*[part.rests_on for part in parts])
    # Only what is undecided misses something.
    if missing := _NONE.union(*[part.missing for part in parts]):
        return Verdict(Outcome.UNDECIDED, missing, rests_on)
    return Verdict(otherwise, _NONE, rests_on)


_NONE: frozenset[str] = frozenset()


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
