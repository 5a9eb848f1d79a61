"""Criteria and plans in words, for people who read a difference or an exported policy."""

from __future__ import annotations

from collections.abc import Iterable

from policy_corpus.criteria import Node
from policy_corpus.plans import PlannedStep


def criteria_in_words(tree: Node) -> str:
    """Criteria on one line: `contact is yes and (age is minor or threat is harm)`."""
    if tree.fact is not None:
        return f"{tree.fact} is {' or '.join(sorted(tree.values))}"
    if tree.negated is not None:
        return f"not ({criteria_in_words(tree.negated)})"
    parts = [_part(child) for child in tree.children()]
    if tree.any is not None:
        return " or ".join(parts)
    return " and ".join(parts) or "always"


def _part(tree: Node) -> str:
    words = criteria_in_words(tree)
    several = len(tree.children()) > 1 and tree.negated is None
    return f"({words})" if several else words


def plan_in_words(steps: Iterable[PlannedStep]) -> str:
    """A plan on one line: `preserve on case, ban on subject (where role is actor)`."""
    return ", ".join(step_in_words(step) for step in steps) or "nothing"


def step_in_words(step: PlannedStep) -> str:
    """A step with its condition: `ban on subject (where role is actor)`."""
    condition = "" if step.when is None else f" (where {criteria_in_words(step.when)})"
    return f"{step.action} on {step.on}{condition}"
