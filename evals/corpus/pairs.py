"""Minimal pairs: precedents of one family that differ in one fact and came out differently because of it.

Stories of one family whose outcomes differ are variations. A minimal one shows what a single fact is worth, as the
contrast sets of Gardner et al. 2020 (arXiv:2004.02709) do for labels; a wider one leaves open which fact decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from evals.base import Strict
from policy_corpus import Outcome, Pack, Precedent, Status, Vocabulary
from policy_corpus.criteria import UNKNOWN
from policy_corpus.vocabulary import Implication


class Variation(Strict):
    """Two stories of one family with different outcomes."""

    a: str
    b: str
    changed: tuple[str, ...]
    """Facts whose values differ; a fact that only one story lists is unknown in the other."""
    deciding: tuple[str, ...]
    """Those of `changed` that don't follow from another changed fact by the vocabulary's implications."""
    minimal: bool
    """One deciding fact, parties in the same roles, and neither decision stale or set aside."""


def variations(pack: Pack) -> tuple[Variation, ...]:
    """Every pair of a family whose decisions differ in their steps or in reportability."""
    families: dict[str, list[Precedent]] = {}
    for one in pack.precedents:
        families.setdefault(one.family or one.id, []).append(one)
    pairs = (pair for members in families.values() for pair in combinations(members, 2))
    return tuple(_variation(a, b, pack.vocabulary) for a, b in pairs if _outcome(a) != _outcome(b))


def _variation(a: Precedent, b: Precedent, vocabulary: Vocabulary) -> Variation:
    changed = _changed(a, b)
    deciding = _deciding(changed, a, b, vocabulary)
    alike = _cast(a) == _cast(b) and a.status is b.status is Status.ACTIVE
    return Variation(a=a.id, b=b.id, changed=changed, deciding=deciding, minimal=alike and len(deciding) == 1)


def _outcome(one: Precedent) -> object:
    return one.reportability, frozenset((step.action, step.on) for step in one.plan_by_role())


def _cast(one: Precedent) -> list[tuple[str, str]]:
    return sorted((party.kind, party.role) for party in one.parties)


def _changed(a: Precedent, b: Precedent) -> tuple[str, ...]:
    held, other = _held(a), _held(b)
    nothing = frozenset({UNKNOWN})
    return tuple(
        sorted({key[0] for key in held.keys() | other.keys() if held.get(key, nothing) != other.get(key, nothing)})
    )


def _held(one: Precedent) -> dict[tuple[str, str], frozenset[str]]:
    """Fact and the role of whom it is about, to its values: party ids mean nothing outside their story."""
    roles = {party.id: str(party.role) for party in one.parties}
    found: dict[tuple[str, str], frozenset[str]] = {}
    for finding in one.findings:
        key = finding.fact, roles.get(finding.about or "", "")
        found[key] = found.get(key, frozenset()) | {finding.value}
    return found


def _deciding(changed: tuple[str, ...], a: Precedent, b: Precedent, vocabulary: Vocabulary) -> tuple[str, ...]:
    grounds = {**dict(_derived(a, vocabulary)), **dict(_derived(b, vocabulary))}
    left = set(changed)
    for fact in changed:
        # from what is left only: two facts that follow from each other don't both vanish
        if grounds.get(fact, frozenset()) & (left - {fact}):
            left.remove(fact)
    return tuple(sorted(left))


def _derived(one: Precedent, vocabulary: Vocabulary) -> Iterator[tuple[str, frozenset[str]]]:
    """Facts listed with the value that an implication gives them in this story, each with what it follows from."""
    listed = {(finding.fact, finding.value) for finding in one.findings}
    for implication in vocabulary.implications:
        if _applies(implication, one, vocabulary):
            for fact, value in implication.then.items():
                if (fact, value) in listed:
                    yield fact, implication.when.facts()


def _applies(implication: Implication, one: Precedent, vocabulary: Vocabulary) -> bool:
    about = [party.id for party in one.parties if implication.of in (None, party.role)]
    return any(implication.when.evaluate(one.held(party, vocabulary)).outcome is Outcome.MEETS for party in about)
