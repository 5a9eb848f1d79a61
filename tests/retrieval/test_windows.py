from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.quoting import runs
from retrieval.windows import QUERY_UNITS, query_windows, units, windows
from retrieval.words import visible, words

ZERO_WIDTH, RIGHT_TO_LEFT_OVERRIDE, NO_BREAK = "\u200b", "\u202e", "\u00a0"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain words", "plain words"),
        ("", ""),
        (f"par{ZERO_WIDTH}cel", "parcel"),
        (f"{RIGHT_TO_LEFT_OVERRIDE}parcel\u202c", "parcel"),
        (f"a{NO_BREAK}\t b\x00c", "a b c"),
        ("ｐａｒｃｅｌ 𝐩𝐚𝐫𝐜𝐞𝐥", "parcel parcel"),
        ("soft\u00adhyphen \u3164", "softhyphen"),
        ("lone \ud83d surrogate", "lone surrogate"),
        ("الطرد لم يصل", "الطرد لم يصل"),
    ],
)
def test_visible_is_what_a_reader_sees(text: str, seen: str) -> None:
    assert visible(text) == seen


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Parcel, twice!", ["the", "parcel", "twice"]),
        ("Café CAFE\u0301", ["cafe", "cafe"]),
        (f"p{ZERO_WIDTH}arcel_late", ["parcel", "late"]),
        ("طَرْد", ["طرد"]),
        ("...", []),
    ],
)
def test_words_meet_across_spellings(text: str, found: list[str]) -> None:
    assert words(text) == found


LONG = " ".join(f"This is sentence number {number} of a long and dull report." for number in range(80))


@pytest.mark.parametrize(
    "text",
    [LONG, LONG.replace(".", ","), "x" * 5000, "包裹没有到达。" * 300, "line\n" * 400, "5 4 3 . ! " * 300],
    ids=["sentences", "no full stop", "one word", "no blanks", "lines", "signs"],
)
@pytest.mark.parametrize("limit", [20, 60, 200])
def test_no_window_is_longer_than_the_limit(text: str, limit: int) -> None:
    assert all(0 < units(window) <= limit for window in windows(text, limit))


def test_windows_keep_every_sentence_once() -> None:
    cut = " ".join(windows(LONG, 60))
    assert all(cut.count(f"number {number} ") == 1 for number in range(80))


@pytest.mark.parametrize(
    ("text", "longest", "count"),
    [("", 200, 0), (ZERO_WIDTH, 200, 0), ("short text", 200, 1), (LONG[:400], 200, 3), (LONG[:400], 20, 2)],
    ids=["empty", "invisible", "short", "led by the whole", "too long as a whole"],
)
def test_query_windows(text: str, longest: int, count: int) -> None:
    assert len(query_windows(text, longest)) == count


def test_a_query_window_fits_even_at_one_token_a_character() -> None:
    assert all(len(window.replace(" ", "")) <= QUERY_UNITS * 4 for window in windows("abcd " * 900, QUERY_UNITS))


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_read_as_any_other(text: str) -> None:
    """ASCII takes quicker ways to the same result."""
    assert units(text) == sum((len(piece) + 3) // 4 for piece in re.findall(r"[A-Za-z]+|[^\sA-Za-z]", text))
    assert words(text) == re.findall(r"[^\W_]+", text.lower())
    spaced = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    assert visible(text) == re.sub(r"\s+", " ", spaced).strip()
    assert runs(text) == {tuple(words(text)[at : at + 3]) for at in range(max(1, len(words(text)) - 2))}
