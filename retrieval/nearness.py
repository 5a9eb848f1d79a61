"""Nearness: which clauses and precedents are near a text, by meaning and by words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from operator import itemgetter
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from policy_corpus import Passage
from retrieval.changes import Changes
from retrieval.embedders.base import Vectors, query_vectors
from retrieval.fusion import fused
from retrieval.indexes.base import Index, Living, Worded, compared
from retrieval.later import Later, Numbers
from retrieval.lexical import LexicalIndex
from retrieval.long_texts import together, weighed
from retrieval.near import Best, Near, Told
from retrieval.quoting import quoted, quoting, runs
from retrieval.windows import led_by_whole, query_windows

DEPTH = 100
"""How many passages of each kind the two searches look at before fusion."""

MOST_WINDOWS = 64
"""How many windows of a very long text are embedded; the words of all of them are searched."""

_BEST, _WHOLE = 0.75, 0.25
"""What the nearest window and all windows together count by meaning, in a long text; by words they count alike."""
_LOOKED_AT = 12
"""Passages of each ranking by words that are looked at for standing in a long text word for word."""

_MANY = 50_000
"""Passages from which a query's words are looked up while it is embedded and compared. Among 1,500, two threads that
want the interpreter in turn took up to half as long again as one; among 100,000 they saved an eighth."""

_FEWEST = 3
"""Words that a query must have for a passage to count as quoted."""


@dataclass(frozen=True, slots=True)
class Query:
    """A text made ready for searching, once for all searches that it takes part in."""

    windows: tuple[str, ...]
    embedding: Callable[[], Vectors]
    """Gives `vectors`; of a single window they are computed when they are first asked for."""
    parts: int = 0
    """How many of the windows are, together, a text too long to be a window of its own; 0 where one holds it all."""
    embedded: tuple[int, ...] = ()
    """Which window each of the vectors stands for."""

    @property
    def vectors(self) -> Vectors:
        """One row for each of the windows that were embedded: all, unless the text is very long."""
        return self.embedding()

    def with_vectors(self, windows: tuple[str, ...], vectors: Vectors, embedded: tuple[int, ...]) -> Query:
        """The same with other windows and vectors."""
        return Query(windows, lambda: vectors, self.parts, embedded)


class Nearness:
    """Hybrid search over an index and the words of the same passages."""

    def __init__(self, passages: Iterable[Passage], index: Index) -> None:
        self._passages = {passage.id: passage for passage in passages}
        self._index = index
        self._worded = index if isinstance(index, Worded) else None

    @cached_property
    def _own_words(self) -> LexicalIndex:
        return LexicalIndex.of(self._passages.values())

    @property
    def _lexical(self) -> LexicalIndex:
        """The words that the index keeps beside its vectors, or those of the passages where it keeps none."""
        return self._worded.lexical if self._worded else self._own_words

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
        telling = self._telling(windows)
        parts = 0 if led_by_whole(windows) else len(windows)
        embedding = cache(partial(query_vectors, self._index.embedder, [windows[at] for at in telling]))
        if len(windows) > 1:
            # Several are embedded on all cores, so that nothing else could get on meanwhile.
            embedding()
        return Query(windows, embedding, parts, telling)

    def find(self, query: Query, *pools: Collection[str]) -> list[Near]:
        """The nearest sources among the passages of each pool, best first, ties by id.

        Each pool is searched to its own depth, so that a large one can't push a small one out. What the query quotes
        comes first.
        """
        said = self._said_at_length(query, pools) if query.parts else self._said(query, pools)
        scores = fused(said.rankings)
        for source, more in said.quoted.items():
            scores[source] += more
        return self._explained(query, scores, said)

    def _said(self, query: Query, pools: _Pools) -> _Said:
        words = self._meanwhile(partial(self._by_words, query, pools))
        cosine = _by_source(self._by_meaning(query, pools))
        asked, worded = words()
        scores = {source: score for source, (_, score) in worded.items()}
        return _Said(((1.0, cosine), (1.0, worded)), cosine, worded, quoting(scores, _most(asked)))

    def _said_at_length(self, query: Query, pools: _Pools) -> _Said:
        """The best window keeps a decisive sentence from drowning, all together what is said in many places."""
        shares = Numbers(len(query.windows))
        words = self._meanwhile(partial(self._by_words_at_length, query, pools, shares))
        with shares:
            meant = self._by_meaning(query, pools)
            ids = list(dict.fromkeys(id for id, _ in meant))
            cosines = compared(self._index, query.vectors, ids)
            weights = weighed(cosines)
            shares.tell(_shares(query, weights))
        cosine, about = _by_source(meant), _by_source(together(ids, cosines, weights))
        held = runs(" ".join(query.windows))
        worded = words()
        windowed, whole = worded[: len(pools)], worded[len(pools) :]
        first = (id for ranking in worded for id, _ in ranking[:_LOOKED_AT])
        texts = [(_source(id), self._passages[id].text) for id in dict.fromkeys(first)]
        best, told = _by_source(_merged(windowed)), _by_source(_merged(whole))
        rankings = ((_BEST, cosine), (_WHOLE, about), (0.5, best), (0.5, told))
        return _Said(rankings, cosine, told | best, quoted(held, texts))

    def _meanwhile(self, make: Callable[[], T]) -> Callable[[], T]:
        """What makes the same, among many passages in another thread while this one goes on."""
        return Later(make) if len(self._passages) >= _MANY else make

    def _by_meaning(self, query: Query, pools: _Pools) -> _Ranked:
        return _merged(self._index.search(query.vectors, DEPTH, pool) for pool in pools)

    def _by_words(self, query: Query, pools: _Pools) -> tuple[Sequence[Mapping[str, float]], Best]:
        asked = self._lexical.asked(query.windows)
        return asked, _by_source(_merged(self._lexical.ranked(asked, DEPTH, pools)))

    def _by_words_at_length(self, query: Query, pools: _Pools, shares: Sequence[float]) -> list[_Ranked]:
        asked = self._lexical.asked(query.windows, len(query.windows))
        return self._lexical.ranked(asked, DEPTH, pools, shares)

    def _explained(self, query: Query, scores: Mapping[str, float], said: _Said) -> list[Near]:
        told = Told(self._passages, said.cosine, said.worded, lambda: self._lexical.rarest(" ".join(query.windows)))
        near = said.cosine.get
        order = sorted(zip([-score for score in scores.values()], scores, strict=True))
        return [Near(source, -score, near(source, _NOWHERE)[1], told) for score, source in order]

    def nearest(self, query: Query, pool: Collection[str]) -> Near | None:
        """The one source of the pool that is nearest."""
        return next(iter(self.find(query, pool)), None)

    def _telling(self, windows: tuple[str, ...]) -> tuple[int, ...]:
        """The windows worth embedding: all, or of very many those with the rarest words, in their order."""
        every = range(len(windows))
        if len(windows) <= MOST_WINDOWS:
            return tuple(every)
        ranked = sorted(every, key=lambda at: (-self._lexical.weight(windows[at]), at))
        return tuple(sorted(ranked[:MOST_WINDOWS]))


T = TypeVar("T")
_Ranked: TypeAlias = list[tuple[str, float]]
"""Passages by id with their scores, best first."""

_Pools: TypeAlias = Sequence[Collection[str]]

_NOWHERE = "", None


@dataclass(frozen=True, slots=True)
class _Said:
    """What a query finds, before it is made one ranking."""

    rankings: tuple[tuple[float, Best], ...]
    """With their weights."""
    cosine: Best
    """What was found by meaning."""
    worded: Best
    """What was found by words, for the reasons."""
    quoted: Mapping[str, float]
    """What to add for sources that the query quotes, or that quote it."""


def _shares(query: Query, weights: NDArray[np.float64]) -> list[float]:
    """The weight of each window, of those of the vectors; one that was not embedded, as others say more or it is
    disguised, counts as the least of those that were."""
    known, least = dict(zip(query.embedded, weights.tolist(), strict=True)), float(weights.min(initial=1.0))
    return [known.get(at, least) for at in range(len(query.windows))]


def _most(asked: Sequence[Mapping[str, float]]) -> float:
    """The score by words of a passage that holds all of a query, the fullest of several; 0 where each is too short."""
    return max((sum(words.values()) for words in asked if len(words) >= _FEWEST), default=0.0)


def _by_source(ranked: _Ranked) -> Best:
    """The first passage of each source."""
    best: Best = {}
    for pair in ranked:
        # As `_source`, without a call for each of a thousand.
        source = pair[0].rpartition("#")[0]
        if source not in best:
            best[source] = pair
    return best


def _source(id: str) -> str:
    """What a passage's id begins with; looking at the passage itself, of very many, costs much more."""
    return id.rpartition("#")[0]


def _merged(rankings: Iterable[list[tuple[str, float]]]) -> list[tuple[str, float]]:
    """Rankings by the same measure as one."""
    # Two sorts by a part of each pair take half the time of one by a key that has to be made.
    found = sorted((pair for ranking in rankings for pair in ranking), key=itemgetter(0))
    found.sort(key=itemgetter(1), reverse=True)
    return found
