"""Worlds: situations that can occur under a vocabulary, found by a solver.

In a world every fact has exactly one value, `unknown` among them, and every constraint of the vocabulary holds.
Questions such as "can both be met?" go to Z3's finite-domain solver; this is the only module that knows Z3, which has
no types. Method: one Boolean for each fact and value, exactly one of them true for each fact (one-hot encoding).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import z3

from policy_corpus.criteria import UNKNOWN, Node
from policy_corpus.normal_form import holds, met
from policy_corpus.vocabulary import Vocabulary

_TRUE = re.compile(r"\(define-fun v(\d+) \(\) Bool\s+true\)")

World = Mapping[str, str]
"""The established facts of a situation; every other fact is unknown."""


def as_findings(world: World) -> dict[str, frozenset[str]]:
    """The world as findings that criteria can be evaluated over."""
    return {fact: frozenset({value}) for fact, value in world.items()}


@dataclass(frozen=True, slots=True)
class Claim:
    """That a tree in normal form holds, or that it doesn't."""

    tree: Node
    true: bool = True

    def denied(self) -> Claim:
        return Claim(self.tree, not self.true)

    def holds(self, world: World) -> bool:
        return holds(self.tree, as_findings(world)) is self.true


class Worlds:
    """All situations that can occur under a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        bars = [Claim(met(constraint.never, vocabulary), true=False) for constraint in vocabulary.constraints]
        self._bars = [(bar, bar.tree.facts()) for bar in bars]
        # A context of its own: Z3's default one is shared by the whole process and not safe across threads.
        self._context = z3.Context()
        self._solver = z3.SolverFor("QF_FD", ctx=self._context)
        self._formulas: dict[int, tuple[Node, Any]] = {}
        self._atoms = {pair: z3.Bool(f"v{n}", self._context) for n, pair in enumerate(vocabulary.pairs())}
        self._encode_facts()

    def _encode_facts(self) -> None:
        for name, fact in self.vocabulary.facts.items():
            values = [self._atoms[name, value] for value in fact.values]
            self._solver.add(z3.PbEq([(value, 1) for value in values], 1))
        for bar, _ in self._bars:
            self._solver.add(self._said(bar))

    @contextmanager
    def where(self, claims: Iterable[Claim]) -> Iterator[None]:
        """Within it, only worlds in which all claims hold."""
        self._solver.push()
        try:
            for claim in claims:
                self._solver.add(self._said(claim))
            yield
        finally:
            self._solver.pop()

    def can(self, *claims: Claim) -> bool:
        """Whether there is a world in which all claims hold."""
        with self.where(claims):
            return bool(self._solver.check() == z3.sat)

    def find(self, *claims: Claim) -> World | None:
        """Some world in which all claims hold, or none where there is no such world."""
        with self.where(claims):
            return self._model() if self._solver.check() == z3.sat else None

    def fits(self, world: World, claims: Iterable[Claim]) -> bool:
        """Whether the world can occur and all claims hold in it."""
        held = as_findings(world)
        bars = (bar for bar, _ in self._bars)
        return all(holds(claim.tree, held) is claim.true for claim in (*claims, *bars))

    def clash(self, claims: Sequence[Claim]) -> tuple[int, ...]:
        """Positions of claims that can't hold together within `where`; empty where all of them can."""
        marks = [z3.Bool(f"claim {number}", self._context) for number in range(len(claims))]
        with self.where(()):
            for mark, claim in zip(marks, claims, strict=True):
                self._solver.add(z3.Implies(mark, self._said(claim)))
            if self._solver.check(*marks) == z3.sat:
                return ()
            core = {str(mark) for mark in self._solver.unsat_core()}
        return tuple(number for number, mark in enumerate(marks) if str(mark) in core)

    def simplest(self, world: World, claims: Iterable[Claim]) -> World:
        """The world with every fact left open that need not be known for the claims to hold."""
        concerned: dict[str, list[Claim]] = {fact: [] for fact in world}
        for claim, facts in (*((claim, claim.tree.facts()) for claim in claims), *self._bars):
            for fact in facts & world.keys():
                concerned[fact].append(claim)
        left, tried = as_findings(world), 0
        # What couldn't be left open at first may be once other facts are: again until nothing changes.
        while tried != len(left):
            tried = len(left)
            for fact in [fact for fact in world if fact in left]:
                value = left.pop(fact)
                if not all(holds(claim.tree, left) is claim.true for claim in concerned[fact]):
                    left[fact] = value
        return {fact: world[fact] for fact in self.vocabulary.facts if fact in left}

    def _said(self, claim: Claim) -> Any:
        formula = self._formula(claim.tree)
        return formula if claim.true else z3.Not(formula)

    def _formula(self, tree: Node) -> Any:
        kept = self._formulas.get(id(tree))
        if kept is None:
            # The tree is kept, too, so that its id is not given to another one.
            kept = self._formulas[id(tree)] = (tree, self._built(tree))
        return kept[1]

    def _built(self, tree: Node) -> Any:
        if tree.fact is not None:
            known = self.vocabulary.facts[tree.fact].values
            atoms = [self._atoms[tree.fact, value] for value in known if value in tree.values]
            return z3.Or(atoms, self._context)
        parts = [self._built(child) for child in tree.children()]
        return z3.Or(parts, self._context) if tree.any is not None else z3.And(parts, self._context)

    def _model(self) -> World:
        # One text for the whole model: asking Z3 for each Boolean takes a hundred times as long.
        true = {int(number) for number in _TRUE.findall(self._solver.model().sexpr())}
        pairs = (pair for number, pair in enumerate(self._atoms) if number in true)
        return {fact: value for fact, value in pairs if value != UNKNOWN}
