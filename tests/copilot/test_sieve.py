"""Sorting expressions out beforehand never hides a match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.cases import Case
from copilot.detectors.lexical import FINDS_WITHOUT_SIEVE, LexicalDetector
from copilot.detectors.sieve import Sieve, needs
from copilot.text import plain, sentences
from policy_corpus import Pack


@pytest.mark.parametrize(
    ("expression", "needed"),
    [
        (r"\bfake watch\b", {"fake watch"}),
        (r"\b(?:fake|copied) (?:watch|bag)s?\b", {"fake", "copied"}),
        (r"ab(?=c)cd", {"abcd"}),
        (r"a(?:bcd)?e", {"a"}),
        (r"a(?:bcd)+e", {"bcd"}),
        (r"(?:umbrella|\w+)", set()),
        (r"(?i)fake", set()),
        (r"(?i:umbrella) rain", {" rain"}),
        (r"\d+", set()),
        (r"(?:hat|)", set()),
        (r"(hat) and \1", {" and "}),
    ],
)
def test_what_an_expression_cannot_do_without(expression: str, needed: set[str]) -> None:
    assert needs(expression) == needed


pieces = st.recursive(
    st.sampled_from(["ab", "c", "abc d", "[ab]", r"\bb", ".", "^a", "d$"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.lists(inner, min_size=1, max_size=3).map(lambda ways: f"(?:{'|'.join(ways)})")
        | st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{0,2}", "+?", "*+"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        )
        | inner.map(lambda one: f"(?={one})")
        | inner.map(lambda one: f"(?!{one})")
    ),
    max_leaves=6,
)


@given(st.lists(pieces, min_size=1, max_size=4), st.text(alphabet="abcd ", max_size=12))
def test_what_matches_passes(expressions: list[str], text: str) -> None:
    passed = Sieve([needs(one) for one in expressions]).possible(text)
    assert passed >= {number for number, one in enumerate(expressions) if re.search(one, text)}


def test_what_matches_passes_for_a_whole_pack_and_little_else_does(child_safety: Pack) -> None:
    expressions = [re.compile(one.match) for one in child_safety.patterns]
    sieve = Sieve([needs(one.match) for one in child_safety.patterns])
    texts = [part.text for case in child_safety.training_cases[::4] for part in case.parts]
    read = [plain(text[start:end]).text for text in texts for start, end in sentences(text)]
    passed = [sieve.possible(text) for text in read]
    matches = 0
    for text, possible in zip(read, passed, strict=True):
        found = {number for number, one in enumerate(expressions) if one.search(text)}
        matches += len(found)
        assert possible >= found, text
    assert matches > 100
    assert sum(map(len, passed)) < 0.25 * len(expressions) * len(read)


def test_a_detector_that_sorts_out_finds_the_same(child_safety: Pack) -> None:
    told = [part.text for one in child_safety.training_cases[:40] for part in one.parts]
    cases = [Case.model_validate({"id": "c", "text": text}) for text in told]
    seasoned = LexicalDetector.of(child_safety)
    for case in cases[:FINDS_WITHOUT_SIEVE]:
        seasoned.find(case)
    found = [seasoned.find(case) for case in cases]
    assert found == [LexicalDetector.of(child_safety).find(case) for case in cases]
    assert any(found)
