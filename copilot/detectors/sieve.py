"""Which of many regular expressions a text could match at all, told by words that they can't do without.

Of hundreds of expressions hardly any matches a sentence, and looking for plain words takes a tenth of the time of
trying each. An expression that needs no plain words, or of which nothing is known, always passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

GROUP = 3
"""Letters by which words are looked up."""

Needs = frozenset[str]
"""Strings of which at least one stands in whatever an expression matches; empty where none is known."""


def needs(expression: str) -> Needs:
    """What a valid expression can't match without."""
    try:
        from re import _parser  # type: ignore[attr-defined]
    except ImportError:
        return frozenset()  # it is not a public part of the standard library
    parsed = _parser.parse(expression)
    return frozenset() if parsed.state.flags & re.IGNORECASE else _of_sequence(parsed)


def _of_sequence(parsed: Iterable[tuple[Any, Any]]) -> Needs:
    """The most telling of what each item of a sequence needs; letters in a row count as one."""
    found: list[Needs] = []
    letters = ""
    for kind, given in parsed:
        if kind.name == "LITERAL":
            letters += chr(given)
        elif kind.name not in ("AT", "ASSERT", "ASSERT_NOT"):  # these take up no room between letters
            found += (frozenset({letters}), _of_item(kind.name, given))
            letters = ""
    known = [one for one in (*found, frozenset({letters})) if one and "" not in one]
    return max(known, key=lambda one: (min(map(len, one)), -len(one)), default=frozenset())


def _of_item(kind: str, given: Any) -> Needs:
    if kind == "SUBPATTERN":
        _, added_flags, _, inner = given
        return frozenset() if added_flags & re.IGNORECASE else _of_sequence(inner)
    if kind == "BRANCH":
        ways = [_of_sequence(way) for way in given[1]]
        return frozenset().union(*ways) if all(ways) else frozenset()
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and given[0] > 0:
        return _of_sequence(given[2])
    return frozenset()


class Sieve:
    """Sorts out which of several expressions, by number, a text could match."""

    def __init__(self, wanted: Sequence[Needs]) -> None:
        self._always = frozenset(number for number, one in enumerate(wanted) if not one)
        of_word: dict[str, list[int]] = {}
        for number, one in enumerate(wanted):
            for word in one:
                of_word.setdefault(word, []).append(number)
        self._short = [(word, numbers) for word, numbers in of_word.items() if len(word) < GROUP]
        self._by_group: dict[str, list[tuple[str, list[int]]]] = {}
        for word, numbers in of_word.items():
            if len(word) >= GROUP:
                self._by_group.setdefault(word[:GROUP], []).append((word, numbers))

    def possible(self, text: str) -> set[int]:
        """The expressions that the text could match; it can't match any other."""
        groups = {text[start : start + GROUP] for start in range(len(text) - GROUP + 1)}
        words = [pair for group in self._by_group.keys() & groups for pair in self._by_group[group]]
        found = set(self._always)
        for word, numbers in (*self._short, *words):
            if word in text:
                found.update(numbers)
        return found
