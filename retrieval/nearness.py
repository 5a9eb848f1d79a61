"""Nearness: which clauses and precedents are near a text, by meaning and by words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import TypeAlias, TypeVar

from policy_corpus import Passage
from retrieval.changes import Changes
from retrieval.embedders.base import Vectors
from retrieval.fusion import fused, quoting, share
from retrieval.hits import Reason
from retrieval.indexes.base import Index, Living, Worded
from retrieval.lexical import LexicalIndex
from retrieval.windows import led_by_whole, query_windows

DEPTH = 100
"""How many passages of each kind the two searches look at before fusion."""

MOST_WINDOWS = 64
"""How many windows of a very long text are embedded; the words of all of them are searched."""


_T = TypeVar("_T")

_FEWEST = 3
"""Words that a query must have for a passage to count as quoted."""


@dataclass(frozen=True, slots=True)
class Query:
    """A text made ready for searching, once for all searches that it takes part in."""

    windows: tuple[str, ...]
    vectors: Vectors
    """One row for each of the windows that were embedded: all, unless the text is very long."""
    parts: int = 0
    """How many of the windows are, together, a text too long to be a window of its own; 0 where one holds it all."""


@dataclass(eq=False)
class Near:
    """A source that is near the query, by its best passage."""

    source: str
    score: float
    cosine: float | None
    """Of its passage that is nearest in meaning; none where it was found by words alone."""
    shown: Callable[[], Passage]
    explain: Callable[[], tuple[Reason, ...]]
    """Works the reasons out, which is worth doing only for what is shown; and so `shown`, the passage."""

    @property
    def passage(self) -> Passage:
        return self.shown()

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """`similar`, `words` or both; they hold for the passage named here."""
        return self.explain()


class Nearness:
    """Hybrid search over an index and the words of the same passages."""

    def __init__(self, passages: Iterable[Passage], index: Index) -> None:
        self._passages = {passage.id: passage for passage in passages}
        self._index = index

    @cached_property
    def _own_words(self) -> LexicalIndex:
        return LexicalIndex.of(self._passages.values())

    @property
    def _lexical(self) -> LexicalIndex:
        """The words that the index keeps beside its vectors, or those of the passages where it keeps none."""
        return self._index.lexical if isinstance(self._index, Worded) else self._own_words

    def updated(self, changes: Changes) -> Nearness:
        """The same over an index that has taken up the changes: in milliseconds where it can.

        Raises:
            IndexFault: the index can't be written.
        """
        held = {id: passage for id, passage in self._passages.items() if id not in changes.drop}
        held |= {passage.id: passage for passage in changes.put}
        if isinstance(self._index, Living):
            self._index.revise(changes.put, changes.drop)
        else:
            self._index.sync(held.values())
        made = Nearness((), self._index)
        made._passages = held
        return made

    def read(self, text: str) -> Query | None:
        """The text as a query; none when nothing in it can be seen."""
        windows = query_windows(text, self._index.embedder.window)
        if not windows:
            return None
        vectors = self._index.embedder.embed(self._telling(windows))
        return Query(windows, vectors, 0 if led_by_whole(windows) else len(windows))

    def find(self, query: Query, *pools: Collection[str]) -> list[Near]:
        """The nearest sources among the passages of each pool, best first, ties by id.

        Each pool is searched to its own depth, so that a large one can't push a small one out. What the query quotes
        comes first.
        """
        cosine = self._by_source(_merged(self._index.search(query.vectors, DEPTH, pool) for pool in pools))
        asked = self._lexical.asked(query.windows, query.parts)
        worded = self._lexical.ranked(asked, DEPTH, pools, query.parts)
        windowed, whole = (self._by_source(_merged(some)) for some in (worded[: len(pools)], worded[len(pools) :]))
        # The best window keeps a decisive sentence from drowning, the whole what is said in many places.
        weight = 0.5 if query.parts else 1.0
        scores = fused(((1.0, cosine), (weight, windowed), (weight, whole)))
        # In a text of very many windows some small one is bound to share most of its words with something.
        most = 0.0 if query.parts else _most(asked)
        for source, more in quoting({source: score for source, (_, score) in windowed.items()}, most).items():
            scores[source] += more
        return self._explained(query, scores, cosine, whole | windowed)

    def _explained(self, query: Query, scores: Mapping[str, float], cosine: _Best, worded: _Best) -> list[Near]:
        shared = _once(lambda: self._lexical.sharing(" ".join(query.windows)))
        places = _once(lambda: {source: rank for rank, source in enumerate(worded)})

        def near(source: str, score: float) -> Near:
            meant, said = cosine.get(source), worded.get(source)
            id = (meant or said or ("", 0.0))[0]
            return Near(
                source,
                score,
                meant[1] if meant else None,
                partial(self._passages.__getitem__, id),
                lambda: (*_similar(meant), *_words(shared, said, places, source)),
            )

        order = sorted((-score, source) for source, score in scores.items())
        return [near(source, -score) for score, source in order]

    def nearest(self, query: Query, pool: Collection[str]) -> Near | None:
        """The one source of the pool that is nearest."""
        return next(iter(self.find(query, pool)), None)

    def _telling(self, windows: tuple[str, ...]) -> list[str]:
        """The windows worth embedding: all, or of very many those with the rarest words, in their order."""
        if len(windows) <= MOST_WINDOWS:
            return list(windows)
        ranked = sorted(range(len(windows)), key=lambda at: (-self._lexical.weight(windows[at]), at))
        return [windows[at] for at in sorted(ranked[:MOST_WINDOWS])]

    def _by_source(self, ranked: list[tuple[str, float]]) -> _Best:
        best: _Best = {}
        for pair in ranked:
            # What a passage's id begins with; looking at the passage itself, of very many, costs much more.
            best.setdefault(pair[0].rpartition("#")[0], pair)
        return best


_Best: TypeAlias = dict[str, tuple[str, float]]
"""The best passage of each source, by id, with its score, best first."""

Shared: TypeAlias = Callable[[], Callable[[str], tuple[str, ...]]]
"""Gives what tells the words that a passage shares with the query; worked out when the first reason is asked for."""


def _most(asked: Sequence[Mapping[str, float]]) -> float:
    """The score by words of a passage that holds all of a query, the fullest of several; 0 where each is too short."""
    return max((sum(words.values()) for words in asked if len(words) >= _FEWEST), default=0.0)


def _once(make: Callable[[], _T]) -> Callable[[], _T]:
    return lru_cache(maxsize=1)(make)


def _words(
    shared: Shared, found: tuple[str, float] | None, places: Callable[[], Mapping[str, int]], source: str
) -> Iterator[Reason]:
    if found is not None:
        detail = f"shares words with section '{_section(found[0])}': {', '.join(shared()(found[0]))}"
        yield Reason(kind="words", detail=detail, score=share(places()[source]))


def _similar(found: tuple[str, float] | None) -> Iterator[Reason]:
    if found is not None:
        yield Reason(kind="similar", detail=f"close in meaning: section '{_section(found[0])}'", score=found[1])


def _section(id: str) -> str:
    return id.rpartition("#")[2]


def _merged(rankings: Iterable[list[tuple[str, float]]]) -> list[tuple[str, float]]:
    """Rankings by the same measure as one."""
    return sorted((pair for ranking in rankings for pair in ranking), key=lambda pair: (-pair[1], pair[0]))
