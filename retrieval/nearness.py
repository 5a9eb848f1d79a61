"""Nearness: which clauses and precedents are near a text, by meaning and by words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import TypeAlias

from policy_corpus import Passage
from retrieval.changes import Changes
from retrieval.embedders.base import Vectors
from retrieval.fusion import fused, share
from retrieval.hits import Reason
from retrieval.indexes.base import Index, Living, Worded
from retrieval.lexical import LexicalIndex
from retrieval.windows import query_windows

DEPTH = 100
"""How many passages of each kind the two searches look at before fusion."""

MOST_WINDOWS = 64
"""How many windows of a very long text are embedded; the words of all of them are searched."""


@dataclass(frozen=True, slots=True)
class Query:
    """A text made ready for searching, once for all searches that it takes part in."""

    windows: tuple[str, ...]
    vectors: Vectors
    """One row for each of the windows that were embedded: all, unless the text is very long."""


@dataclass(frozen=True)
class Near:
    """A source that is near the query, by its best passage."""

    passage: Passage
    score: float
    explain: Callable[[], tuple[Reason, ...]]
    """Works the reasons out, which is worth doing only for what is shown."""

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """`similar`, `words` or both; they hold for the passage named here."""
        return self.explain()

    @property
    def source(self) -> str:
        return self.passage.source


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
        return Query(windows, self._index.embedder.embed(self._telling(windows)))

    def find(self, query: Query, *pools: Collection[str]) -> list[Near]:
        """The nearest sources among the passages of each pool, best first, ties by id.

        Each pool is searched to its own depth, so that a large one can't push a small one out.
        """
        dense = _merged(self._index.search(query.vectors, DEPTH, pool) for pool in pools)
        lexical = _merged(self._lexical.search(query.windows, DEPTH, pool) for pool in pools)
        cosine, worded = self._by_source(dense), self._by_source(lexical)
        places = {source: rank for rank, source in enumerate(worded)}
        shared = _once(lambda: self._lexical.sharing(" ".join(query.windows)))
        found = [
            Near(
                (cosine.get(source) or worded[source])[0],
                score,
                partial(_reasons, shared, cosine.get(source), worded.get(source), places.get(source, 0)),
            )
            for source, score in fused(cosine, worded).items()
        ]
        return sorted(found, key=lambda near: (-near.score, near.source))

    def nearest(self, query: Query, pool: Collection[str]) -> Near | None:
        """The one source of the pool that is nearest."""
        return next(iter(self.find(query, pool)), None)

    def _telling(self, windows: tuple[str, ...]) -> list[str]:
        """The windows worth embedding: all, or of very many those with the rarest words, in their order."""
        if len(windows) <= MOST_WINDOWS:
            return list(windows)
        ranked = sorted(range(len(windows)), key=lambda at: (-self._lexical.weight(windows[at]), at))
        return [windows[at] for at in sorted(ranked[:MOST_WINDOWS])]

    def _by_source(self, ranked: list[tuple[str, float]]) -> dict[str, tuple[Passage, float]]:
        """The best passage of each source with its score, best first."""
        best: dict[str, tuple[Passage, float]] = {}
        for id, score in ranked:
            passage = self._passages[id]
            best.setdefault(passage.source, (passage, score))
        return best


Shared: TypeAlias = Callable[[], Callable[[str], tuple[str, ...]]]
"""Gives what tells the words that a passage shares with the query; worked out when the first reason is asked for."""


def _once(make: Shared) -> Shared:
    return lru_cache(maxsize=1)(make)


def _reasons(
    shared: Shared, cosine: tuple[Passage, float] | None, worded: tuple[Passage, float] | None, rank: int
) -> tuple[Reason, ...]:
    return (*_similar(cosine), *_words(shared, worded, rank))


def _words(shared: Shared, found: tuple[Passage, float] | None, rank: int) -> Iterator[Reason]:
    if found is not None:
        detail = f"shares words with section '{found[0].section}': {', '.join(shared()(found[0].id))}"
        yield Reason(kind="words", detail=detail, score=share(rank))


def _similar(found: tuple[Passage, float] | None) -> Iterator[Reason]:
    if found is not None:
        yield Reason(kind="similar", detail=f"close in meaning: section '{found[0].section}'", score=found[1])


def _merged(rankings: Iterator[list[tuple[str, float]]]) -> list[tuple[str, float]]:
    """Rankings by the same measure as one."""
    return sorted((pair for ranking in rankings for pair in ranking), key=lambda pair: (-pair[1], pair[0]))
