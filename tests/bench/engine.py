"""Speeds of the engine without embedding: `python -m tests.bench.engine --vectors FILE.npy --sizes 1000 100000`.

Passages are made from a file of vectors of real texts, each with noise added (none below their number), and of words
drawn as often as the packs use them. Every size is built once into a folder and measured in a process of its own, so
that memory is that of answering only. Queries are vectors that were held back; words come from passages.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from policy_corpus import Passage, find, load
from retrieval.embedders import HashingEmbedder, Vectors
from retrieval.engine import manifest, stored
from retrieval.engine.layers import Layer, Layers
from retrieval.engine.postings import gathered
from retrieval.engine.product import ProductCodes
from retrieval.engine.segment import EXACT_UP_TO, Segment, made
from retrieval.engine.telling import telling
from retrieval.engine.vectors import Rows
from retrieval.indexes.base import SCHEMA
from retrieval.lexical import LexicalIndex

HELD_BACK = 200
DEPTH = 100
LENGTH = 45
SHARES = (1.0, 0.3, 0.05, 0.001)
"""Parts of the passages that a filter lets through."""
NOISE = 0.5
"""Length of the noise beside a vector of length 1."""


def build(folder: Path, size: int, vectors: Path) -> dict[str, float]:
    """Write a snapshot of that size, and say how long each part took."""
    rng = np.random.default_rng(size)
    real = np.load(vectors)[HELD_BACK:].astype(np.float32)
    times: dict[str, float] = {}
    with _timed(times, "vectors"):
        rows = (
            np.concatenate([_perturbed(real, count, rng) for count in _parts(size)])
            if size > len(real)
            else (real[:size])
        )
    with _timed(times, "words"):
        postings, vocabulary = gathered(_texts(size, rng))
    coarse = None
    if size > EXACT_UP_TO:
        with _timed(times, "codes"):
            coarse = ProductCodes.of(rows)
    segment = Segment(
        ids=tuple(f"P-{number:08}#facts" for number in range(size)),
        digests=np.zeros(size, dtype="S64"),
        rows=Rows(rows, np.arange(size + 1, dtype=np.int64)),
        postings=postings,
        vocabulary=vocabulary,
        coarse=coarse,
    )
    folder.mkdir(parents=True)
    with _timed(times, "files"):
        stored.write(segment, folder, pack="bench", embedder=HashingEmbedder(rows.shape[1]), schema=SCHEMA)
    return times


def measure(folder: Path, vectors: Path, rounds: int) -> dict[str, Any]:
    """Open a snapshot and search it."""
    start = time.perf_counter()
    segment = stored.opened(folder, manifest.read(folder))
    layers = Layers.of(segment)
    opening = _ms(start)
    lexical = LexicalIndex(layers)
    size = len(segment.ids)
    rng = np.random.default_rng(1)
    held = np.load(vectors)[:HELD_BACK].astype(np.float32)
    found: dict[str, Any] = {"passages": size, "opening_ms": opening, "searches": []}
    texts = {words: _queries(segment, words, rng) for words in (8, 240)}
    for share in SHARES:
        pool = (
            None
            if share == 1.0
            else frozenset(
                segment.ids[at] for at in rng.choice(size, max(1, int(share * size)), replace=False).tolist()
            )
        )
        start = time.perf_counter()
        layers.near(held[:1], DEPTH, pool)
        first = _ms(start)
        for windows, words in ((1, 8), (8, 240)):
            asked = [held[at : at + windows] for at in range(0, HELD_BACK - windows, max(1, windows))]
            dense = _times(partial(_near, layers, asked, pool), rounds)
            word = _times(partial(_worded, lexical, texts[words], pool), rounds)
            found["searches"].append({
                "share": share, "vectors": windows, "words": words, "first_use_of_filter_ms": first,
                "dense_ms": _spread(dense), "lexical_ms": _spread(word), "both_ms": _spread(dense + word),
                "recall_at_10": _recall(layers, segment, asked[: 50], pool), "n_recall": min(50, len(asked)),
            })  # fmt: skip
    found["rss_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    found["update_ms"] = _spread(_updates(folder, segment, rounds=20))
    return found


def _near(layers: Layers, asked: Sequence[Vectors], pool: frozenset[str] | None, at: int) -> object:
    return layers.near(asked[at % len(asked)], DEPTH, pool)


def _worded(lexical: LexicalIndex, texts: Sequence[str], pool: frozenset[str] | None, at: int) -> object:
    return lexical.search([texts[at % len(texts)]], DEPTH, pool)


def _updates(folder: Path, segment: Segment, rounds: int) -> Any:
    """Milliseconds to lay one more passage over the snapshot, and to find it."""
    took = []
    for number in range(rounds):
        one = Passage(kind="precedent", source=f"N-{number}", section="facts", title="New", text="a new passage")
        row = segment.rows.rows[number]
        start = time.perf_counter()
        over = made([one], {one.id: [row]}, segment.rows.rows.shape[1], segment.postings.average)
        layers = Layers((Layer.of(segment), Layer.of(over)))
        assert one.id in dict(layers.near(row[None], 5, None))
        took.append(_ms(start))
    return np.array(took)


def _recall(layers: Layers, segment: Segment, asked: Sequence[Vectors], pool: frozenset[str] | None) -> float:
    exact = Layers.of(replace(segment, coarse=None))
    hits = [
        len({id for id, _ in layers.near(one, DEPTH, pool)[:10]} & {id for id, _ in exact.near(one, 10, pool)}) / 10
        for one in asked
    ]
    return round(float(np.mean(hits)) / min(1.0, (len(pool) if pool is not None else 10) / 10), 4)


def _queries(segment: Segment, words: int, rng: np.random.Generator) -> list[str]:
    """Words of one passage each, filled up with words of others, as often as they stand in passages."""
    spread = np.diff(segment.postings.starts).astype(np.float64)
    return [
        " ".join(segment.vocabulary[at] for at in rng.choice(len(spread), words, p=spread / spread.sum()).tolist())
        for _ in range(50)
    ]


def _perturbed(real: Vectors, count: int, rng: np.random.Generator) -> Vectors:
    noise = rng.normal(0, NOISE / np.sqrt(real.shape[1]), (count, real.shape[1])).astype(np.float32)
    rows = real[rng.integers(0, len(real), count)] + noise
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _texts(size: int, rng: np.random.Generator) -> Iterator[list[str]]:
    said = [word for name in ("child_safety", "acceptable_use") for one in load(find(name)).passages()
            for word in telling(one.text)]  # fmt: skip
    for count in _parts(size):
        drawn = rng.integers(0, len(said), (count, LENGTH))
        rare = rng.integers(0, size, count)
        for row, own in zip(drawn.tolist(), rare.tolist(), strict=True):
            yield [*(said[at] for at in row), f"name{own}"]


def _parts(size: int) -> list[int]:
    return [min(20_000, size - start) for start in range(0, size, 20_000)]


def _times(search: Callable[[int], object], rounds: int) -> Any:
    search(0)
    took = []
    for at in range(rounds):
        start = time.perf_counter()
        search(at)
        took.append(_ms(start))
    return np.array(took)


def _spread(took: Any) -> dict[str, float]:
    low, middle, high = np.percentile(took, [5, 50, 95])
    return {"n": len(took), "p5": round(low, 3), "p50": round(middle, 3), "p95": round(high, 3)}


def _ms(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 3)


class _timed:
    def __init__(self, times: dict[str, float], name: str) -> None:
        self._times, self._name = times, name

    def __enter__(self) -> None:
        self._start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._times[f"{self._name}_s"] = round(time.perf_counter() - self._start, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, required=True, help="vectors of real texts, float32 (n, d), length 1")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, default=Path("var/bench-engine"), help="where snapshots are kept")
    parser.add_argument("--out", type=Path, default=Path("engine.json"))
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.vectors, given.rounds)))
        return
    results = json.loads(given.out.read_text()) if given.out.exists() else {}
    for size in given.sizes:
        folder = given.folder / str(size)
        built = results.get(str(size), {}).get("build")
        if not (folder / manifest.NAME).exists():
            built = build(folder, size, given.vectors)
        command = [sys.executable, "-m", "tests.bench.engine", "--vectors", str(given.vectors),
                   "--rounds", str(given.rounds), "--measure", str(folder)]  # fmt: skip
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        results[str(size)] = {"build": built, **json.loads(done.stdout)}
        given.out.write_text(json.dumps(results, indent=1) + "\n")
        print(f"{size} passages measured", flush=True)


if __name__ == "__main__":
    main()
