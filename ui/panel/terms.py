"""The panel's words: what the vocabulary of the program is called on screen, each written once."""

from __future__ import annotations

from datetime import datetime

from copilot.decisions import Verb
from copilot.gate import CitationVerdict
from policy_corpus import Authority, Reportability, Status, Tier
from policy_corpus.actions import Gate
from retrieval.hits import ReasonKind
from ui.panel.invisible import shown
from ui.panel.markup import EMPTY, Html, join, tag

TIERS = {
    Tier.NONE: "No action",
    Tier.PROTECT: "Protect",
    Tier.LIMIT: "Limit",
    Tier.ENFORCE: "Enforce",
    Tier.REPORT: "Report",
    Tier.IMMINENT: "Imminent",
}
GATES: dict[Gate, str] = {
    "automated": "no confirmation needed",
    "one_reviewer": "one reviewer confirms",
    "two_reviewers": "two reviewers confirm",
    "lead": "the lead confirms",
    "specialist": "a specialist confirms",
    "on_call": "the on-call person confirms",
}
REPORTABILITY = {
    Reportability.OBLIGED: "Report obliged",
    Reportability.COUNSEL: "Counsel decides on reporting",
    Reportability.VOLUNTARY: "Voluntary report possible",
    Reportability.UNKNOWN: "Reportability open",
    Reportability.NOT_INDICATED: "Report not indicated",
}
DUTY_SAYS = {
    Reportability.OBLIGED: "Obliged",
    Reportability.COUNSEL: "Counsel decides",
    Reportability.VOLUNTARY: "Voluntary",
    Reportability.UNKNOWN: "Open",
    Reportability.NOT_INDICATED: "Not indicated",
}
VERDICTS = {
    CitationVerdict.VERBATIM: ("✓", "Verbatim", "The quote stands in its source word for word."),
    CitationVerdict.ALTERED: ("≠", "Altered", "The quote is near what the source says, but not the same."),
    CitationVerdict.INSUFFICIENT: ("!", "Insufficient", "The quote is too short, or stands there more than once."),
    CitationVerdict.MISATTRIBUTED: ("⇄", "Misattributed", "The words stand in another source than the one named."),
    CitationVerdict.FABRICATED: (
        "✕",
        "Fabricated",
        "The quote or its source was not among what the drafter was given.",
    ),
    CitationVerdict.OUT_OF_FORCE: ("⏱", "Out of force", "The source did not apply on the day that counts."),
}
VERBS: dict[Verb, str] = {
    "confirmed": "Confirmed",
    "changed": "Changed",
    "rejected": "Rejected",
    "escalated": "Escalated",
}
AUTHORITIES = {
    Authority.POLICY_COUNCIL: "policy-council ruling",
    Authority.APPEAL: "adjudicated appeal",
    Authority.REVIEWED: "reviewed decision",
    Authority.SINGLE: "single decision",
    Authority.ILLUSTRATIVE: "illustrative",
}
STATUSES = {
    Status.ACTIVE: "active",
    Status.STALE: "stale: its clause has changed since",
    Status.SUPERSEDED: "superseded",
    Status.OVERRULED: "overruled",
}
REASONS: dict[ReasonKind, str] = {
    "similar": "similar in meaning",
    "words": "shares words",
    "criteria_met": "criteria met",
    "criteria_undecided": "criteria undecided",
    "required": "required by a duty",
    "exception": "exception to a clause",
    "opposing": "decided the other way",
}
LEVELS = 5
"""Bars of a tier badge: `none` fills none, `imminent` fills all."""


def plain(name: str) -> str:
    """An identifier as words: `affected_child` → `affected child`."""
    return name.replace("_", " ")


def given(value: object) -> Html:
    """Words that came with a case, set apart so that their direction can't reorder ours."""
    return tag("bdi", shown(str(value)))


def when(moment: datetime | None, *, zone: bool = True) -> Html:
    """A time in UTC, to the minute; where room is short, the zone is on hover only."""
    if moment is None:
        return EMPTY
    said = f"{moment:%Y-%m-%d %H:%M}"
    return tag("time", f"{said} UTC" if zone else said, datetime=moment.isoformat(), title=f"{said} UTC")


def tier_badge(tier: str) -> Html:
    """How far a plan goes, in words and as filled bars."""
    if tier not in list(Tier):
        return tag("span", "Abstained" if tier == "abstained" else "Not drafted", cls=f"badge tier-{tier or 'open'}")
    filled = Tier(tier).rank
    bars = join(tag("i", cls="on" if level < filled else None) for level in range(LEVELS))
    meter = tag("span", bars, cls="meter", aria_hidden="true")
    return tag("span", meter, TIERS[Tier(tier)], cls=f"badge tier-{tier}")


def reportability_badge(value: Reportability) -> Html:
    return tag("span", REPORTABILITY[value], cls=f"badge rep-{value}")
