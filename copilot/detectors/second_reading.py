"""A second reading of a sentence: disguised words in plain letters, misspelt ones put right.

People write past filters. Patterns are matched on the words as written and on this reading too, so that it only adds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from copilot.text import plain
from policy_corpus import Pack, Pattern
from retrieval.ordinary import is_ordinary, ordinary_words
from retrieval.spelling import Spelling, spread
from retrieval.unmasking import unmasked
from retrieval.words import visible, words

_WORD = re.compile(r"\w+")
_DOUBLED = re.compile(r"(.)\1")
_ESCAPE = re.compile(r"\\[a-zA-Z]")


SHORTEST = 4
"""Letters of the shortest word that is put right."""
COMMON = 0.1
"""Share of the texts from which on a word is too common for anybody to have a reason to misspell it."""


MOST_READ = 256
"""Sentences whose reading is remembered: those of a case, which detectors and rereading ask for in turn."""
LONGEST_READ = 4_000
"""Characters of a sentence that is remembered."""
MOST_MADE = 4
"""Packs, each with its patterns, whose words are remembered."""


class SecondReading:
    """Reads by the words that the policy and its patterns know.

    Args:
        wanted: expressions of the patterns: words that somebody may have a reason to misspell.
    """

    def __init__(self, texts: Iterable[str], wanted: Iterable[str] = ()) -> None:
        expressions = [_ESCAPE.sub(" ", one) for one in wanted]
        said = list(texts)
        known, count = spread((*said, *expressions)), spread(said)
        self._spelling = Spelling(known, ordinary_words())
        telling = (word for one in expressions for word in words(one) if count.get(word, 0) <= COMMON * len(said))
        self._wanted = _Wanted(known, telling)
        self._readings = lru_cache(maxsize=MOST_READ)(self._anew)

    @classmethod
    def of(cls, pack: Pack, patterns: Iterable[Pattern]) -> SecondReading:
        """By the words of the pack's passages; the same one as before for the same pack and expressions."""
        wanted = tuple(one.match for one in patterns)
        key = pack.fingerprint, wanted
        made = _made.get(key)
        if made is None:
            if len(_made) >= MOST_MADE:
                _made.clear()
            clauses = (passage.text for clause in pack.clauses for passage in clause.passages())
            precedents = (passage.text for one in pack.precedents for passage in one.passages())
            made = _made[key] = cls((*clauses, *precedents), wanted)
        return made

    def read(self, sentence: str) -> str:
        """The sentence as patterns see it, in plain and known words; empty where that says nothing new."""
        return self._known(sentence)[0]

    def is_disguised(self, sentence: str) -> bool:
        """Whether words stand in it in other letters than plain ones."""
        return self._known(sentence)[1]

    def _known(self, sentence: str) -> tuple[str, bool]:
        return self._readings(sentence) if len(sentence) <= LONGEST_READ else self._anew(sentence)

    def _anew(self, sentence: str) -> tuple[str, bool]:
        shown = unmasked(sentence)
        told = plain(shown).text
        meant = self._spelling.meant(told) | self._wanted.meant(told)
        if meant:
            told = _WORD.sub(lambda found: meant.get(found.group(), found.group()), told)
        return told if told != plain(sentence).text else "", shown != visible(sentence)


_made: dict[tuple[str, tuple[str, ...]], SecondReading] = {}


class _Wanted:
    """Puts right what nobody knows, where exactly one word of the patterns is a slip away.

    A doubled letter, then one that is missing or has changed places, counts as likelier than a wrong or an added one.
    Such a word is meant before commoner ones that are as near: this reading only adds to the words as written.
    """

    def __init__(self, known: Collection[str], wanted: Iterable[str]) -> None:
        self._known = known
        ordinary = ordinary_words()
        whole = (word for word in set(wanted) if word.isalpha() and is_ordinary(word, ordinary or known))
        self._wanted = sorted(word for word in whole if len(word) >= SHORTEST)
        self._nearest = lru_cache(maxsize=4096)(self._look_up)

    def meant(self, text: str) -> dict[str, str]:
        """The unknown words of a text, each with the word that is meant."""
        told = {word for word in words(text) if len(word) >= SHORTEST and word.isalpha() and word.isascii()}
        return {word: meant for word in sorted(told) if (meant := self._nearest(word))}

    def _look_up(self, word: str) -> str:
        if word in self._known or word in ordinary_words() or (len(word) > SHORTEST and self._is_form(word)):
            return ""
        by_slip: dict[int, list[str]] = {}
        for one in self._one_slip_away(word):
            by_slip.setdefault(_slip(word, one), []).append(one)
        likeliest = by_slip[min(by_slip)] if by_slip else []
        return likeliest[0] if len(likeliest) == 1 else ""

    def _is_form(self, word: str) -> bool:
        """Whether it is a regular form of an ordinary word; too many short words look like one."""
        return is_ordinary(word, ordinary_words())

    def _one_slip_away(self, word: str) -> Iterator[str]:
        """Distance: optimal string alignment, in which neighbours that change places are one slip."""
        from rapidfuzz.distance import OSA

        start = set(word[:2])
        near = (one for one in self._wanted if one[0] in start and abs(len(one) - len(word)) <= 1)
        return (one for one in near if OSA.distance(word, one, score_cutoff=1) == 1)


def _slip(written: str, meant: str) -> int:
    """How unlikely the one slip between two words is: 0 a doubled letter, 1 a missing or moved one, 2 any other."""
    if _DOUBLED.sub(r"\1", written) == _DOUBLED.sub(r"\1", meant):
        return 0
    return 1 if len(meant) > len(written) or sorted(meant) == sorted(written) else 2
