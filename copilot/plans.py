"""Plans: ordered steps, each an action on a named party, part or the case."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.base import Strict
from copilot.cases import Case, Party
from copilot.errors import PlanRefused
from policy_corpus import Pack, PlannedStep, Tier
from policy_corpus.actions import Target

MINOR = frozenset({"minor_stated", "minor_verified", "minor_indicated"})


class Step(Strict):
    """One action on a named target."""

    action: str
    on: str
    """`case`, a party's id or a part's id."""
    because: tuple[str, ...] = ()
    """Clause refs and duty ids that ask for it."""
    from_duty: bool = False
    """Whether a duty put it there, so that nothing else may take it out."""
    condition: str = ""
    """In words, the condition under which a clause proposes it; empty where there is none."""
    unsettled: tuple[str, ...] = ()
    """Facts that would settle that condition, where it is open and the step is proposed because it protects."""
    note: str = ""


class Plan(Strict):
    """What is proposed or decided, in order: preserve, contain, report, notify."""

    steps: tuple[Step, ...] = ()

    def tier(self, pack: Pack) -> Tier:
        return pack.tier(tuple(PlannedStep(action=step.action, on=step.on) for step in self.steps))

    def ordered(self, pack: Pack) -> Plan:
        """The same steps, each once, in the order in which they must happen."""
        unique: dict[tuple[str, str], Step] = {}
        for step in self.steps:
            key = (step.action, step.on)
            held = unique.get(key)
            unique[key] = step if held is None else _merged(held, step)
        return Plan(steps=tuple(sorted(unique.values(), key=lambda step: pack.actions[step.action].stage.rank)))

    def problems(self, case: Case, pack: Pack) -> list[str]:
        """Every rule that the plan breaks, in plain words; empty when it may stand."""
        return [problem for step in self.steps for problem in _step_problems(step, case, pack)]

    def allowed(self, case: Case, pack: Pack) -> tuple[Plan, tuple[str, ...]]:
        """The plan without the steps that break a rule, and in plain words which were refused and why."""
        refused = {step: list(_step_problems(step, case, pack)) for step in self.steps}
        kept = tuple(step for step in self.steps if not refused[step])
        return Plan(steps=kept), tuple(problem for problems in refused.values() for problem in problems)

    def check(self, case: Case, pack: Pack) -> None:
        """Raises PlanRefused where a step can't stand."""
        if problems := self.problems(case, pack):
            raise PlanRefused(problems[0], "change the step or its target")


def _merged(one: Step, other: Step) -> Step:
    """One step of two with the same action and target: it stands as soon as either of them does."""
    surest = min((one, other), key=lambda step: (bool(step.unsettled), bool(step.condition)))
    return one.model_copy(
        update={
            "because": tuple(dict.fromkeys((*one.because, *other.because))),
            "from_duty": one.from_duty or other.from_duty,
            "condition": surest.condition,
            "unsettled": surest.unsettled,
        }
    )


def _step_problems(step: Step, case: Case, pack: Pack) -> Iterable[str]:
    action = pack.actions.get(step.action)
    if action is None:
        yield f"'{step.action}' is not an action of {pack.id}"
        return
    kind = target_kind(step.on, case)
    if kind is None:
        yield f"'{step.on}' is neither the case nor one of its parties or parts"
    elif kind not in action.targets:
        yield f"'{step.action}' can't be done to '{step.on}': it acts on {', '.join(action.targets)}"
    party = case.party(step.on)
    if action.punitive and party is not None and party.role == "affected_child":
        yield f"'{step.action}' is punitive and '{step.on}' is the affected child"
    elif action.punitive and party is not None and may_be_minor(party):
        yield f"'{step.action}' is punitive and '{step.on}' may be a minor; this goes to the specialist pathway"


def target_kind(on: str, case: Case) -> Target | None:
    """What a step's target is, or none where the case has no such thing."""
    if on == "case":
        return "case"
    if party := case.party(on):
        return party.kind
    return "item" if case.part(on) else None


def may_be_minor(party: Party) -> bool:
    """Whether the evidence says that a party is or may be under 18."""
    return party.age_evidence in MINOR


def bind(planned: Iterable[PlannedStep], case: Case, because: str, *, from_duty: bool = False) -> list[Step]:
    """A clause's or duty's steps bound to this case's parties and parts; roles that nobody holds give no step."""
    return [
        Step(action=step.action, on=target, because=(because,), from_duty=from_duty, note=step.note)
        for step in planned
        for target in _targets(step.on, case)
    ]


def _targets(on: str, case: Case) -> list[str]:
    match on:
        case "case":
            return ["case"]
        case "items":
            return [part.id for part in case.parts if part.role in ("user", "assistant", "unknown", "profile")]
        case "subject":
            return [party.id for party in case.subjects() if party.kind != "organisation"]
        case "organisation":
            return [party.id for party in case.parties if party.kind == "organisation"]
    return [party.id for party in case.parties if party.role == on]
