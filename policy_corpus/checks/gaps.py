"""Gaps: situations with something grave in them for which the policy has nothing but its fallback.

Found by a solver under the vocabulary's constraints and made minimal: no fact is named that the gap doesn't need. Two
kinds: in a *closed* gap what else is found can rule out every clause, so that no answer ever comes; in an *open* one no
clause is met only as long as the rest is unknown. Closed ones come first.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_corpus.checks.examination import Examination
from policy_corpus.checks.issues import Issue, Severity, facts_in_words
from policy_corpus.checks.worlds import Claim, World, as_findings
from policy_corpus.clauses import Clause
from policy_corpus.criteria import Node, Outcome
from policy_corpus.normal_form import failed

NAME = "gap"
MOST = 20
MANY = 6
"""More facts than this are counted instead of named."""


def find(seen: Examination) -> Iterator[Issue]:
    """At most twenty gaps, each with other grave facts than those before it."""
    ruled_out = [Claim(failed(clause.criteria, seen.pack.vocabulary)) for clause in seen.deciding]
    unmet = [Claim(seen.tree(clause), true=False) for clause in seen.deciding]
    told: list[World] = []
    for claims in (ruled_out, unmet):
        for world, closing in _gaps(claims, unmet, told, seen):
            told.append(_grave(world, seen))
            yield _issue(world, told[-1], closing if claims is ruled_out else {}, seen)
            if len(told) == MOST:
                return


def _gaps(
    claims: list[Claim], unmet: list[Claim], told: list[World], seen: Examination
) -> Iterator[tuple[World, World]]:
    """Worlds in which something grave is met by no clause, and what more must be known for the claims to hold."""
    grave = Claim(Node(any=tuple(_atom(fact, value) for fact, value in _grave_values(seen))))
    with seen.worlds.where(claims):
        while True:
            others = [Claim(_all(world), true=False) for world in told]
            found = seen.worlds.find(grave, *others)
            if found is None:
                return
            whole = seen.worlds.simplest(found, (*claims, grave, *others))
            world = seen.worlds.simplest(whole, (*unmet, grave, *others))
            yield world, {fact: value for fact, value in whole.items() if fact not in world}


def _issue(world: World, grave: World, closing: World, seen: Examination) -> Issue:
    message = f"no clause is met with {facts_in_words(world)}"
    if len(closing) > MANY:
        message += f", and {len(closing)} further facts can rule out every one"
    elif closing:
        message += f", and none can be with {facts_in_words(closing)}"
    hint = "add a clause, widen one, or declare a constraint if this can't occur"
    if nearest := _nearest(world, grave, seen):
        clause, missing = nearest
        hint += f"; nearest is '{clause.ref}', which still asks for {', '.join(missing)}"
    at = (seen.pack.vocabulary, ("facts", next(iter(grave)), "raises_severity"))
    return seen.issue(NAME, Severity.WARNING, [f"{fact}={value}" for fact, value in grave.items()], at, message, hint)


def _nearest(world: World, grave: World, seen: Examination) -> tuple[Clause, list[str]] | None:
    """The clause on the grave facts that is still open and asks for the fewest further facts, if any."""
    best: tuple[tuple[bool, int, str], Clause, list[str]] | None = None
    for clause in seen.deciding:
        verdict = clause.criteria.evaluate(as_findings(world))
        if verdict.outcome is Outcome.UNDECIDED and clause.criteria.facts() & grave.keys():
            order = (not verdict.rests_on & grave.keys(), len(verdict.missing), clause.ref)
            if best is None or order < best[0]:
                best = (order, clause, sorted(verdict.missing))
    return best[1:] if best else None


def _grave_values(seen: Examination) -> Iterator[tuple[str, str]]:
    for name, fact in seen.pack.vocabulary.facts.items():
        for value in fact.raises_severity:
            yield name, value


def _grave(world: World, seen: Examination) -> World:
    grave = set(_grave_values(seen))
    return {fact: value for fact, value in world.items() if (fact, value) in grave}


def _atom(fact: str, value: str) -> Node:
    return Node(fact=fact, values=frozenset({value}))


def _all(world: World) -> Node:
    return Node(all=tuple(_atom(fact, value) for fact, value in world.items()))
