"""Rules that can never answer: no situation meets their criteria, or their exceptions leave nothing of them."""

from __future__ import annotations

from collections.abc import Iterator

from policy_corpus.checks.examination import Examination
from policy_corpus.checks.issues import Issue, Severity
from policy_corpus.checks.worlds import Claim, as_findings
from policy_corpus.clauses import Clause
from policy_corpus.criteria import UNKNOWN, Node
from policy_corpus.normal_form import disjoint, holds

VALUE = "impossible-value"
UNREACHABLE = "unreachable-clause"
SWALLOWED = "swallowed-rule"


def find_impossible(seen: Examination) -> Iterator[Issue]:
    """Values that the constraints rule out altogether, as when a constraint says more than was meant."""
    vocabulary = seen.pack.vocabulary
    for fact, value in vocabulary.pairs():
        if value != UNKNOWN and not seen.worlds.can(Claim(_holding(fact, value))):
            at = (vocabulary, ("facts", fact, "values", value))
            message = f"the constraints leave no situation in which '{fact}' is '{value}'"
            hint = "narrow the constraint that names it, or take the value out"
            yield seen.issue(VALUE, Severity.ERROR, (f"{fact}={value}",), at, message, hint)


def _holding(fact: str, value: str) -> Node:
    return Node(fact=fact, values=frozenset({value}))


def find_unreachable(seen: Examination) -> Iterator[Issue]:
    """Clauses whose criteria no situation meets."""
    for clause in seen.lasting:
        if seen.example(clause) is None:
            message = (
                f"'{clause.ref}' can never apply: under the vocabulary's constraints no situation meets its criteria"
            )
            hint = "look for two conditions that exclude each other"
            yield seen.issue(UNREACHABLE, Severity.ERROR, (clause.ref,), (clause, ("criteria",)), message, hint)


def find_swallowed(seen: Examination) -> Iterator[Issue]:
    """Rules that are displaced in every situation in which they are met."""
    above: dict[str, list[Clause]] = {}
    for clause in seen.deciding:
        for loser in seen.displaces.get(clause.id, ()):
            above.setdefault(loser, []).append(clause)
    for rule in seen.deciding:
        if swallowing := _swallowing(rule, above.get(rule.id, []), seen):
            yield _swallowed(rule, swallowing, seen)


def _swallowed(rule: Clause, swallowing: list[Clause], seen: Examination) -> Issue:
    names = ", ".join(f"'{clause.ref}'" for clause in swallowing)
    message = f"whenever '{rule.ref}' is met, so is what displaces it ({names}): it never answers"
    hint = "narrow the exceptions or what outranks it, or retire the rule"
    field = "exceptions" if set(rule.exceptions) & {clause.id for clause in swallowing} else "criteria"
    subjects = (rule.ref, *(clause.ref for clause in swallowing))
    return seen.issue(SWALLOWED, Severity.ERROR, subjects, (rule, (field,)), message, hint)


def _swallowing(rule: Clause, above: list[Clause], seen: Examination) -> list[Clause]:
    """Those clauses above the rule that together leave nothing of it; none where it can be met without them."""
    near = [clause for clause in above if not disjoint(seen.box(rule), seen.box(clause))]
    if not near or _met_alone(rule, near, seen):
        return []
    with seen.worlds.where([Claim(seen.tree(rule))]):
        clash = seen.worlds.clash([Claim(seen.tree(clause), true=False) for clause in near])
    return [near[number] for number in clash]


def _met_alone(rule: Clause, near: list[Clause], seen: Examination) -> bool:
    """Whether the example at hand meets the rule and none of those above it, which spares asking the solver."""
    example = seen.example(rule)
    return example is not None and not any(holds(seen.tree(clause), as_findings(example)) for clause in near)
