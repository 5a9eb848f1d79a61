"""Conditions of steps that decide nothing: wherever the clause is met they never hold, or always do."""

from __future__ import annotations

from collections.abc import Iterator

from policy_corpus.checks.examination import Examination
from policy_corpus.checks.issues import Issue, Severity
from policy_corpus.checks.worlds import Claim, Worlds
from policy_corpus.clauses import Clause
from policy_corpus.criteria import UNKNOWN
from policy_corpus.normal_form import met
from policy_corpus.plans import CASE_FACTS
from policy_corpus.vocabulary import Fact, Vocabulary

NAME = "step-condition"


def find(seen: Examination) -> Iterator[Issue]:
    """Steps whose condition no situation meets in which their clause applies, and those where every situation does."""
    conditional = [clause for clause in seen.lasting if any(step.when for step in clause.default_plan)]
    if not conditional:
        return
    vocabulary = _with_case_facts(seen.pack.vocabulary)
    worlds = Worlds(vocabulary)
    for clause in conditional:
        with worlds.where([Claim(seen.tree(clause))]):
            for number, step in enumerate(clause.default_plan):
                if step.when is not None:
                    claim = Claim(met(step.when, vocabulary))
                    yield from _idle(clause, number, worlds.can(claim), worlds.can(claim.denied()), seen)


def _idle(clause: Clause, number: int, can_hold: bool, can_lack: bool, seen: Examination) -> Iterator[Issue]:
    action = clause.default_plan[number].action
    at = (clause, ("default_plan", number, "when"))
    subjects = (clause.ref, action)
    if not can_hold:
        message = f"'{clause.ref}' never proposes '{action}': where the clause is met, the step's condition never is"
        yield seen.issue(NAME, Severity.ERROR, subjects, at, message, "correct the condition, or take the step out")
    elif not can_lack:
        message = f"the condition of '{action}' in '{clause.ref}' says nothing: where the clause is met, it always is"
        yield seen.issue(NAME, Severity.WARNING, subjects, at, message, "take 'when' out, or narrow it")


def _with_case_facts(vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary with what a case file says by itself, so that conditions can be reasoned over as criteria are."""
    said = {
        name: Fact(title=name, definition=name, values={value: value for value in (*values, UNKNOWN)})
        for name, values in CASE_FACTS.items()
    }
    return vocabulary.model_copy(update={"facts": {**vocabulary.facts, **said}})
