from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_corpus.criteria import _MOST_SAID, ALWAYS, Node, Outcome, Reading, parse

WRITTEN = {"all": [{"a": ["x", "y"]}, {"any": [{"b": ["x"]}, {"not": {"c": ["x"]}}]}]}


@pytest.mark.parametrize(
    ("written", "findings", "outcome", "missing"),
    [
        ({"a": ["x"]}, {"a": "x"}, "meets", ""),
        ({"a": ["x"]}, {"a": "y"}, "fails", ""),
        ({"a": ["x"]}, {}, "undecided", "a"),
        ({"a": ["x"]}, {"a": "xy"}, "undecided", "a"),
        ({"a": ["x", "y"]}, {"a": "xy"}, "meets", ""),
        ({"a": ["x"]}, {"a": "yz"}, "fails", ""),
        ({"a": ["x", "unknown"]}, {}, "meets", ""),
        ({"not": {"a": ["x"]}}, {"a": "x"}, "fails", ""),
        ({"not": {"a": ["x"]}}, {}, "undecided", "a"),
        ({"a": ["x"], "b": ["x"]}, {"a": "x"}, "undecided", "b"),
        ({"a": ["x"], "b": ["x"]}, {"a": "y"}, "fails", ""),
        ({"any": [{"a": ["x"]}, {"b": ["x"]}]}, {"b": "x"}, "meets", ""),
        ({"any": [{"a": ["x"]}, {"b": ["x"]}]}, {"b": "y"}, "undecided", "a"),
        (WRITTEN, {"a": "y", "c": "y"}, "meets", ""),
        (WRITTEN, {"a": "y"}, "undecided", "bc"),
    ],
)
def test_three_valued(written: object, findings: dict[str, str], outcome: str, missing: str) -> None:
    verdict = parse(written).evaluate({fact: frozenset(values) for fact, values in findings.items()})
    assert verdict.outcome == outcome
    assert verdict.missing == frozenset(missing)


def test_no_criteria_are_always_met() -> None:
    assert ALWAYS.evaluate({}).outcome is Outcome.MEETS


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ([], "must be a mapping"),
        ({}, "must be a mapping"),
        ({"any": []}, "can never be met"),
        ({"all": {"a": ["x"]}}, "needs a list"),
        ({"a": "x"}, "needs a list of values"),
        ({"a": []}, "needs a list of values"),
        ({"a": [True]}, "not text: True; quote it"),
    ],
)
def test_what_cannot_be_criteria(written: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(written)


values = st.frozensets(st.sampled_from(["x", "y", "unknown"]), min_size=1)
atoms = st.builds(lambda fact, allowed: Node(fact=fact, values=allowed), st.sampled_from("abc"), values)
trees = st.recursive(
    atoms,
    lambda inner: (
        st.builds(lambda some: Node(all=tuple(some)), st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda some: Node(any=tuple(some)), st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda one: Node(negated=one), inner)
    ),
    max_leaves=6,
)
RANK = {Outcome.FAILS: 0, Outcome.UNDECIDED: 1, Outcome.MEETS: 2}


@given(trees, st.dictionaries(st.sampled_from("abc"), values))
def test_no_choice_among_contested_values_leaves_the_bounds(tree: Node, findings: dict[str, frozenset[str]]) -> None:
    most = RANK[tree.evaluate(findings, Reading.MOST).outcome]
    least = RANK[tree.evaluate(findings, Reading.LEAST).outcome]
    facts = sorted(findings)
    for world in itertools.product(*(sorted(findings[fact]) for fact in facts)):
        single = {fact: frozenset({value}) for fact, value in zip(facts, world, strict=True)}
        assert least <= RANK[tree.evaluate(single).outcome] <= most


@given(
    trees, st.lists(st.tuples(st.dictionaries(st.sampled_from("abcd"), values), st.sampled_from(Reading)), max_size=8)
)
def test_a_tree_that_was_asked_before_says_what_a_new_one_says(
    tree: Node, asked: list[tuple[dict[str, frozenset[str]], Reading]]
) -> None:
    for findings, reading in (*asked, *asked):
        assert tree.evaluate(findings, reading) == parse(tree.as_data()).evaluate(findings, reading)
        assert tree.is_met(findings) is (tree.evaluate(findings).outcome is Outcome.MEETS)


def test_a_tree_does_not_remember_without_end() -> None:
    tree = parse({"any": [{fact: ["x"]} for fact in "abcdefghi"]})
    for chosen in itertools.product("xy", repeat=9):
        tree.evaluate({fact: frozenset({value}) for fact, value in zip("abcdefghi", chosen, strict=True)})
    assert 0 < len(tree._said) <= _MOST_SAID


@given(trees)
def test_written_form_comes_back(tree: Node) -> None:
    again = parse(tree.as_data())
    assert again.as_data() == tree.as_data()
