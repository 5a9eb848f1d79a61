"""Normal form: what must hold for criteria to be met, or to fail, without any `not`.

In three-valued logic "not met" and "fails" differ: an open fact leaves criteria undecided. Both sides are therefore
written out as trees of `all`, `any` and atoms alone, in which an atom holds exactly when every held value is one of its
own. That makes them quick to test and safe to reason over.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy_corpus.criteria import UNKNOWN, Findings, Node
from policy_corpus.vocabulary import Vocabulary

Box = Mapping[str, frozenset[str]]
"""For some facts, the values that are left to them."""

_OPEN = frozenset({UNKNOWN})


def met(tree: Node, vocabulary: Vocabulary) -> Node:
    """The tree that holds exactly where `tree` is met."""
    if tree.negated is not None:
        return failed(tree.negated, vocabulary)
    if tree.fact is not None:
        return tree
    children = tuple(met(child, vocabulary) for child in tree.children())
    return Node(any=children) if tree.any is not None else Node(all=children)


def failed(tree: Node, vocabulary: Vocabulary) -> Node:
    """The tree that holds exactly where `tree` fails."""
    if tree.negated is not None:
        return met(tree.negated, vocabulary)
    if tree.fact is not None:
        others = frozenset(vocabulary.facts[tree.fact].values) - tree.values - _OPEN
        return Node(fact=tree.fact, values=others)
    children = tuple(failed(child, vocabulary) for child in tree.children())
    return Node(all=children) if tree.any is not None else Node(any=children)


def holds(tree: Node, held: Findings) -> bool:
    """Whether a tree in normal form holds for findings."""
    if tree.fact is not None:
        return (held.get(tree.fact) or _OPEN) <= tree.values
    if tree.any is not None:
        return any(holds(child, held) for child in tree.any)
    return all(holds(child, held) for child in tree.all or ())


def box(tree: Node) -> dict[str, frozenset[str]]:
    """The values that each fact must keep to wherever a tree in normal form holds.

    It says less than the tree: two trees whose boxes are disjoint can't hold together, while others may or may not.
    """
    if tree.fact is not None:
        return {tree.fact: tree.values}
    boxes = [box(child) for child in tree.children()]
    if tree.any is not None:
        return _union(boxes)
    narrowed: dict[str, frozenset[str]] = {}
    for part in boxes:
        for fact, values in part.items():
            narrowed[fact] = narrowed[fact] & values if fact in narrowed else values
    return narrowed


def _union(boxes: list[dict[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    if not boxes:
        return {}
    shared = set(boxes[0]).intersection(*boxes[1:])
    return {fact: frozenset().union(*(part[fact] for part in boxes)) for fact in sorted(shared)}


def disjoint(one: Box, other: Box) -> bool:
    """Whether some fact would need two values at once."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return any(fact in large and not values & large[fact] for fact, values in small.items())
