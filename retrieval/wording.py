"""Reasons in words that a policy lawyer reads without knowing the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policy_corpus import Verdict, Vocabulary


def met(verdict: Verdict, findings: Mapping[str, frozenset[str]], vocabulary: Vocabulary) -> str:
    """`its criteria are met: Contact with a minor (yes); Age evidence (minor stated)`."""
    facts = (f"{title} ({_values(findings.get(fact))})" for title, fact in _titled(verdict.rests_on, vocabulary))
    return f"its criteria are met: {'; '.join(facts)}"


def undecided(verdict: Verdict, vocabulary: Vocabulary) -> str:
    """`its criteria are open; missing: Age evidence`."""
    missing = "; ".join(title for title, _ in _titled(verdict.missing, vocabulary))
    return f"its criteria are open; missing: {missing}"


def _titled(facts: Iterable[str], vocabulary: Vocabulary) -> list[tuple[str, str]]:
    return sorted((vocabulary.facts[fact].title if fact in vocabulary.facts else fact, fact) for fact in facts)


def _values(values: frozenset[str] | None) -> str:
    """A fact that nobody established counts as unknown, which some criteria list."""
    return " or ".join(sorted(value.replace("_", " ") for value in values or {"unknown"}))
