"""What other systems and people observed: signals, the report, the account's record, places."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import JsonValue

from copilot.cases import Case, Signal
from ui.panel.markup import EMPTY, Html, join, tag
from ui.panel.terms import given, plain


def background(case: Case) -> Html:
    return join(
        [_signals(case), _record("Report", case.report), _record("Account record", case.account), _places(case)]
    )


def _signals(case: Case) -> Html:
    if not case.signals:
        return EMPTY
    heads = join(tag("th", name, scope="col") for name in ("Signal", "Value", "Source", "Basis", "About"))
    rows = join(_signal(signal) for signal in case.signals)
    table = tag("table", tag("thead", tag("tr", heads)), tag("tbody", rows))
    return tag("section", tag("h3", "Signals"), table, cls="signals")


def _signal(signal: Signal) -> Html:
    value = "–" if signal.value is None else plain(str(signal.value))
    cells = (value, signal.source or "–", plain(signal.basis) or "not stated", signal.about or "the case")
    name = tag("th", given(plain(signal.kind)), scope="row")
    return tag("tr", name, *(tag("td", given(cell)) for cell in cells))


def _record(title: str, data: Mapping[str, JsonValue]) -> Html:
    if not data:
        return EMPTY
    lines = join(
        tag("div", tag("dt", given(plain(key))), tag("dd", given(_said(value)))) for key, value in data.items()
    )
    return tag("details", tag("summary", title), tag("dl", lines))


def _said(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _places(case: Case) -> Html:
    places = case.places
    named = [("conduct", ", ".join(places.conduct)), ("service", ", ".join(places.service))]
    lines = join(tag("div", tag("dt", name), tag("dd", given(value))) for name, value in named if value)
    return tag("details", tag("summary", "Places"), tag("dl", lines)) if lines else EMPTY
