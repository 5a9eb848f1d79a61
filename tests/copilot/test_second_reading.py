"""A second reading: disguised and misspelt words are found, and plain ones are found where they stand."""

from __future__ import annotations

import pytest

from copilot.cases import Case
from copilot.detectors.lexical import LexicalDetector
from copilot.detectors.second_reading import SecondReading
from policy_corpus import Pack, Pattern

PATTERNS = (
    Pattern.model_validate(
        {"fact": "threat", "value": "yes", "match": r"\bumbrella\b", "unless": r"\bbeach\b", "about": "case"}
    ),
)
READING = SecondReading(["An umbrella was left beside the harbour.", r"\bumbrella\b"])


def _found(text: str) -> list[tuple[int, int]]:
    case = Case.model_validate({"id": "c", "text": text})
    return [(span.start, span.end) for one in LexicalDetector(PATTERNS, READING).find(case) for span in one.evidence]


@pytest.mark.parametrize(
    "word", ["umbrella", "umbrela", "umbrlela", "umbr3lla", "u m b r e l l a", "umbrеlla", "umb🙂rella"]
)
def test_a_word_is_found_however_it_is_written(word: str) -> None:
    assert len(_found(f"He took the {word} home.")) == 1


def test_evidence_is_the_word_where_it_is_plain_and_the_sentence_where_it_is_not() -> None:
    assert _found("Rain fell. He took the umbrella.") == [(23, 31)]
    assert _found("Rain fell. He took the umbr3lla.") == [(11, 32)]


def test_what_takes_a_pattern_back_is_read_twice_too() -> None:
    assert _found("A b3ach umbr3lla was sold.") == []


def test_a_text_without_disguise_has_no_second_reading() -> None:
    assert READING.read("An umbrella was left beside the harbour.") == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("The riat was yesterday.", "the riot was yesterday."),
        ("The riott was yesterday.", "the riot was yesterday."),
        ("The bojt was sold.", ""),  # a boat or a boot
        ("The roit was yesterday.", "the riot was yesterday."),
        ("The brai was sold.", ""),
        ("The rain was yesterday.", ""),  # an ordinary word
    ],
)
def test_a_word_is_put_right_where_one_word_of_the_patterns_may_be_meant(written: str, read: str) -> None:
    assert (
        SecondReading(["The cart was sold yesterday."], [r"\briot\b", r"\bboat\b", r"\bboot\b"]).read(written) == read
    )


def test_whether_letters_are_disguised_is_told_apart_from_misspelt_words() -> None:
    assert READING.is_disguised("He took the umbr3lla.")
    assert not READING.is_disguised("He took the umbrela.")
    assert not READING.is_disguised("He took  the\u200b umbrella.")


def test_the_same_pack_and_patterns_are_read_by_the_same_words(small: Pack) -> None:
    first = SecondReading.of(small, small.patterns)
    assert SecondReading.of(small, small.patterns) is first
    assert SecondReading.of(small, PATTERNS) is not first
    assert SecondReading.of(small.with_precedents(()), small.patterns) is not first
