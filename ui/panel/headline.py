"""The head of a draft: how far it goes, how sure it is, and what must not be overlooked."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.decisions import Decision
from copilot.drafts import Draft
from policy_corpus import Pack, Tier
from ui.panel.invisible import shown
from ui.panel.markup import EMPTY, Html, join, tag
from ui.panel.terms import VERBS, given, reportability_badge, tier_badge, when


def headline(draft: Draft, pack: Pack) -> Html:
    if draft.abstained:
        lead, aside = (
            "The drafter abstains. ",
            " That says nothing about the case: decide from its words and the duties.",
        )
        why = tag("p", tag("strong", lead), shown(_sentence(draft.abstained)), aside)
        return tag("header", tag("div", tier_badge("abstained"), cls="badges"), why, cls="headline abstains")
    tier, reporting = tier_badge(draft.plan.tier(pack)), reportability_badge(draft.reportability)
    badges = tag("div", tier, reporting, _confidence(draft), cls="badges")
    return tag("header", badges, tag("p", shown(draft.summary), cls="summary", dir="auto"), cls="headline")


def _sentence(why: str) -> str:
    """A drafter gives its reason as half a sentence or a whole one."""
    return why[:1].upper() + why[1:] + ("" if why.endswith((".", "!", "?")) else ".")


def _confidence(draft: Draft) -> Html:
    if draft.confidence is None:
        return tag("span", "confidence not stated", cls="confidence")
    where_from = "from evidence, not the model's own word"
    return tag("span", f"confidence {draft.confidence:.0%}", cls="confidence", title=where_from)


def caution(draft: Draft, pack: Pack) -> Html:
    """What stands beside a draft that proposes nothing: never an all-clear."""
    if draft.abstained or draft.plan.tier(pack) is not Tier.NONE:
        return EMPTY
    left = len(draft.not_checked) + len(draft.missing)
    lead = tag("strong", "No violation drafted – this is not an all-clear. ")
    if left:
        said = f"{left} {'thing is' if left == 1 else 'things are'} not checked or missing; see the list below."
    else:
        said = "The draft does not say what it left unchecked: treat it as incomplete."
    return tag("p", lead, said, " Read the case before you agree.", cls="alert caution")


def raised(draft: Draft) -> Html:
    """What the duties added or raised after drafting."""
    if not draft.changed_by_duty:
        return EMPTY
    lines = join(tag("li", shown(change)) for change in draft.changed_by_duty)
    return tag("div", tag("p", tag("strong", "Changed by a duty"), " after drafting:"), tag("ul", lines), cls="raised")


def noticed(notices: Sequence[str]) -> Html:
    """What went wrong or was refused on the way to the draft."""
    if not notices:
        return EMPTY
    lines = join(tag("li", shown(notice)) for notice in notices)
    return tag("div", tag("p", tag("strong", "Please note")), tag("ul", lines), cls="alert notices", role="note")


def decided(decisions: Sequence[Decision]) -> Html:
    """Earlier decisions on the case, the latest first."""
    if not decisions:
        return EMPTY
    lines = join(tag("li", _decision(decision)) for decision in reversed(decisions))
    return tag("div", tag("p", tag("strong", "Already decided")), tag("ul", lines), cls="alert decided-note")


def _decision(decision: Decision) -> Html:
    reason = join([": ", given(decision.reason)]) if decision.reason else EMPTY
    who = [tag("strong", VERBS[decision.verb]), " by ", given(decision.analyst), ", ", when(decision.decided_at)]
    return join([*who, reason])
