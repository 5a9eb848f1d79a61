"""Priorities: which clauses give way to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policy_corpus.clauses import Clause

Displaces = Mapping[str, frozenset[str]]
"""Clause id to the ids of the clauses that give way to it."""


def displaces(clauses: Iterable[Clause]) -> Displaces:
    """Which clauses give way to which, where both are met.

    `outranks` is an order, so it carries on: what a clause outranks, and what that outranks. An exception displaces
    only the rule that names it: an exception to an exception says nothing about the rule. Of several versions of a
    clause the last one given counts.
    """
    rules = {clause.id: clause for clause in clauses}
    ranked = {id: set(clause.outranks) for id, clause in rules.items()}
    excepted: dict[str, set[str]] = {}
    for id, clause in rules.items():
        for winner in clause.exceptions:
            excepted.setdefault(winner, set()).add(id)
    return {
        id: frozenset((_reached(id, ranked) | excepted.get(id, set())) - {id}) for id in ranked.keys() | excepted.keys()
    }


def _reached(start: str, ranked: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = [start]
    while ahead:
        for loser in ranked.get(ahead.pop(), set()) - found:
            found.add(loser)
            ahead.append(loser)
    return found
