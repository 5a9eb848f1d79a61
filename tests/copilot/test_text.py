"""Spans are code points of the stored original, whatever was done to the text to match it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.text import _composed, _mapped, _plain, folded, plain, sentences

ZERO = "\u200b"


@pytest.mark.parametrize(
    ("text", "needle", "expected"),
    [
        ("a  b\n c", "b c", "b\n c"),
        ("Cafe\u0301 rules", "caf\u00e9", "Cafe\u0301"),
        (f"f{ZERO}a{ZERO}ke", "fake", f"f{ZERO}a{ZERO}ke"),
        ("👩‍👩‍👧 said ok", "said", "said"),
        ("قال مرحبا اليوم", "مرحبا", "مرحبا"),
        ("\u202eevil\u202c text", "evil", "evil\u202c"),
        ("Ｆｕｌｌ width", "full", "Ｆｕｌｌ"),
        ("Straße", "strasse", "Straße"),
        ("  lead", "lead", "lead"),
    ],
)
def test_a_match_points_to_the_original(text: str, needle: str, expected: str) -> None:
    spans = list(plain(text).find_all(needle))
    assert [text[start:end].strip(" ") for start, end in spans] == [expected]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_maps_rise_and_stay_within_the_original(text: str) -> None:
    for mapped in (folded(text), plain(text)):
        assert len(mapped.origin) == len(mapped.text) + 1
        assert list(mapped.origin) == sorted(mapped.origin)
        assert all(0 <= place <= len(text) for place in mapped.origin)


@given(st.text(alphabet="aB .\n\u00e9\u2019\u00a0\u0130\u00b4\u00df\u200b\ufb01\u3000\u13a0\u0301", max_size=12))
def test_the_quick_way_gives_what_the_long_one_gives(text: str) -> None:
    assert folded(text) == _mapped(text, _composed)
    assert plain(text) == _mapped(text, _plain)


@given(st.text(alphabet="ab .\n\u0301\u00e9", max_size=40))
def test_what_is_folded_is_found_again(text: str) -> None:
    mapped = folded(text)
    if mapped.text:
        assert (mapped.span(0, len(mapped.text))) in list(mapped.find_all(mapped.text))


@given(st.text(alphabet="한글 a.\u0301é각", max_size=20))
def test_a_text_taken_apart_folds_to_the_same(text: str) -> None:
    assert folded(unicodedata.normalize("NFD", text)).text == folded(unicodedata.normalize("NFC", text)).text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("Version 1.2 is out. Yes", ["Version 1.2 is out.", "Yes"]),
        ("a\n\n b ", ["a", "b"]),
        ("نعم؟ لا. حسنا", ["نعم؟", "لا.", "حسنا"]),
        ("", []),
        ("   \n", []),
        ('He said "stop." Then left.', ['He said "stop."', "Then left."]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts


def test_a_long_line_without_an_end_is_split_in_linear_time() -> None:
    assert len(sentences(" " * 500_000 + "word " * 100_000)) == 1
