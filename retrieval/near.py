"""What is near a query: sources, and what there is to say about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import itemgetter
from typing import TypeAlias

from policy_corpus import Passage
from retrieval.fusion import share
from retrieval.hits import Reason
from retrieval.words import words

_NAMED = 4
"""Shared words that a reason names."""

Best: TypeAlias = dict[str, tuple[str, float]]
"""The best passage of each source, by id, with its score, best first."""

Ranked: TypeAlias = list[tuple[str, float]]
"""Passages by id with their scores, best first."""


@dataclass(eq=False, slots=True)
class Near:
    """A source that is near the query, by its best passage."""

    source: str
    score: float
    cosine: float | None
    """Of its passage that is nearest in meaning; none where it was found by words alone."""
    told: Told
    """Knows more, which is worth working out only for what is shown."""

    @property
    def passage(self) -> Passage:
        return self.told.passage(self.source)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """`similar`, `words` or both; they hold for the passage named here."""
        return self.told.reasons(self.source)


class Told:
    """What there is to say about the sources that one query found."""

    def __init__(
        self,
        passages: Mapping[str, Passage],
        meant: Best,
        worded: Best,
        asked: Sequence[str],
    ) -> None:
        """
        Args:
            asked: the query's words, rarest first.
        """
        self._passages = passages
        self._meant = meant
        self._worded = worded
        self._asked = asked
        self._reasons: dict[str, tuple[Reason, ...]] = {}

    def passage(self, source: str) -> Passage:
        """The one that is nearest in meaning, or else by words."""
        found = self._meant.get(source) or self._worded[source]
        return self._passages[found[0]]

    def reasons(self, source: str) -> tuple[Reason, ...]:
        if source not in self._reasons:
            self._reasons[source] = (*self._similar(source), *self._words(source))
        return self._reasons[source]

    def _similar(self, source: str) -> Iterator[Reason]:
        if found := self._meant.get(source):
            yield Reason(kind="similar", detail=f"close in meaning: section '{_section(found[0])}'", score=found[1])

    def _words(self, source: str) -> Iterator[Reason]:
        if found := self._worded.get(source):
            detail = f"shares words with section '{_section(found[0])}': {', '.join(self._shared(found[0]))}"
            yield Reason(kind="words", detail=detail, score=share(self._places[source]))

    def _shared(self, id: str) -> Iterator[str]:
        """The rarest words that the passage shares with the query."""
        passage = self._passages[id]
        held = set(words(f"{passage.title} {passage.text}"))
        return islice((word for word in self._asked if word in held), _NAMED)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {source: rank for rank, source in enumerate(self._worded)}


def _section(id: str) -> str:
    return id.rpartition("#")[2]


def by_source(ranked: Ranked) -> Best:
    """The first passage of each source."""
    best: Best = {}
    for pair in ranked:
        # As `source_of`, without a call for each of a thousand.
        source = pair[0].rpartition("#")[0]
        if source not in best:
            best[source] = pair
    return best


def source_of(id: str) -> str:
    """What a passage's id begins with; looking at the passage itself, of very many, costs much more."""
    return id.rpartition("#")[0]


def merged(rankings: Iterable[Ranked]) -> Ranked:
    """Rankings by the same measure as one."""
    # Two sorts by a part of each pair take half the time of one by a key that has to be made.
    found = sorted((pair for ranking in rankings for pair in ranking), key=itemgetter(0))
    found.sort(key=itemgetter(1), reverse=True)
    return found
