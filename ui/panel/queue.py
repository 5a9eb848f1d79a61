"""The queue: every case, how pressing its draft is, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence

from policy_corpus import Reportability, Tier
from ui.panel.markup import EMPTY, Html, join, tag
from ui.panel.seam import Row
from ui.panel.terms import REPORTABILITY, VERBS, given, tier_badge, when

MOST_ROWS = 200
"""How many cases one page lists; undecided ones come first."""


def queue_view(rows: Sequence[Row], current: str) -> Html:
    """The list, with the open case marked."""
    if not rows:
        return tag("p", "No cases yet. Cases arrive from files, the API or a connector.", cls="empty")
    listed = tag("ol", join(_line(row, row.case_id == current) for row in rows[:MOST_ROWS]), cls="rows")
    head = tag("h2", "Queue ", tag("span", _count(rows), cls="dim"))
    return tag("nav", head, listed, _rest(rows), aria_label="Queue")


def _count(rows: Sequence[Row]) -> str:
    open_ones = sum(row.decided is None for row in rows)
    return f"{open_ones} undecided of {len(rows)}"


def _rest(rows: Sequence[Row]) -> Html:
    more = len(rows) - MOST_ROWS
    return tag("p", f"and {more:,} more below these", cls="dim") if more > 0 else EMPTY


def _line(row: Row, current: bool) -> Html:
    facts = [given(row.surface) if row.surface else "", when(row.received_at, zone=False)]
    button = tag(
        "button",
        tag("span", tag("strong", given(row.case_id)), _decided(row), cls="row-top"),
        tag("span", tier_badge(row.tier), _held_back(row), _reportability(row), cls="row-badges"),
        tag("span", join((fact for fact in facts if fact), " · "), cls="dim row-facts"),
        type="button",
        data_do="open",
        data_case=row.case_id,
        aria_current="true" if current else None,
    )
    return tag("li", button, cls="decided" if row.decided else None)


def _held_back(row: Row) -> Html:
    """A plan that nobody recommends may press all the same."""
    return tier_badge(row.held_back) if row.held_back in (Tier.IMMINENT, Tier.REPORT) else EMPTY


def _decided(row: Row) -> Html:
    return tag("span", f"✓ {VERBS[row.decided]}", cls="done") if row.decided else EMPTY


def _reportability(row: Row) -> Html:
    if row.reportability not in list(Reportability):
        return EMPTY
    return tag("span", REPORTABILITY[Reportability(row.reportability)], cls="row-rep")
