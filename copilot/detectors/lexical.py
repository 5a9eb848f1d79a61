"""Findings from plain words, by the pack's patterns and the deployment's private ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from copilot.cases import Case, Part, Party, Span
from copilot.detectors.second_reading import SecondReading
from copilot.detectors.sieve import Sieve, needs
from copilot.findings import Finding
from copilot.text import plain, sentences
from policy_corpus import Pack, Pattern

LONGEST = 4_000
"""Characters of a sentence that patterns look at; a longer stretch is looked at in pieces, so that none is left out."""

OVERLAP = 200

FINDS_WITHOUT_SIEVE = 4
"""Cases before which expressions aren't sorted out first: making the sieve takes longer than looking at a few."""


@dataclass(frozen=True)
class _Compiled:
    """A pattern whose expressions are compiled when they are first needed: most need only `match`."""

    number: int
    pattern: Pattern

    @cached_property
    def match(self) -> re.Pattern[str]:
        return re.compile(self.pattern.match)

    @cached_property
    def unless(self) -> re.Pattern[str] | None:
        return _compiled(self.pattern.unless)

    @cached_property
    def surface(self) -> re.Pattern[str] | None:
        return _compiled(self.pattern.surface)

    @cached_property
    def nowhere(self) -> re.Pattern[str] | None:
        return _compiled(self.pattern.nowhere)


class LexicalDetector:
    """Finds the patterns' words, sentence by sentence, also where invisible characters break them up."""

    name = "words"

    def __init__(self, patterns: Sequence[Pattern], reading: SecondReading | None = None) -> None:
        self._patterns = [_Compiled(number, one) for number, one in enumerate(patterns)]
        self._reading = reading
        self._finds = 0

    @classmethod
    def of(cls, pack: Pack, private: Sequence[Pattern] = ()) -> LexicalDetector:
        """The pack's patterns and the deployment's own, also matched on words that are disguised or misspelt."""
        patterns = (*pack.patterns, *private)
        return cls(patterns, SecondReading.of(pack, patterns))

    def find(self, case: Case, before: Sequence[Finding] = ()) -> tuple[Finding, ...]:
        self._finds += 1
        found: dict[tuple[str, str, str | None], Finding] = {}
        roles, surface = {party.role for party in case.parties}, plain(case.surface).text
        patterns = [one for one in self._patterns if _speaks(one, roles, surface)]
        shown = [pair for part in case.parts for pair in self._part(part, case, patterns)]
        for finding in _standing(shown, case):
            key = (finding.fact, finding.value, finding.about)
            held = found.get(key)
            found[key] = finding if held is None else _with_evidence(held, finding)
        return tuple(found.values())

    def _possible(self, patterns: Sequence[_Compiled], text: str) -> Sequence[_Compiled]:
        if self._finds < FINDS_WITHOUT_SIEVE:
            return patterns
        possible = self._sieve.possible(text)
        return [one for one in patterns if one.number in possible]

    @cached_property
    def _sieve(self) -> Sieve:
        return Sieve([needs(one.pattern.match) for one in self._patterns])

    def _part(self, part: Part, case: Case, patterns: Sequence[_Compiled]) -> Iterator[tuple[_Compiled, Finding]]:
        writer = case.party(part.party) if part.party is not None else None
        looking = [one for one in patterns if _looks_at(one.pattern, part, writer)]
        for start, end in _pieces(part.text or ""):
            written = (part.text or "")[start:end]
            piece, told = plain(written), self._reading.read(written) if self._reading is not None else ""
            for one in self._possible(looking, f"{piece.text}\n{told}"):
                if (match := _matched(one, piece.text)) is not None:
                    first, last = piece.span(match.start(), match.end())
                elif told and _matched(one, told) is not None:
                    first, last = 0, end - start  # where in a second reading a word stood is not known: the sentence
                else:
                    continue
                span = Span(part=part.id, start=start + first, end=start + last)
                for finding in self._findings(one.pattern, part, case, span):
                    yield one, finding

    def _findings(self, pattern: Pattern, part: Part, case: Case, span: Span) -> Iterator[Finding]:
        for about in _about(pattern, part, case):
            yield Finding(
                fact=pattern.fact,
                value=pattern.value,
                about=about,
                evidence=(span,),
                kind="detector",
                finder=self.name,
                confidence=pattern.confidence,
            )


def _matched(one: _Compiled, text: str) -> re.Match[str] | None:
    match = one.match.search(text)
    return None if match is None or (one.unless is not None and one.unless.search(text)) else match


def _compiled(expression: str) -> re.Pattern[str] | None:
    return re.compile(expression) if expression else None


def _speaks(one: _Compiled, roles: Set[str], surface: str) -> bool:
    """Whether the pattern is meant for a case with parties in these roles on such a surface."""
    if one.pattern.beside and roles.isdisjoint(one.pattern.beside):
        return False
    return one.surface is None or one.surface.search(surface) is not None


def _standing(shown: Sequence[tuple[_Compiled, Finding]], case: Case) -> Iterator[Finding]:
    """The findings whose pattern no words elsewhere in the case take back."""
    doubtful = {id(one): one.nowhere for one, _ in shown if one.nowhere is not None}
    texts = [plain(text[start:end]).text for text in _texts(case) for start, end in _pieces(text)] if doubtful else []
    taken_back = {key for key, words in doubtful.items() if any(words.search(text) for text in texts)}
    return (finding for one, finding in shown if id(one) not in taken_back)


def _texts(case: Case) -> list[str]:
    return [part.text for part in case.parts if part.text]


def _looks_at(pattern: Pattern, part: Part, writer: Party | None) -> bool:
    if pattern.roles and part.role not in pattern.roles:
        return False
    return not pattern.by or (writer.role if writer is not None else "unknown") in pattern.by


def _about(pattern: Pattern, part: Part, case: Case) -> list[str | None]:
    match pattern.about:
        case "case":
            return [None]
        case "author":
            return [part.party]
        case "subject":
            return [party.id for party in case.subjects()] or [None]
    return [party.id for party in case.parties if party.role == pattern.about]


def _with_evidence(held: Finding, more: Finding) -> Finding:
    evidence = tuple(dict.fromkeys((*held.evidence, *more.evidence)))
    return held.model_copy(update={"evidence": evidence})


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    for start, end in sentences(text):
        for at in range(start, end, LONGEST - OVERLAP):
            yield at, min(at + LONGEST, end)
            if at + LONGEST >= end:
                break
