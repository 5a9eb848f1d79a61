"""What a model's draft must keep to beyond its schema: the pack's actions, this case's targets, what it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from copilot.cases import Case
from copilot.drafters.model_names import Names
from copilot.drafters.model_wire import WireDraft, WireStep
from copilot.drafters.model_words import visible
from copilot.llm_asking import Fault
from copilot.plans import Plan, Step, target_kind
from copilot.reviews import DutyStatus
from policy_corpus import Pack
from retrieval.hits import Hit


def draft_check(
    case: Case, pack: Pack, names: Names, statuses: Sequence[DutyStatus], hits: Sequence[Hit]
) -> Callable[[WireDraft], Iterable[Fault]]:
    """The check of drafts on this case. Citations are left to the gate, which shows what fails."""
    clauses = {hit.passage.source for hit in hits if hit.passage.kind == "clause"}
    grounds = clauses | {status.duty for status in statuses}

    def check(draft: WireDraft) -> Iterator[Fault]:
        for number, step in enumerate(draft.steps):
            yield from _step_faults(f"steps.{number}", step, case, pack, names)
            if odd := [ground for ground in step.because if visible(ground).strip() not in grounds]:
                yield Fault(f"steps.{number}.because", "names a clause or duty that was not given", f"'{odd[0]}'")
        for number, clause in enumerate(draft.clauses):
            if visible(clause).strip() not in clauses:
                yield Fault(f"clauses.{number}", "a clause that was not given", f"'{clause}'; use the field 'clause'")
        yield from _fact_faults(draft, pack, names)
        if not draft.claims and not visible(draft.abstained).strip():
            yield Fault("claims", "a recommendation without a reason", "give claims, or say in 'abstained' why not")

    return check


def _step_faults(where: str, step: WireStep, case: Case, pack: Pack, names: Names) -> Iterator[Fault]:
    action, target = visible(step.action).strip(), names.target(step.on)
    if action not in pack.actions:
        yield Fault(f"{where}.action", "not one of the pack's actions", f"'{step.action}'")
    elif target is None or target_kind(target, case) is None:
        yield Fault(f"{where}.on", "not in this case", f"'{step.on}'; use case, a party or a part of this case")
    else:
        problems = Plan(steps=(Step(action=action, on=target),)).problems(case, pack)
        for problem in problems:
            # The rule's words name the case's own id, which the model isn't told.
            yield Fault(where, "a step that the rules refuse", problem.replace(f"'{target}'", f"'{step.on}'"))


def _fact_faults(draft: WireDraft, pack: Pack, names: Names) -> Iterator[Fault]:
    for number, flip in enumerate(draft.would_flip):
        if not pack.vocabulary.allows(visible(flip.fact).strip(), visible(flip.value).strip()):
            yield Fault(f"would_flip.{number}", "not in the vocabulary", f"'{flip.fact}: {flip.value}'")
        if flip.about is not None and names.target(flip.about) is None:
            yield Fault(f"would_flip.{number}.about", "not in this case", f"'{flip.about}'")
    for number, fact in enumerate(draft.missing):
        if visible(fact).strip() not in pack.vocabulary:
            yield Fault(f"missing.{number}", "not in the vocabulary", f"'{fact}'")
