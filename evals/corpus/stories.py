"""What precedents and gold cases have in common: somebody wrote a text about one story."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from evals.gold import GoldCase
from policy_corpus import Precedent
from retrieval.words import words

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_UNIT = re.compile(rf"[{_UNSPACED}]|[^{_UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class Story:
    """One text, and the family of stories that may resemble each other on purpose."""

    id: str
    text: str
    family: str = ""
    language: str = "en"

    def kin(self, other: Story) -> bool:
        """Whether the two may be alike: they are one text, or of one family, such as a minimal pair."""
        return self.id == other.id or (bool(self.family) and self.family == other.family)


def facts_of(precedents: Iterable[Precedent]) -> list[Story]:
    """What happened, without the reasons: decisions under one clause rightly give the same ones."""
    return [Story(one.id, one.facts, one.family, one.language) for one in precedents]


def rationales_of(precedents: Iterable[Precedent]) -> list[Story]:
    return [Story(one.id, one.rationale, one.family, one.language) for one in precedents]


def texts_of(gold: Iterable[GoldCase]) -> list[Story]:
    return [Story(one.id, one.case.text, one.family, one.case.language or "en") for one in gold]


def units(text: str) -> list[str]:
    """The words; in scripts that put no blanks between words each character counts as one."""
    return [unit for word in words(text) for unit in _UNIT.findall(word)]


def word_count(text: str) -> int | None:
    """How many words a text has; none in scripts that put no blanks between words."""
    if sum(map(len, re.findall(rf"[{_UNSPACED}]+", text))) * 2 > len(text):
        return None
    return len(text.split())
