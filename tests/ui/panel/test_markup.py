"""Nothing that comes with a case becomes HTML."""

from __future__ import annotations

import pytest

from ui.panel.markup import Html, join, tag, text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('" onmouseover="x', "&quot; onmouseover=&quot;x"),
        ("it's & more", "it&#x27;s &amp; more"),
        ("${value} {{value}} `x`", "&#36;&#123;value&#125; &#123;&#123;value&#125;&#125; &#96;x&#96;"),
        ("**bold** [a](javascript:x)", "**bold** [a](javascript:x)"),
        ("half \ud83d character", "half \ufffd character"),
        (7, "7"),
    ],
)
def test_text_is_inert(value: object, expected: str) -> None:
    assert text(value) == expected


def test_children_are_escaped_unless_they_are_html() -> None:
    assert tag("p", "<b>", tag("b", "x")) == "<p>&lt;b&gt;<b>x</b></p>"
    assert join(["<", Html("<br>")], " & ") == "&lt; &amp; <br>"


def test_attributes() -> None:
    built = tag("input", cls="a b", data_case='"><', hidden=True, disabled=False, title=None, for_="x")
    assert built == '<input class="a b" data-case="&quot;&gt;&lt;" hidden for="x">'
