"""Highlighting counts code points, whatever the script."""

from __future__ import annotations

import re

import pytest

from ui.panel.highlight import Mark, highlighted, quoted, stretches
from ui.panel.invisible import count, shown
from ui.panel.markup import tag


def marked(words: str, *marks: Mark) -> str:
    return highlighted(words, marks, lambda piece, at: tag("mark", piece, cls=",".join(at.names)))


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("plain words here", "words"),
        ("👩‍👧 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿 then", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("أحتاج إلى مساعدة الآن", "مساعدة"),
        ("e\u0301te\u0301 plus tard", "te\u0301"),
        ("x\u200by z", "z"),
    ],
)
def test_one_mark_stands_on_its_words(words: str, wanted: str) -> None:
    start = words.index(wanted)
    assert f"<mark class='x'>{wanted}</mark>".replace("'", '"') in marked(words, Mark(start, start + len(wanted), "x"))


def test_overlapping_marks_are_cut_into_stretches() -> None:
    assert [(at.start, at.end, at.names) for at in stretches(10, [Mark(2, 6, "1"), Mark(4, 8, "2")])] == [
        (0, 2, ()),
        (2, 4, ("1",)),
        (4, 6, ("1", "2")),
        (6, 8, ("2",)),
        (8, 10, ()),
    ]


def test_marks_outside_the_text_are_left_out() -> None:
    assert marked("abc", Mark(-1, 2, "x"), Mark(1, 9, "x"), Mark(2, 2, "x")) == "abc"


def test_case_words_in_a_mark_stay_text() -> None:
    assert marked("a<b>c", Mark(1, 4, "1")) == 'a<mark class="1">&lt;b&gt;</mark>c'


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Supp\u200bort", ["ZWSP"]),
        ("\u202ecode\u202c", ["RLO", "PDF"]),
        ("a\u200db", ["ZWJ"]),
        ("soft\u00adhyphen", ["SHY"]),
        ("tag\U000e0041", ["U+E0041"]),
        ("\x07bell", ["U+0007"]),
        ("\u3164blank", ["U+3164"]),
        ("👩\u200d👧", []),
        ("می\u200cخواهم", []),
        ("क्\u200dष", []),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", []),
        ("tab\tand\nline", []),
    ],
)
def test_hidden_characters_get_a_mark(words: str, names: list[str]) -> None:
    built = shown(words)
    assert re.findall(r'class="hidden-char"[^>]*>([^<]+)<', built) == names
    assert count(words) == len(names)
    assert not (names and re.search("[\u200b\u202a-\u202e]", built)), "a hidden character must not come along"


def test_marks_keep_their_place_beside_hidden_characters() -> None:
    words = "a\u200bbc"
    assert marked(words, Mark(2, 4, "x")).endswith('<mark class="x">bc</mark>')


def test_a_quote_without_a_place_leaves_the_source_whole() -> None:
    assert quoted("some <text>", None, None) == "some &lt;text&gt;"
    assert quoted("some text", 5, 9) == 'some <mark class="quote">text</mark>'
