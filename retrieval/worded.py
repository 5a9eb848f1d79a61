"""By words: the passages that share a query's words, and those that it quotes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from policy_corpus import Passage
from retrieval.lexical import LexicalIndex
from retrieval.near import Best, Ranked, by_source, merged, source_of
from retrieval.quoting import Runs, quoted, quoting, runs

_LOOKED_AT = 12
"""Passages of each ranking by words that are looked at for standing in a long text word for word."""

_FEWEST = 3
"""Words that a query must have for a passage to count as quoted."""


@dataclass(frozen=True, slots=True)
class ByWords:
    """What a query finds by words. Nothing in it needs a vector, so it can be worked out while these are computed."""

    by_window: Best
    """For any of its windows."""
    together: Best
    """For all together, of a long text."""
    quoted: Mapping[str, float]
    """What to add for sources that the query quotes, or that quote it."""
    rarest: Sequence[str]
    """The query's words, rarest first."""


def worded(lexical: LexicalIndex, windows: Sequence[str], depth: int, pools: Sequence[Collection[str]]) -> ByWords:
    """The `depth` best of each pool for a query that one window holds; further windows are other readings of it."""
    asked = lexical.asked(windows)
    found = by_source(merged(lexical.ranked(asked, depth, pools)))
    quotes = quoting({source: score for source, (_, score) in found.items()}, _most(asked))
    return ByWords(found, {}, quotes, lexical.rarest(" ".join(windows)))


@dataclass(frozen=True, slots=True)
class Begun:
    """What a long text finds by words, but for what its windows' shares are needed for."""

    by_window: Best
    quoted: Mapping[str, float]
    rarest: Sequence[str]
    rankings: Iterator[Ranked]
    """Of all windows together, worked out when they are asked for."""
    quotes: Callable[[Iterable[str]], dict[str, float]]
    """What to add for passages, by their sources."""
    looked_at: frozenset[str]

    def finished(self) -> ByWords:
        """The whole; the shares must be known by now."""
        together = list(self.rankings)
        quotes = dict(self.quoted)
        for source, more in self.quotes(_first(together) - self.looked_at).items():
            quotes[source] = max(quotes.get(source, 0.0), more)
        return ByWords(self.by_window, by_source(merged(together)), quotes, self.rarest)


def begun_at_length(
    lexical: LexicalIndex,
    windows: Sequence[str],
    depth: int,
    pools: Sequence[Collection[str]],
    shares: Sequence[float],
    passages: Mapping[str, Passage],
) -> Begun:
    """As `worded`, for a long text.

    Args:
        shares: what each window counts in all together. They are not looked at here, unless there are so many scores
            that none are kept.
    """
    whole = " ".join(windows)
    rankings = lexical.ranked(lexical.asked(windows, len(windows)), depth, pools, shares)
    rarest, quotes = lexical.rarest(whole), partial(_quoted, runs(whole), passages)
    windowed = list(islice(rankings, len(pools)))
    looked_at = _first(windowed)
    return Begun(by_source(merged(windowed)), quotes(looked_at), rarest, rankings, quotes, looked_at)


def _first(rankings: Iterable[Ranked]) -> frozenset[str]:
    return frozenset(id for ranking in rankings for id, _ in ranking[:_LOOKED_AT])


def _quoted(held: Runs, passages: Mapping[str, Passage], ids: Iterable[str]) -> dict[str, float]:
    return quoted(held, ((source_of(id), passages[id].text) for id in ids))


def _most(asked: Sequence[Mapping[str, float]]) -> float:
    """The score by words of a passage that holds all of a query, the fullest of several; 0 where each is too short."""
    return max((sum(words.values()) for words in asked if len(words) >= _FEWEST), default=0.0)
