"""Reading a case again: as it was meant, and without what is addressed to the program that reads it.

Disguised or misspelt words are put right, planted instructions are blotted out, and so is what is written in another
language than the case is said to be in, for which nothing was measured. What is found in this reading is added to what
the words as written show, so that a text gains nothing by trying to talk a finding away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from copilot.cases import Case, Part, Span
from copilot.detectors import Detector
from copilot.detectors.second_reading import SecondReading
from copilot.detectors.thresholds import CLEARING
from copilot.findings import Finding
from copilot.text import sentences
from policy_corpus import Vocabulary
from retrieval.ordinary import is_ordinary, ordinary_words
from retrieval.words import words

NOTE = "in a second reading of these words"

_READER = (
    r"(?:ai|bot|software|programm?e?|model|system|assistant|classifier|filter|reviewer|moderator|moderation|review)"
)
_ORDERS = re.compile(
    rf"""
    \b(?:ignore|disregard|forget|override|overrule|bypass|(?:do\ not|don[’']t)\ (?:follow|apply|use))\b
        [^.!?\n]{{0,60}}\b(?:instruction|polic|rule|guideline|prompt|criteria|finding|found|above|previous|earlier)\w*
    | (?:^|(?<=[\n\]>)]))\W{{0,3}}(?:system|assistant|developer|administrator)\s?(?:prompt|message|note)?\s?:
    | \bthe\ \w+\ (?:above|below)\ (?:was|is)\ (?:only\ |just\ )?an?\ (?:test|example|drill)\b
    | \b(?:note|message|instructions?|hint)\ (?:to|for)\ (?:the\ |any\ |every\ )?(?:\w+\ )?{_READER}\b
    | \b(?:answer|reply|respond|output|return|conclude|classify|label|mark|set|recommend)\b[^.!?\n]{{0,50}}
        \b(?:no\ violation|no\ action|no\ duty|no\ report|benign|harmless|compliant|empty\ plan|false\ positive)\b
    | \b(?:close|dismiss)\ (?:the|this)\ (?:case|review|ticket)\b
    | \braise\ no\ (?:duty|flag|report|alarm)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Words that order about whoever reads them: to leave rules aside, or to come to a stated answer."""
_TAGS = re.compile(
    r"</?(?:case|system|user|assistant|instructions?|prompt|context|document)\b[^<>]{0,40}>|\[/?inst\]|<\|\w{1,20}\|>",
    re.IGNORECASE,
)
"""Marks by which a text makes as if it ended, or as if somebody else wrote it."""

_ENGLISH = frozenset(
    (
        *(
            "the",
            "and",
            "of",
            "that",
            "with",
            "was",
            "were",
            "this",
            "from",
            "have",
            "has",
            "had",
            "not",
            "are",
            "been",
        ),
        *("will", "would", "they", "you", "your", "she", "his", "her", "who", "what", "when", "which", "but", "for"),
        *("it", "my", "we", "our", "their", "there", "can", "did", "does", "is", "all", "how", "then", "by", "out"),
    )
)
"""Frequent English words that other languages in Latin letters don't have: an English sentence has one of them."""
_BEHIND = re.compile(r"(?<=[\])>])\s+(?=\S)")
_SHORTEST_WORD = 3
_FEWEST_WORDS = 4
"""Words (of letters, three and more of them) by which a language can be told."""
_MOST_ORDINARY = 0.7
"""Share of ordinary English words from which on a sentence without any frequent one still counts as English."""
OUTSIDE = frozenset({"user", "assistant", "report", "profile", "unknown"})
"""Roles of parts that people or systems under review wrote: only they have a reason to talk a finding away."""


FEWEST_CHANGED = 2
"""Words that must read otherwise for a case to be read again; patterns have a second reading of every sentence."""


@dataclass(frozen=True)
class _Sentence:
    """A sentence's place as written, and how it reads again."""

    start: int
    end: int
    read: str
    surely: bool
    """Whether something was left out or is disguised; otherwise words are only spelt as nobody knows them."""


@dataclass(frozen=True)
class Reread:
    """A case as it reads again, with the way back to the words as they stand."""

    case: Case
    places: dict[str, tuple[tuple[int, int, int, int], ...]]
    """By part, for each sentence: start and end as read, start and end as written."""

    def as_written(self, finding: Finding) -> Finding:
        """The same finding with the sentences as written for evidence."""
        spans = dict.fromkeys(filter(None, (self._written(span) for span in finding.evidence)))
        return finding.model_copy(update={"evidence": tuple(spans), "note": finding.note or NOTE})

    def _written(self, span: Span) -> Span | None:
        if span.part not in self.places:
            return span
        under = [place for place in self.places[span.part] if place[0] < span.end and span.start < place[1]]
        return Span(part=span.part, start=under[0][2], end=under[-1][3]) if under else None


class Rereader:
    """Reads cases again and lets detectors look at what comes of it."""

    def __init__(self, reading: SecondReading, vocabulary: Vocabulary) -> None:
        self._reading = reading
        self._vocabulary = vocabulary

    def added(self, again: Reread, detector: Detector, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """What a detector finds in the second reading, beside what all of them found in the words as written.

        A fact on which something else was said already is only contested by a value that makes a case graver; and what
        was left out may be what a value that clears somebody would have been weighed against, so none is added.
        """
        said = {one.fact for one in found}
        known = {(one.fact, one.value, one.about) for one in found}
        return tuple(
            again.as_written(one)
            for one in detector.find(again.case, found)
            if (one.fact, one.value, one.about) not in known
            and (self._graver(one) or (one.fact not in said and one.value not in CLEARING))
        )

    def _graver(self, finding: Finding) -> bool:
        fact = self._vocabulary.facts.get(finding.fact)
        return fact is not None and finding.value in fact.raises_severity

    def read(self, case: Case) -> Reread | None:
        """The case as it reads again; none where that says nothing new."""
        english = case.language.lower().partition("-")[0] in ("", "en")
        told = {part.id: list(self._sentences(part, english)) for part in case.parts}
        if not _worth_it(case, told):
            return None
        read = {part.id: _joined(part.text or "", told[part.id]) for part in case.parts if part.text}
        parts = (part.model_copy(update={"text": read[part.id][0]}) if part.text else part for part in case.parts)
        places = {id: held for id, (_, held) in read.items()}
        return Reread(case.model_copy(update={"parts": tuple(parts)}), places)

    def _sentences(self, part: Part, english: bool) -> Iterator[_Sentence]:
        text = part.text or ""
        for start, end in _pieces(text):
            written = text[start:end]
            kept = without_orders(written) if part.role in OUTSIDE else written
            read = self._reading.read(kept) or kept.strip()
            left_out = english and part.role in OUTSIDE and is_foreign(read)
            surely = left_out or kept != written or self._reading.is_disguised(kept)
            yield _Sentence(start, end, "" if left_out else read, surely)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Sentences; what comes behind a bracket may be another one."""
    for start, end in sentences(text):
        edges = [start, *(start + found.end() for found in _BEHIND.finditer(text[start:end])), end]
        for one, other in pairwise(edges):
            yield one, one + len(text[one:other].rstrip())


def _worth_it(case: Case, told: Mapping[str, Sequence[_Sentence]]) -> bool:
    """Whether something is hidden, or more than one word reads otherwise: one may be a name that nobody knows."""
    changed: set[str] = set()
    for part in case.parts:
        for one in told[part.id]:
            if one.surely:
                return True
            changed.update(set(words((part.text or "")[one.start : one.end])) - set(words(one.read)))
    return len(changed) >= FEWEST_CHANGED


def without_orders(sentence: str) -> str:
    """The sentence without marks of another voice, up to where it begins to order about whoever reads it."""
    said = _TAGS.sub(" ", sentence)
    order = _ORDERS.search(said)
    return said if order is None else said[: order.start()]


def is_foreign(sentence: str) -> bool:
    """Whether a sentence of some length is surely not English."""
    if not sentence.isascii() and _in_other_letters(sentence):
        return True
    said, known = words(sentence), ordinary_words()
    told = [word for word in said if word.isalpha() and len(word) >= _SHORTEST_WORD]
    if len(told) < _FEWEST_WORDS or not known or not _ENGLISH.isdisjoint(said):
        return False
    return sum(is_ordinary(word, known) for word in told) < _MOST_ORDINARY * len(told)


def _in_other_letters(sentence: str) -> bool:
    """Whether most letters, with the marks on them, are of another script than Latin."""
    letters = [char for char in sentence if unicodedata.category(char)[0] in "LM"]
    return sum(not unicodedata.name(char, "").startswith("LATIN") for char in letters) > len(letters) / 2


def _joined(text: str, told: Sequence[_Sentence]) -> tuple[str, tuple[tuple[int, int, int, int], ...]]:
    """The text with each sentence as it reads again, and where each of them now stands."""
    pieces: list[str] = []
    places: list[tuple[int, int, int, int]] = []
    length = last = 0
    for one in told:
        pieces += (text[last : one.start], one.read)
        length += one.start - last
        places.append((length, length + len(one.read), one.start, one.end))
        length, last = length + len(one.read), one.end
    return "".join((*pieces, text[last:])), tuple(places)
