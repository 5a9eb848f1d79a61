"""The draft in a few plain sentences: what was found, what follows, how sure that is, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.drafters.confidence import Sureness
from copilot.drafters.criteria import Standing
from copilot.drafters.error_budget import LIKELIER
from copilot.drafters.votes import Vote
from copilot.drafts import Flip
from copilot.findings import Finding
from copilot.plans import Plan
from policy_corpus import Pack, Tier

MOST_NAMED = 3
"""Steps or facts that a sentence names."""


def described(plan: Plan, pack: Pack) -> str:
    """The gravest steps by name, and how many more there are."""
    steps = sorted(plan.steps, key=lambda step: -pack.actions[step.action].tier.rank)
    titles = list(dict.fromkeys(pack.actions[step.action].title for step in steps))
    named = ", ".join(title[0].lower() + title[1:] for title in titles[:MOST_NAMED])
    more = len(titles) - MOST_NAMED
    return (named or "no step") + (f", and {more} more step{'s' if more > 1 else ''}" if more > 0 else "")


def what_was_found(standing: Standing, findings: Sequence[Finding], pack: Pack) -> str:
    """The facts that the leading clause rests on and where their words stand; not the words, as parts may be masked."""
    rests_on = standing.verdicts[standing.deciding[0].ref].rests_on
    facts = sorted(fact for fact in rests_on if standing.established(fact))
    if not facts:
        return "It rests on nothing having been found that another clause answers."
    named = [_fact(fact, standing, findings, pack) for fact in facts[:MOST_NAMED]]
    more = len(facts) - MOST_NAMED
    return f"Found: {'; '.join(named)}{f'; and {more} more' if more > 0 else ''}."


def _fact(fact: str, standing: Standing, findings: Sequence[Finding], pack: Pack) -> str:
    values = " or ".join(sorted(standing.held[fact])).replace("_", " ")
    shown = [one for one in findings if one.fact == fact and one.about in (None, standing.party)]
    parts = list(dict.fromkeys(span.part for one in shown for span in one.evidence))
    where = f" (words in {', '.join(parts[:MOST_NAMED])})" if parts else ""
    return f"{pack.vocabulary.facts[fact].title}: {values}{where}"


def how_sure(sure: Sureness, votes: Vote, tier: Tier) -> str:
    """The confidence, what it rests on, and what the nearest precedents did."""
    agreeing = sum(votes.tiers[one.id] is tier for one in votes.ranked)
    beside = (
        f"; {agreeing} of the {len(votes.ranked)} nearest precedents were decided in this tier" if votes.ranked else ""
    )
    if sure.threshold is None:
        return f"How sure: {sure.confidence:.2f}, a cautious score that is not calibrated for this pack{beside}."
    return f"How sure: {sure.confidence:.2f}, calibrated on {sure.measured_on} cases{beside}."


def what_would_change_it(flips: Sequence[Flip], pack: Pack) -> str:
    """The first of the facts that would change the tier; empty where none was found."""
    if not flips:
        return ""
    first = flips[0]
    title = pack.vocabulary.facts[first.fact].title
    would = first.would[0].lower() + first.would[1:] if first.would.startswith("no ") else first.would
    return f"It would change if '{title}' were {first.value.replace('_', ' ')}: {would}."


def not_sure_enough(sure: Sureness) -> str:
    """Why a draft is held back: the error budget in a sentence."""
    assert sure.threshold is not None
    held = sure.threshold
    kept = f"to keep wrong recommendations within {held.budget:.1%} of cases"
    if held.pooled:
        measured = f"measured on all {held.n} drafts together, as there were too few like it"
    else:
        measured = f"measured on {held.n} drafts like it"
    if held.least == LIKELIER:
        return f"its confidence is {sure.confidence:.2f}, and what is likelier wrong than right is never recommended"
    if held.least > 1:
        return f"no confidence is enough {kept} ({measured})"
    return f"it takes a confidence above {held.least:.2f} {kept}, and this one has {sure.confidence:.2f} ({measured})"
