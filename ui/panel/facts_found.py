"""Findings by fact: who found what, about whom, and where finders contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.findings import Finding
from policy_corpus import Pack
from policy_corpus.criteria import UNKNOWN
from ui.panel.markup import EMPTY, Html, join, tag
from ui.panel.naming import fact_name, value_name
from ui.panel.terms import given

KINDS = {
    "signal": "signal",
    "detector": "detector",
    "drafter": "drafter",
    "analyst": "analyst",
    "service": "service record",
}


def findings_view(findings: Sequence[Finding], pack: Pack) -> Html:
    """Everything that was found, one line a finder; nothing is merged away."""
    if not findings:
        return EMPTY
    groups: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.fact, finding.about), []).append(finding)
    lines = join(_group(fact, about, group, pack) for (fact, about), group in groups.items())
    return tag("details", tag("summary", f"Facts found ({len(groups)})"), tag("ul", lines), cls="findings")


def _group(fact: str, about: str | None, group: Sequence[Finding], pack: Pack) -> Html:
    who = join([" about ", given(about)]) if about else EMPTY
    contested = len({finding.value for finding in group} - {UNKNOWN}) > 1
    mark = tag("span", " finders disagree", cls="warn-text") if contested else EMPTY
    return tag(
        "li", tag("strong", fact_name(fact, pack)), who, mark, tag("ul", join(_one(each, pack) for each in group))
    )


def _one(finding: Finding, pack: Pack) -> Html:
    standing = "established" if finding.confirmed else "only a suspicion" if finding.suspected else "not confirmed"
    note = join([" – ", given(finding.note)]) if finding.note else EMPTY
    finder = [" · ", KINDS[finding.kind], " ", given(finding.finder), f" · {standing}"]
    return tag("li", value_name(finding.fact, finding.value, pack), tag("span", *finder, cls="dim"), note)
