"""Nearness: which clauses and precedents are near a text, by meaning and by words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from policy_corpus import Passage
from retrieval.embedders.base import Vectors
from retrieval.fusion import fused, share
from retrieval.hits import Reason
from retrieval.indexes.base import Index
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


@dataclass(frozen=True, slots=True)
class Near:
    """A source that is near the query, by its best passage."""

    passage: Passage
    score: float
    reasons: tuple[Reason, ...]
    """`similar`, `words` or both; they hold for the passage named here."""

    @property
    def source(self) -> str:
        return self.passage.source


class Nearness:
    """Hybrid search over an index and the words of the same passages."""

    def __init__(self, passages: Iterable[Passage], index: Index) -> None:
        self._passages = {passage.id: passage for passage in passages}
        self._index = index
        self._lexical = LexicalIndex(self._passages.values())

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
        lexical = _merged(self._lexical.search(query.windows, DEPTH, frozenset(pool)) for pool in pools)
        cosine, worded = self._by_source(dense), self._by_source(lexical)
        places = {source: rank for rank, source in enumerate(worded)}
        found = []
        for source, score in fused(cosine, worded).items():
            reasons = (*_similar(cosine.get(source)), *self._words(query, worded.get(source), places.get(source, 0)))
            found.append(Near((cosine.get(source) or worded[source])[0], score, reasons))
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

    def _words(self, query: Query, found: tuple[Passage, float] | None, rank: int) -> Iterator[Reason]:
        if found is not None:
            shared = self._lexical.shared(" ".join(query.windows), found[0].id)
            detail = f"shares words with section '{found[0].section}': {', '.join(shared)}"
            yield Reason(kind="words", detail=detail, score=share(rank))


def _similar(found: tuple[Passage, float] | None) -> Iterator[Reason]:
    if found is not None:
        yield Reason(kind="similar", detail=f"close in meaning: section '{found[0].section}'", score=found[1])


def _merged(rankings: Iterator[list[tuple[str, float]]]) -> list[tuple[str, float]]:
    """Rankings by the same measure as one."""
    return sorted((pair for ranking in rankings for pair in ranking), key=lambda pair: (-pair[1], pair[0]))
