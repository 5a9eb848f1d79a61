"""Whom a finding is about: who wrote the words, the party under review, or the affected child."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from copilot.cases import Case, Part
from policy_corpus import Example, Scope, Vocabulary

VOICES: Mapping[str, str] = {"user": "user", "assistant": "assistant", "tool": "tool", "report": "reporter"}
"""The voice of an example that a part's role answers to; others read like a reviewer's note."""

Habits = Mapping[str, str]
"""`fact voice` to whom such words are mostly about."""


def habits(examples: Iterable[Example], vocabulary: Vocabulary) -> dict[str, str]:
    """Whom the examples' words are mostly about, by fact and voice; facts about the case are left out."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        for shown in example.shows:
            if vocabulary.scope(shown.fact) is Scope.PARTY and shown.about != "case":
                seen[f"{shown.fact} {example.role}"][shown.about] += 1
    return {key: min(counts, key=lambda about: (-counts[about], about)) for key, counts in sorted(seen.items())}


def about(fact: str, part: Part, case: Case, known: Habits) -> Sequence[str | None]:
    """The parties that a part's words show a fact of; not for facts about the case."""
    writer = case.party(part.party) if part.party is not None else None
    if writer is not None and writer.role == "subject":
        return (writer.id,)
    voice = VOICES.get(part.role, "reviewer")
    if writer is not None and writer.role != "unknown":
        voice = "reporter"  # whoever isn't judged tells of others more often than of themselves
    match known.get(f"{fact} {voice}", "subject"):
        case "author" if writer is not None:
            return (writer.id,)
        case "affected":
            return [party.id for party in case.parties if party.role == "affected_child"]
    return case.judged()
