"""Nearness: which clauses and precedents are near a text, by meaning and by words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from policy_corpus import Passage
from retrieval.changes import Changes
from retrieval.embedders.base import Vectors, query_vectors
from retrieval.fusion import fused
from retrieval.indexes.base import Index, Living, Worded, compared
from retrieval.later import Later, Numbers, beside
from retrieval.lexical import LexicalIndex
from retrieval.long_texts import together, weighed
from retrieval.near import Best, Near, Ranked, Told, by_source, merged
from retrieval.windows import led_by_whole, query_windows
from retrieval.worded import ByWords, begun_at_length, worded

DEPTH = 100
"""How many passages of each kind the two searches look at before fusion."""

MOST_WINDOWS = 64
"""How many windows of a very long text are embedded; the words of all of them are searched."""

_BEST, _WHOLE = 0.75, 0.25
"""What the nearest window and all windows together count by meaning, in a long text; by words they count alike."""
_MANY = 50_000
"""Passages from which a query's words are looked up while it is embedded: among 1,500, two threads that want the
interpreter in turn took up to half as long again as one; among 100,000 they saved an eighth. From as many on the pools
of a long query are searched side by side, whose own best number was not measured."""


@dataclass(frozen=True, slots=True)
class Query:
    """A text made ready for searching, once for all searches that it takes part in."""

    windows: tuple[str, ...]
    embedding: Callable[[], Vectors]
    """Gives `vectors`, which are computed when they are first asked for: what needs none can begin before."""
    parts: int = 0
    """How many of the windows are, together, a text too long to be a window of its own; 0 where one holds it all."""
    embedded: tuple[int, ...] = ()
    """Which window each of the vectors stands for."""

    @property
    def vectors(self) -> Vectors:
        """One row for each of the windows that were embedded: all, unless the text is very long."""
        return self.embedding()

    def with_vectors(
        self, windows: tuple[str, ...], embedding: Callable[[], Vectors], embedded: tuple[int, ...]
    ) -> Query:
        """The same with other windows and vectors."""
        return Query(windows, cache(embedding), self.parts, embedded)


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
        embedding = partial(query_vectors, self._index.embedder, [windows[at] for at in telling])
        return Query(windows, cache(embedding), parts, telling)

    def find(self, query: Query, *pools: Collection[str]) -> list[Near]:
        """The nearest sources among the passages of each pool, best first, ties by id.

        Each pool is searched to its own depth, so that a large one can't push a small one out. What the query quotes
        comes first.
        """
        said = self._said_at_length(query, pools) if query.parts else self._said(query, pools)
        scores = fused(said.rankings)
        for source, more in said.words.quoted.items():
            scores[source] += more
        return self._explained(scores, said)

    def _said(self, query: Query, pools: _Pools) -> _Said:
        words = self._beside_embedding(query, partial(worded, self._lexical, query.windows, DEPTH, pools))
        cosine = by_source(self._by_meaning(query, pools))
        by_words = words()
        return _Said(((1.0, cosine), (1.0, by_words.by_window)), cosine, by_words)

    def _said_at_length(self, query: Query, pools: _Pools) -> _Said:
        """The best window keeps a decisive sentence from drowning, all together what is said in many places."""
        with Numbers(len(query.windows)) as shares:
            how = partial(begun_at_length, self._lexical, query.windows, DEPTH, pools, shares, self._passages)
            words = self._beside_embedding(query, how)
            meant = self._by_meaning(query, pools)
            ids = list(dict.fromkeys(id for id, _ in meant))
            cosines = compared(self._index, query.vectors, ids)
            weights = weighed(cosines)
            shares.tell(_shares(query, weights))
        cosine, about = by_source(meant), by_source(together(ids, cosines, weights))
        by_words = words().finished()
        windowed, whole = by_words.by_window, by_words.together
        return _Said(((_BEST, cosine), (_WHOLE, about), (0.5, windowed), (0.5, whole)), cosine, by_words)

    def _beside_embedding(self, query: Query, make: Callable[[], T]) -> Callable[[], T]:
        """What makes the same, among many passages in another thread while the query is embedded."""
        if len(self._passages) < _MANY:
            return make
        made = Later(make, at_once=False)
        with beside(made):
            query.embedding()
        return made

    def _meanwhile(self, make: Callable[[], T]) -> Callable[[], T]:
        """What makes the same, among many passages in another thread while this one goes on."""
        return Later(make) if len(self._passages) >= _MANY else make

    def _by_meaning(self, query: Query, pools: _Pools) -> Ranked:
        """Searches the pools; of a long query side by side, as its words are done by then. What one vector needs is so
        little that on a busy machine waiting for another thread takes longer."""
        vectors = query.vectors

        def search(pool: Collection[str]) -> Ranked:
            return self._index.search(vectors, DEPTH, pool)

        held = [pool for pool in pools if len(pool)]
        others = [self._meanwhile(partial(search, pool)) for pool in held[1:]] if query.parts else []
        return merged([*map(search, held[: len(held) - len(others)]), *(found() for found in others)])

    def _explained(self, scores: Mapping[str, float], said: _Said) -> list[Near]:
        words = said.words
        told = Told(self._passages, said.cosine, words.together | words.by_window, words.rarest)
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
_Pools: TypeAlias = Sequence[Collection[str]]

_NOWHERE = "", None


@dataclass(frozen=True, slots=True)
class _Said:
    """What a query finds, before it is made one ranking."""

    rankings: tuple[tuple[float, Best], ...]
    """With their weights."""
    cosine: Best
    """What was found by meaning."""
    words: ByWords
    """What was found by words."""


def _shares(query: Query, weights: NDArray[np.float64]) -> list[float]:
    """The weight of each window, of those of the vectors; one that was not embedded, as others say more or it is
    disguised, counts as the least of those that were."""
    known, least = dict(zip(query.embedded, weights.tolist(), strict=True)), float(weights.min(initial=1.0))
    return [known.get(at, least) for at in range(len(query.windows))]
