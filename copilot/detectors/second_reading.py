"""A second reading of a sentence: disguised words in plain letters, misspelt ones put right.

People write past filters. Patterns are matched on the words as written and on this reading too, so that it only adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from copilot.text import plain
from policy_corpus import Pack, Pattern
from retrieval.ordinary import ordinary_words
from retrieval.spelling import Spelling, spread
from retrieval.unmasking import unmasked

_WORD = re.compile(r"\w+")
_ESCAPE = re.compile(r"\\[a-zA-Z]")


class SecondReading:
    """Reads by the words that the policy and its patterns know."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._spelling = Spelling(spread(texts), ordinary_words())

    @classmethod
    def of(cls, pack: Pack, patterns: Iterable[Pattern]) -> SecondReading:
        clauses = (passage.text for clause in pack.clauses for passage in clause.passages())
        precedents = (passage.text for one in pack.precedents for passage in one.passages())
        return cls((*clauses, *precedents, *(_ESCAPE.sub(" ", one.match) for one in patterns)))

    def read(self, sentence: str) -> str:
        """The sentence as patterns see it, in plain and known words; empty where that says nothing new."""
        written = plain(sentence).text
        told = plain(unmasked(sentence)).text
        meant = self._spelling.meant(told)
        if meant:
            told = _WORD.sub(lambda found: meant.get(found.group(), found.group()), told)
        return told if told != written else ""
