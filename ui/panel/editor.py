"""The editor of a plan and of findings, for decisions that change a draft."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.cases import Case
from copilot.findings import Finding
from copilot.floor import Floor
from copilot.plans import Plan, Step
from policy_corpus import Pack, Reportability, Scope
from ui.panel.markup import EMPTY, Html, join, tag, text
from ui.panel.naming import fact_name, value_name
from ui.panel.session import OnScreen
from ui.panel.steps import step_line, target_name
from ui.panel.terms import REPORTABILITY, TIERS, given, plain


def editor_view(screen: OnScreen, case: Case, pack: Pack, floor: Floor, reportability: Reportability) -> Html:
    """The plan with what may be removed, the actions that may be added, and corrections of findings."""
    steps = screen.editing.steps if screen.editing else ()
    return tag(
        "section",
        tag("header", tag("h3", "Change the plan"), _button("Close editor", "leave", case), cls="editor-head"),
        tag("ol", join(_step(step, case, pack, floor) for step in steps), cls="edit-steps")
        if steps
        else tag("p", "No steps."),
        _add(case, pack),
        _reporting(floor, reportability),
        _corrections(screen.corrections, case, pack),
        cls="editor",
        aria_label="Change the plan",
        tabindex="-1",
    )


def targets(action: str, case: Case, pack: Pack) -> list[str]:
    """What an action can be done to in this case, by the rules that refuse a plan."""
    every = ["case", *(party.id for party in case.parties), *(part.id for part in case.parts)]
    return [on for on in every if not Plan(steps=(Step(action=action, on=on),)).problems(case, pack)]


def _button(label: str, do: str, case: Case, cls: str = "quiet", **data: str) -> Html:
    return tag("button", label, type="button", cls=cls, data_do=do, data_case=case.id, **data)


def _step(step: Step, case: Case, pack: Pack, floor: Floor) -> Html:
    holding = floor.holding(step)
    if not holding:
        remove = _button("Remove", "remove_step", case, data_action=step.action, data_on=step.on)
        return step_line(step, case, pack, remove)
    rests = sorted({fact for status in holding for fact in (*status.rests_on, *status.missing)})
    facts = join((fact_name(fact, pack) for fact in rests), ", ")
    why = [tag("strong", "Can’t be removed: "), "asked for by ", "; ".join(status.title for status in holding), "."]
    way = [" To remove it, correct a finding it rests on: ", facts, "."] if rests else []
    return step_line(
        step, case, pack, tag("span", "Locked", cls="chip duty-chip"), tag("div", *why, *way, cls="locked")
    )


def _add(case: Case, pack: Pack) -> Html:
    reach = {id: targets(id, case, pack) for id in pack.actions}
    actions = [(id, f"{action.title} · {TIERS[action.tier]}", id) for id, action in pack.actions.items() if reach[id]]
    ons = sorted({on for held in reach.values() for on in held}, key=_place(case))
    targeted = [(on, target_name(on, case), " ".join(id for id in reach if on in reach[id])) for on in ons]
    return tag(
        "form",
        tag("strong", "Add a step"),
        _select("action", "Action", actions, narrows="on"),
        _select("on", "On", targeted),
        tag("button", "Add", type="submit"),
        cls="edit-form",
        data_do="add_step",
        data_case=case.id,
    )


def _place(case: Case) -> _Place:
    return _Place(["case", *(party.id for party in case.parties), *(part.id for part in case.parts)])


class _Place:
    def __init__(self, order: list[str]) -> None:
        self.order = order

    def __call__(self, on: str) -> int:
        return self.order.index(on)


def _reporting(floor: Floor, chosen: Reportability) -> Html:
    allowed = [value for value in Reportability if value.rank >= floor.reportability.rank]
    start = chosen if chosen in allowed else floor.reportability
    options = [(str(value), REPORTABILITY[value], "") for value in reversed(allowed)]
    raised = tag("span", "A duty sets the lowest choice.", cls="dim") if len(allowed) < len(Reportability) else EMPTY
    return tag("div", _select("reportability", "Reporting", options, chosen=str(start)), raised, cls="edit-form")


def _corrections(corrections: Sequence[Finding], case: Case, pack: Pack) -> Html:
    facts = [(id, fact.title, id) for id, fact in pack.vocabulary.facts.items()]
    by_value: dict[str, list[str]] = {}
    for fact, value in pack.vocabulary.pairs():
        by_value.setdefault(value, []).append(fact)
    values = [(value, plain(value), " ".join(held)) for value, held in by_value.items()]
    of_parties = " ".join(id for id, fact in pack.vocabulary.facts.items() if fact.about is Scope.PARTY)
    about = [("", "the case", ""), *((party.id, target_name(party.id, case), of_parties) for party in case.parties)]
    form = tag(
        "form",
        tag("strong", "Correct a finding"),
        _select("fact", "Fact", facts, narrows="value about"),
        _select("value", "Is", values),
        _select("about", "About", about),
        tag("label", tag("span", "Evidence, in your words"), _note(), cls="wide"),
        tag("button", "Correct", type="submit"),
        cls="edit-form",
        data_do="correct",
        data_case=case.id,
    )
    return join([form, _corrected(corrections, case, pack)])


def _note() -> Html:
    return tag("input", type="text", name="note", required=True, autocomplete="off")


def _corrected(corrections: Sequence[Finding], case: Case, pack: Pack) -> Html:
    if not corrections:
        return EMPTY
    lines = join(_correction(number, finding, case, pack) for number, finding in enumerate(corrections))
    again = _button("Draft again with these corrections", "draft", case, cls="")
    return tag("div", tag("strong", "Your corrections"), tag("ul", lines), again, cls="corrected")


def _correction(number: int, finding: Finding, case: Case, pack: Pack) -> Html:
    about = join([" of ", given(finding.about)]) if finding.about else EMPTY
    said = [fact_name(finding.fact, pack), about, ": ", tag("strong", value_name(finding.fact, finding.value, pack))]
    note = tag("span", " – ", given(finding.note), cls="dim")
    return tag("li", *said, note, " ", _button("Undo", "uncorrect", case, data_number=str(number)))


def _select(
    name: str, label: str, options: Sequence[tuple[str, str, str]], *, narrows: str | None = None, chosen: str = ""
) -> Html:
    """A labelled choice. `narrows` names choices that depend on it: an option's third entry lists what it goes with."""
    listed = join(
        tag("option", said, value=value, data_for=for_ or None, selected=bool(chosen) and value == chosen)
        for value, said, for_ in options
    )
    return tag("label", tag("span", text(label)), tag("select", listed, name=name, data_narrows=narrows))
