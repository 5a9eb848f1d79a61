"""What the duties say about a case: status, by when, who answers, and which facts are open."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.reviews import DutyStatus
from policy_corpus import Pack, Reportability
from ui.panel.markup import EMPTY, Html, join, tag
from ui.panel.naming import fact_name
from ui.panel.terms import DUTY_SAYS, given, plain

QUIET = (Reportability.NOT_INDICATED,)


def duties_view(statuses: Sequence[DutyStatus], pack: Pack) -> Html:
    """The duties in play; those not indicated are folded away, never left out."""
    heading = tag("h3", "Duties ", tag("span", "apart from enforcement", cls="dim"))
    if not statuses:
        return tag("section", heading, tag("p", "The pack lists no duties.", cls="dim"), cls="duties")
    live = [status for status in statuses if status.reportability not in QUIET]
    quiet = [status for status in statuses if status.reportability in QUIET]
    listed = tag("ul", join(_line(status, pack) for status in live)) if live else EMPTY
    rest = _folded(quiet, pack) if quiet else EMPTY
    return tag("section", heading, listed, rest, cls="duties")


def _folded(statuses: Sequence[DutyStatus], pack: Pack) -> Html:
    count = f"{len(statuses)} not indicated"
    return tag("details", tag("summary", count), tag("ul", join(_line(status, pack) for status in statuses)))


def _line(status: DutyStatus, pack: Pack) -> Html:
    kind = "legal duty" if status.law else "policy minimum"
    about = join([" · about ", given(status.about)]) if status.about else EMPTY
    clock = f" · {status.clock}" if status.clock else ""
    owner = f" · owner: {plain(status.owner)}" if status.owner else ""
    return tag(
        "li",
        tag("span", DUTY_SAYS[status.reportability], cls=f"badge rep-{status.reportability}"),
        " ",
        tag("strong", status.title),
        tag("div", kind, about, clock, owner, cls="dim"),
        tag("div", "Only suspected: look at it; no step follows from it yet.", cls="dim")
        if status.suspected
        else EMPTY,
        _facts("Open", status.missing, pack),
        _facts("Rests on", status.rests_on, pack),
        tag("div", "Basis: ", "; ".join(status.basis), cls="dim") if status.basis else EMPTY,
    )


def _facts(lead: str, facts: Sequence[str], pack: Pack) -> Html:
    return tag("div", f"{lead}: ", join((fact_name(fact, pack) for fact in facts), ", ")) if facts else EMPTY
