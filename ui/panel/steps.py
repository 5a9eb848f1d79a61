"""A plan's steps, in order, with how far each goes, who must confirm it and why it is there."""

from __future__ import annotations

from copilot.cases import Case
from copilot.plans import Plan, Step
from policy_corpus import Pack
from ui.panel.markup import EMPTY, Html, join, tag
from ui.panel.terms import GATES, given, plain, tier_badge


def plan_view(plan: Plan, case: Case, pack: Pack) -> Html:
    heading = tag("h3", "Plan ", tag("span", "in this order; nothing happens before people confirm", cls="dim"))
    if not plan.steps:
        return tag("section", heading, tag("p", "No steps."), cls="plan")
    return tag("section", heading, tag("ol", join(step_line(step, case, pack) for step in plan.steps)), cls="plan")


def step_line(step: Step, case: Case, pack: Pack, *extra: str) -> Html:
    """One step; `extra` stands at its end, such as a button."""
    return tag(
        "li",
        tag("div", _title(step, case, pack), _tier(step, pack), *extra, cls="step-top"),
        tag("div", _conditions(step, pack), cls="dim"),
        _because(step, pack),
        _when(step, pack),
        tag("div", given(step.note), cls="dim") if step.note else EMPTY,
        cls="step duty-step" if step.from_duty else "step",
    )


def target_name(on: str, case: Case) -> str:
    """A step's target in words: its role or its place among the parts beside its id."""
    if on == "case":
        return "the case"
    if party := case.party(on):
        return f"{on} ({plain(party.role)})"
    place = next((number for number, part in enumerate(case.parts, 1) if part.id == on), None)
    return f"part {place}" if place else on


def _title(step: Step, case: Case, pack: Pack) -> Html:
    action = pack.actions.get(step.action)
    name = tag("strong", action.title if action else step.action, title=action.definition if action else None)
    return tag("span", name, " → ", given(target_name(step.on, case)), cls="step-title")


def _tier(step: Step, pack: Pack) -> Html:
    action = pack.actions.get(step.action)
    return tier_badge(action.tier) if action else tag("span", "unknown action", cls="badge")


def _conditions(step: Step, pack: Pack) -> str:
    action = pack.actions.get(step.action)
    if action is None:
        return "this action is not in the pack"
    return f"{GATES[action.gate]} · {'can be undone' if action.reversible else 'can’t be undone'}"


def _ground(id: str, pack: Pack) -> str:
    """What asks for a step, by its title."""
    if id in pack.duties:
        return pack.duties[id].title
    clause = pack.clause(id)
    return f"{clause.id} v{clause.version} {clause.title}" if clause else id


def _because(step: Step, pack: Pack) -> Html:
    named = [_ground(id, pack) for id in step.because]
    if not named:
        return EMPTY
    lead = tag("span", "Duty", cls="chip duty-chip") if step.from_duty else tag("span", "because of", cls="dim")
    return tag("div", lead, " ", "; ".join(named), cls="because")


def _when(step: Step, pack: Pack) -> Html:
    """The condition under which a clause proposes the step, and what is still open of it."""
    if not step.condition:
        return EMPTY
    facts = pack.vocabulary.facts
    left = ", ".join(facts[fact].title if fact in facts else fact for fact in step.unsettled)
    still = f"; not established: {left}, proposed meanwhile because it protects" if left else ""
    return tag(
        "div", tag("span", "where", cls="dim"), " ", f"{step.condition.replace('_', ' ')}{still}", cls="because when"
    )
