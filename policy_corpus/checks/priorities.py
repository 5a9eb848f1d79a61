"""Priorities that go round in circles: each of two clauses would displace the other, so neither would answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy_corpus.checks.examination import Examination
from policy_corpus.checks.issues import Issue, Severity
from policy_corpus.clauses import Clause

NAME = "circular-priority"


def find(seen: Examination) -> Iterator[Issue]:
    """Every circle of `outranks` and `exceptions`, once."""
    rules = {clause.id: clause for clause in sorted(seen.pack.clauses, key=lambda clause: clause.version)}
    gives_way: dict[str, list[str]] = {id: sorted(_winners(id, rules)) for id in rules}
    for circle in _circles(gives_way):
        first = rules[circle[0]]
        field = "exceptions" if set(first.exceptions) & set(circle) else "outranks"
        if first.id in first.outranks or first.id in first.exceptions:
            message = f"'{first.id}' is to displace itself"
        else:
            message = "clauses displace each other in a circle: " + " gives way to ".join((*circle, circle[0]))
        hint = "take one of these entries out of outranks or exceptions"
        yield seen.issue(NAME, Severity.ERROR, sorted(circle), (first, (field,)), message, hint)


def _winners(id: str, rules: Mapping[str, Clause]) -> set[str]:
    return {other.id for other in rules.values() if id in other.outranks} | set(rules[id].exceptions)


def _circles(edges: Mapping[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """The shortest circle through each clause that has one, each set of clauses once."""
    told: set[frozenset[str]] = set()
    for start in sorted(edges):
        circle = _way_back(start, edges)
        if circle and frozenset(circle) not in told and not any(set(circle) >= known for known in told):
            told.add(frozenset(circle))
            yield circle


def _way_back(start: str, edges: Mapping[str, list[str]]) -> tuple[str, ...]:
    ahead: list[tuple[str, ...]] = [(start,)]
    reached: set[str] = set()
    for path in ahead:
        for following in edges.get(path[-1], ()):
            if following == start:
                return path
            if following not in reached:
                reached.add(following)
                ahead.append((*path, following))
    return ()
