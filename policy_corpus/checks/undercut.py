"""Default plans that work against a duty which holds whenever their clause is met.

The draft's floor adds what a duty asks for in any case. What is reported here is a plan that says the contrary: it
closes the case, or it takes content away before anything is preserved.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_corpus.actions import Stage, Tier
from policy_corpus.checks.examination import Examination
from policy_corpus.checks.issues import Issue, Severity
from policy_corpus.checks.worlds import Claim, World
from policy_corpus.clauses import Clause
from policy_corpus.duties import Duty

NAME = "undercut-duty"


def find(seen: Examination) -> Iterator[Issue]:
    """Every clause whose plan opposes a duty that is necessarily owed or possible with it."""
    for clause in seen.lasting:
        closing, removing = _closing(clause, seen), _removing(clause, seen)
        if closing is None and removing is None:
            continue
        example = seen.example(clause)
        for id, duty in seen.pack.duties.items() if example is not None else ():
            if closing is not None and duty.floor and _always(id, clause, example or {}, seen):
                action = clause.default_plan[closing].action
                message = (
                    f"'{clause.ref}' plans '{action}', while duty '{id}' is always owed or possible when it is met"
                )
                hint = "take the closing step out, or set its clause apart from the duty"
                yield _issue(Severity.ERROR, clause, id, closing, message, hint, seen)
            elif removing is not None and _keeps(duty, seen) and _always(id, clause, example or {}, seen):
                action = clause.default_plan[removing].action
                message = (
                    f"'{clause.ref}' plans '{action}' before anything is preserved, which duty '{id}' always asks for"
                )
                yield _issue(Severity.WARNING, clause, id, removing, message, "put a preserving step before it", seen)


def _issue(
    severity: Severity, clause: Clause, duty: str, step: int, message: str, hint: str, seen: Examination
) -> Issue:
    return seen.issue(NAME, severity, (clause.ref, duty), (clause, ("default_plan", step)), message, hint)


def _always(duty: str, clause: Clause, example: World, seen: Examination) -> bool:
    """Whether the duty is owed or possible in every situation that meets the clause, or the clause says so."""
    owed = Claim(seen.duties[duty])
    if duty in clause.duties:
        return True
    return owed.holds(example) and not seen.worlds.can(Claim(seen.tree(clause)), owed.denied())


def _closing(clause: Clause, seen: Examination) -> int | None:
    actions = [seen.pack.actions[step.action] for step in clause.default_plan]
    return next((number for number, action in enumerate(actions) if action.closes), None)


def _removing(clause: Clause, seen: Examination) -> int | None:
    """The first step that takes content away and that no preserving step comes before, whatever the conditions."""
    for number, step in enumerate(clause.default_plan):
        action = seen.pack.actions[step.action]
        if action.stage is Stage.PRESERVE and step.when is None:
            return None
        if "item" in action.targets and action.tier.rank >= Tier.ENFORCE.rank:
            return number
    return None


def _keeps(duty: Duty, seen: Examination) -> bool:
    return any(seen.pack.actions[step.action].stage is Stage.PRESERVE for step in duty.floor)
