"""HTML as a type of its own: what is not `Html` is text and gets escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

VOID = frozenset({"br", "hr", "input"})
_SURROGATE = re.compile("[\ud800-\udfff]")
_TEMPLATE = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})


class Html(str):
    """Text that is HTML already; only this module and its callers' own words make it."""

    __slots__ = ()


EMPTY = Html("")


def text(value: object) -> Html:
    """Any value as inert text: no tag, no entity, no template expression, no half character."""
    whole = _SURROGATE.sub("\ufffd", str(value))
    return Html(html.escape(whole, quote=True).translate(_TEMPLATE))


def join(parts: Iterable[str], between: str = "") -> Html:
    """Pieces in a row, each escaped unless it is HTML."""
    return Html(_safe(between).join(_safe(part) for part in parts))


def tag(name: str, /, *children: str, **attributes: object) -> Html:
    """One element. `cls` is `class`, underscores are hyphens; none and false leave an attribute out, true is bare."""
    opening = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Html(opening) if name in VOID else Html(f"{opening}{join(children)}</{name}>")


def _safe(part: str) -> Html:
    return part if isinstance(part, Html) else text(part)


def _attribute(key: str, value: object) -> str:
    name = "class" if key == "cls" else key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{text(value)}"'
