"""Minimal pairs: precedents of one family whose outcomes differ, and the facts that made them differ."""

from __future__ import annotations

from itertools import combinations

from evals.base import Strict
from policy_corpus import Pack, Precedent
from policy_corpus.criteria import UNKNOWN


class Variation(Strict):
    """Two stories of one family with different outcomes."""

    a: str
    b: str
    changed: tuple[str, ...]
    """Facts whose values differ; facts that hang together, such as a match and its list, change together."""


def variations(pack: Pack) -> tuple[Variation, ...]:
    """Every pair of a family whose decisions differ in their steps or in reportability."""
    families: dict[str, list[Precedent]] = {}
    for one in pack.precedents:
        families.setdefault(one.family or one.id, []).append(one)
    pairs = (pair for members in families.values() for pair in combinations(members, 2))
    return tuple(Variation(a=a.id, b=b.id, changed=_changed(a, b)) for a, b in pairs if _outcome(a) != _outcome(b))


def _outcome(one: Precedent) -> object:
    return one.reportability, frozenset((step.action, step.on) for step in one.plan_by_role())


def _changed(a: Precedent, b: Precedent) -> tuple[str, ...]:
    held, other = _held(a), _held(b)
    nothing = frozenset({UNKNOWN})
    facts = sorted({fact for fact, _ in held | other})
    keys = held.keys() | other.keys()
    return tuple(
        fact for fact in facts if any(held.get(k, nothing) != other.get(k, nothing) for k in keys if k[0] == fact)
    )


def _held(one: Precedent) -> dict[tuple[str, str], frozenset[str]]:
    """Fact and the role of whom it is about, to its values: party ids mean nothing outside their story."""
    roles = {party.id: str(party.role) for party in one.parties}
    found: dict[tuple[str, str], frozenset[str]] = {}
    for finding in one.findings:
        key = finding.fact, roles.get(finding.about or "", "")
        found[key] = found.get(key, frozenset()) | {finding.value}
    return found
