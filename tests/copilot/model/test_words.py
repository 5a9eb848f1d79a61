"""Quotes are found where they stand, whatever can't be seen in them."""

from __future__ import annotations

import pytest

from copilot.drafters.model_words import Words, clean
from tests.copilot.model.small import small_case

TEXT = "Wait \U0001f600.  Pay\u200b by\nFriday, cafe\u0301 \u0645\u0631\u062d\u0628\u0627 \u2764\ufe0f or else."


@pytest.mark.parametrize(
    "quote, stands",
    [
        ("Wait \U0001f600.", "Wait \U0001f600."),
        ("Pay by Friday", "Pay\u200b by\nFriday"),
        ("Pa\u200by by Fri\u200dday", "Pay\u200b by\nFriday"),
        ("\ufeffcaf\u00e9", "cafe\u0301"),
        ("\u202b\u0645\u0631\u062d\u0628\u0627\u202c", "\u0645\u0631\u062d\u0628\u0627"),
        ("\u2764 or else", "\u2764\ufe0f or else"),
        ("pay by Friday", None),
        ("", None),
        ("\u200b\u200e ", None),
    ],
)
def test_a_quote_is_found_in_the_original(quote: str, stands: str | None) -> None:
    case = small_case(TEXT)
    span = Words(case).locate(quote, "message/1")
    assert (case.words(span) if span else None) == stands


def test_the_part_named_comes_first() -> None:
    case = small_case("the same words here", parts=[{"id": id, "text": "the same words here"} for id in ("a", "b")])
    assert [span.part for name in ("b", "a", None) if (span := Words(case).locate("same words", name))] == [
        "b",
        "a",
        "a",
    ]


@pytest.mark.parametrize(
    "said, shown",
    [
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        ("tag\U000e0041ged\x00\x1b[31m", "tagged[31m"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        (" two\nlines ", "two\nlines"),
    ],
)
def test_free_text_is_safe_to_show(said: str, shown: str) -> None:
    assert clean(said) == shown
