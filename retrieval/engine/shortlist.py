"""Shortlists: where a text's words stand in very many places, its rare words choose passages, and all rank these.

Common words are most of the postings and tell passages apart the least, which is why MaxScore (Turtle and Flood, Query
Evaluation: Strategies and Optimizations, 1995) looks them up for promising passages only. Here the promise is to be
among the best by rare words, without proof: what a long text says in common words alone adds up to more than any bound
could rule out.

So some are missed. Of 48 texts of 240 words among 10⁶ passages crowded with near copies, the ten best by one window
kept .99 [.97, 1.00] and the fifty best .93 [.90, .96]; by all windows together .97 [.95, .99] and .95 [.92, .98]. The
ten found score .999 of the ten best, and .99 [.98, 1.00] of what a search gives back is the same. Within a filter the
means are .999 and more (`python -m tests.bench.shortlists`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.engine.pools import Pool
from retrieval.engine.postings import Postings
from retrieval.engine.ranking import promising, united

FULL = 2**22
"""Postings up to which all are added for every passage, which takes 2 or 3 ms; more of them make a shortlist."""

_RARE = 2**20
"""Postings of rare words that choose the passages."""

_LISTED = 32
"""How many times as many passages as are wanted in each ranking are chosen, over all pools and kinds of ranking."""

_LEAST = 2
"""The same for one of them, however many there are."""

EVENLY = 3
"""How many times as many are chosen where queries count alike whose weights aren't known yet. Of what a search gives
back, 2 kept .982 and 3 kept .995; choosing with the weights themselves .990 (n = 48, as above)."""

Query = Mapping[str, float]
"""Word to its factor."""


def rare(postings: Postings, queries: Sequence[Query]) -> list[dict[str, float]] | None:
    """Of each query the words that the fewest passages hold, as far as its even share of postings goes; none where all
    words of all queries are few enough. At least one word stays, so that no sentence of a long text goes without a say.
    """
    if postings.count * sum(map(len, queries)) <= FULL:
        return None
    names = list(dict.fromkeys(word for query in queries for word in query))
    spread = dict(zip(names, postings.spread(names).tolist(), strict=True))
    if sum(spread[word] for query in queries for word in query) <= FULL:
        return None
    return [_rarest(query, spread, _RARE // len(queries)) for query in queries]


def _rarest(query: Query, spread: Mapping[str, int], most: int) -> dict[str, float]:
    names = sorted((word for word in query if spread[word]), key=spread.__getitem__)
    ends = np.cumsum([spread[name] for name in names])
    return {name: query[name] for name in names[: max(1, int(ends.searchsorted(most, side="right")))]}


def together(queries: Sequence[Query]) -> dict[str, float]:
    """All queries as one: each word's factors summed."""
    factors: dict[str, float] = defaultdict(float)
    for query in queries:
        for word, factor in query.items():
            factors[word] += factor
    return dict(factors)


def listed(k: int, rankings: int) -> int:
    """How many passages each of the rankings chooses where `k` are wanted."""
    return k * max(_LEAST, _LISTED // rankings)


def chosen(scores: NDArray[np.float32], size: int, pools: Sequence[Pool]) -> NDArray[np.int32]:
    """About so many of the best passages by these scores, in each pool: all together, by place."""
    found = []
    for among in promising(scores, size, pools):
        held = scores[among]
        least = np.partition(held, len(held) - size)[len(held) - size] if len(held) > size else 0.0
        found.append(among[(held >= least) & (held > 0)])
    return united(found)
