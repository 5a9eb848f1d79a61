"""Findings that follow from others by the vocabulary's own definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from copilot.cases import Case
from copilot.findings import Finding, gather
from policy_corpus import Outcome, Vocabulary
from policy_corpus.vocabulary import Implication

FINDER = "definitions"
DEEPEST = 4
"""How often implications are applied to what implications gave."""


def implied(case: Case, findings: Sequence[Finding], vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """What follows from the findings and isn't found yet; confirmed only where everything that it rests on is.

    What follows only if a suspicion is right is suspected too, by the same kind of finder, so that a duty that rests on
    it is still raised.
    """
    found: dict[_Key, Finding] = {}
    for _ in range(DEEPEST):
        held = (*findings, *found.values())
        # What is held to be so needs no suspicion of it.
        known = {_key(one) for one in held} | {(*_key(one)[:3], True) for one in held}
        fresh = [
            finding
            for implication in vocabulary.implications
            for finding in _apply(implication, case, held, vocabulary)
            if _key(finding) not in known
        ]
        if not fresh:
            break
        found.update({_key(one): one for one in fresh})
    return tuple(found.values())


_Key: TypeAlias = tuple[str, str, str | None, bool]


def _key(finding: Finding) -> _Key:
    return finding.fact, finding.value, finding.about, finding.suspected


def _apply(
    implication: Implication, case: Case, findings: Sequence[Finding], vocabulary: Vocabulary
) -> Iterator[Finding]:
    believed = [one.model_copy(update={"suspected": False}) if one.suspected else one for one in findings]
    for party in _parties(implication, case):
        if implication.when.evaluate(gather(believed, party, vocabulary)).outcome is not Outcome.MEETS:
            continue
        shown = implication.when.evaluate(gather(findings, party, vocabulary)).outcome is Outcome.MEETS
        facts = implication.when.facts()
        used = [one for one in findings if one.fact in facts and one.about in (None, party)]
        sure = gather(findings, party, vocabulary, confirmed=True)
        confirmed = implication.when.evaluate(sure).outcome is Outcome.MEETS
        suspected = not (shown or confirmed)
        told = suspected and all(one.kind == "signal" for one in used if one.suspected)
        for about in _about(implication, party, case):
            for fact, value in implication.then.items():
                yield Finding(
                    fact=fact,
                    value=value,
                    about=about,
                    evidence=tuple(dict.fromkeys(span for one in used for span in one.evidence)),
                    kind="signal" if told else "detector",
                    finder=FINDER,
                    confirmed=confirmed,
                    suspected=suspected,
                    note=implication.reason,
                )


def _parties(implication: Implication, case: Case) -> Sequence[str | None]:
    if implication.of is None:
        return case.judged()
    return [party.id for party in case.parties if party.role == implication.of]


def _about(implication: Implication, party: str | None, case: Case) -> Sequence[str | None]:
    match implication.about:
        case "case":
            return (None,)
        case "judged":
            return case.judged()
    return (party,)
