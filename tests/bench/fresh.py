"""Measurements that need a process of their own: memory, and the time from nothing to an answer.

python -m tests.bench.fresh memory SYSTEM SIZE BASE CACHE EMBEDDER
python -m tests.bench.fresh stock-search CACHE EMBEDDER
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench import prose
from tests.bench.timing import memory, spread

ROOT = Path(__file__).parents[2]
QUESTION = "the gardener repaired a lantern near the harbour"
CASE = {"id": "c-1", "text": "Someone offers copies of a brand's watches for sale and asks to be paid outside."}


def memory_of(system: str, size: int, base: int, cache: Path, embedder: str) -> dict[str, int]:
    """MB of a fresh process that has answered a few queries."""
    command = [sys.executable, "-m", "tests.bench.fresh", "memory", system, str(size), str(base), str(cache), embedder]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def cold(home: Path, embedder: str, pack: str, runs: int) -> dict[str, Any]:
    """Seconds of whole commands in fresh processes, taking turns, once everything they need is on the disk."""
    case = home / "case.jsonl"
    home.mkdir(parents=True, exist_ok=True)
    case.write_text(json.dumps(CASE) + "\n", encoding="utf-8")
    cli = [sys.executable, "-m", "ui.cli"]
    commands = {
        "search": [*cli, "search", "copies", "of", "watches", "--pack", pack],
        "review": [*cli, "review", str(case), "--pack", pack, "--out"],
        "stock search": [sys.executable, "-m", "tests.bench.fresh", "stock-search", str(home), embedder],
    }
    environment = {**os.environ, "REVIEWER_COPILOT_HOME": str(home / "home"), "REVIEWER_COPILOT_EMBEDDER": embedder}
    spent: dict[str, list[float]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, command in commands.items():
            ends = [str(home / f"reviews-{run}-{time.time_ns()}.jsonl")] if name == "review" else []
            start = time.perf_counter()
            subprocess.run([*command, *ends], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
            spent[name].append(time.perf_counter() - start)
    return {name: {"seconds": spread(values[1:]), "first": round(values[0], 3), "runs": runs}
            for name, values in spent.items()}  # fmt: skip


def _memory(system: str, size: int, base: int, cache: Path, embedder: str) -> None:
    from tests.bench.retrieval import opened, the_material

    found = opened(system, the_material(size, base, cache, embedder), cache, embedder)
    for _, text in prose.queries(prose.passages(50), 10, 8):
        found.search(text, False)
    print(json.dumps(memory()))


def _stock_search(cache: Path, embedder: str) -> None:
    """What a script over the stock chain does: load, open, read the texts, ask."""
    from tests.bench.retrieval import opened, the_material

    found = opened("stock", the_material(200, 200, cache, embedder), cache, embedder)
    print(found.search(QUESTION, False))


def bulk(texts: Sequence[str], folder: Path, embedder: str, runs: int) -> dict[str, Any]:
    """Documents a second into an empty index, embedding included, taking turns."""
    from retrieval import open_retriever
    from tests.bench import ours, stock
    from tests.bench.retrieval import embeddings_of, the_embedder

    chosen, theirs = the_embedder(embedder), embeddings_of(embedder)
    chosen.embed(texts[:8])
    theirs.embed_documents(list(texts[:8]))
    pack, told = ours.pack(texts), stock.documents(texts)
    spent: Mapping[str, list[float]] = {"ours": [], "stock": []}
    for run in range(runs):
        start = time.perf_counter()
        open_retriever(pack, chosen, folder / f"ours-{run}").sync()
        spent["ours"].append(time.perf_counter() - start)
        start = time.perf_counter()
        stock.store(folder / f"stock-{run}", theirs).add_documents(told)
        spent["stock"].append(time.perf_counter() - start)
    rates = {name: spread([len(texts) / one for one in values]) for name, values in spent.items()}
    ratio = statistics.median(spent["stock"]) / statistics.median(spent["ours"])
    return {"documents_per_second": rates, "ratio": round(ratio, 3), "n": len(texts), "runs": runs}


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    if verb == "memory":
        _memory(rest[0], int(rest[1]), int(rest[2]), Path(rest[3]), rest[4])
    else:
        _stock_search(Path(rest[0]), rest[1])
