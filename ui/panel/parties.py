"""Who is in the case: role, kind and what is known of the age."""

from __future__ import annotations

from copilot.cases import Case, Party
from copilot.plans import may_be_minor
from ui.panel.markup import EMPTY, Html, join, tag
from ui.panel.terms import given, plain


def parties_view(case: Case) -> Html:
    if not case.parties:
        return tag("p", "No parties are named.", cls="dim")
    heads = join(tag("th", name, scope="col") for name in ("Party", "Role", "Age evidence", "Place"))
    rows = join(_row(party, case) for party in case.parties)
    table = tag("table", tag("thead", tag("tr", heads)), tag("tbody", rows))
    return tag("section", tag("h3", "Parties"), table, cls="parties")


def _row(party: Party, case: Case) -> Html:
    who = tag("th", given(party.id), " ", tag("span", party.kind, cls="dim"), scope="row")
    place = case.places.party.get(party.id, "")
    role = tag("span", plain(party.role), cls=f"chip role-{party.role}")
    return tag("tr", who, tag("td", role), tag("td", _age(party)), tag("td", given(place) if place else "–"))


def _age(party: Party) -> Html:
    if not party.age_evidence:
        return tag("span", "none", cls="dim")
    minor = tag("span", " may be under 18", cls="warn-text") if may_be_minor(party) else EMPTY
    return join([given(plain(party.age_evidence)), minor])
