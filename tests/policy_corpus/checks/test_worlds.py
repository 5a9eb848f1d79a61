"""The solver finds a situation exactly where trying every one of them does."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

from policy_corpus import Node, Vocabulary
from policy_corpus.checks.worlds import Claim, World, Worlds
from policy_corpus.criteria import UNKNOWN, parse
from policy_corpus.normal_form import met

VALUES = {"a": "A", "b": "B", UNKNOWN: "Open"}
FACTS = ("one", "two", "three", "four")
NEVER: tuple[dict[str, object], ...] = (
    {"one": ["a"], "two": ["a"]},
    {"not": {"three": ["a"]}, "four": ["b"]},
    {"any": [{"one": ["b"], "three": [UNKNOWN]}, {"two": ["b"], "four": ["a"]}]},
)
VOCABULARY = Vocabulary.model_validate(
    {
        "facts": {fact: {"title": "F", "definition": "F", "values": VALUES} for fact in FACTS},
        "constraints": [{"never": never, "reason": "R"} for never in NEVER],
    }
)


def _all_worlds() -> Iterator[World]:
    for values in product(VALUES, repeat=len(FACTS)):
        held = {fact: frozenset({value}) for fact, value in zip(FACTS, values, strict=True)}
        if not any(parse(never).evaluate(held).outcome == "meets" for never in NEVER):
            yield {fact: value for fact, value in zip(FACTS, values, strict=True) if value != UNKNOWN}


def _tree(rng: random.Random, depth: int) -> dict[str, object]:
    if depth == 0 or rng.random() < 0.3:
        return {rng.choice(FACTS): rng.sample(sorted(VALUES), rng.randint(1, 2))}
    children = [_tree(rng, depth - 1) for _ in range(rng.randint(1, 3))]
    return rng.choice(({"all": children}, {"any": children}, {"not": children[0]}))


def _claims(rng: random.Random) -> list[Claim]:
    trees: list[Node] = [met(parse(_tree(rng, 3)), VOCABULARY) for _ in range(rng.randint(1, 3))]
    return [Claim(tree, rng.random() < 0.6) for tree in trees]


def test_every_situation_is_found_and_no_other() -> None:
    rng = random.Random(11)
    worlds, every = Worlds(VOCABULARY), list(_all_worlds())
    impossible = 0
    for _ in range(500):
        claims = _claims(rng)
        fitting = [world for world in every if all(claim.holds(world) for claim in claims)]
        found = worlds.find(*claims)
        assert worlds.can(*claims) is bool(fitting), claims
        assert (found in fitting) if fitting else found is None
        assert bool(worlds.clash(claims)) is not bool(fitting)
        impossible += not fitting
    assert 50 < impossible < 450


def test_the_simplest_situation_needs_every_fact_that_it_names() -> None:
    rng = random.Random(13)
    worlds, every = Worlds(VOCABULARY), list(_all_worlds())
    for _ in range(300):
        claims = _claims(rng)
        found = worlds.find(*claims)
        if found is None:
            continue
        simple = worlds.simplest(found, claims)
        assert simple in every
        assert all(claim.holds(simple) for claim in claims)
        for fact in simple:
            fewer = {name: value for name, value in simple.items() if name != fact}
            assert fewer not in every or not all(claim.holds(fewer) for claim in claims)


def test_claims_that_clash_are_named() -> None:
    claims = [Claim(parse({"one": ["a"]})), Claim(parse({"four": ["a"]})), Claim(parse({"two": ["a"]}))]
    assert Worlds(VOCABULARY).clash(claims) == (0, 2)
