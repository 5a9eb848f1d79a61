"""Embedding beside sentence-transformers, speed and agreement: `python -m tests.bench.embedding [--data PATH]`.

Figures go to var/bench/embedding.json. Each side lives in a process of its own and they take turns, so that all meet
the same noise; the ratios are of neighbouring turns. CPU seconds stand beside the time on the clock: they vary less on
a busy machine. Before each call other memory is read, as a search does, so that the weights leave the caches.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from policy_corpus import find
from retrieval.embedders import Embedder, OnnxEmbedder, SentenceTransformerEmbedder, query_vectors
from retrieval.windows import query_windows
from tests.bench import agreement

SIDES: dict[str, Callable[[], Embedder]] = {
    "ours": OnnxEmbedder,
    "ours, for queries": OnnxEmbedder,
    "sentence-transformers": SentenceTransformerEmbedder,
}
OTHER = np.zeros(8_000_000, dtype=np.float32)
"""What else is read: 32 MB."""
COLD = """
import sys, time
began = time.perf_counter()
from pathlib import Path
from retrieval.embedders import {kind}
embedder = {kind}(models=Path(sys.argv[1]))
embedder.{method}(["account asks for the home address of somebody"])
embedder.fingerprint
print(time.perf_counter() - began, time.process_time())
"""
Measured = tuple[float, float]
"""Seconds on the clock, seconds of CPU."""


def prose() -> list[str]:
    """Words of the shipped clauses."""
    files = sorted((find("child_safety") / "clauses").rglob("*.md"))
    return [word for file in files for word in file.read_text("utf-8").split("\n---\n", 1)[-1].split()]


def pieces(words: list[str], size: int, count: int) -> list[str]:
    starts = np.linspace(0, len(words) - size, count).astype(int)
    return [" ".join(words[start : start + size]) for start in starts]


def cut(words: list[str], start: int, count: int) -> list[str]:
    """Neighbouring pieces of growing length."""
    sizes = [4 + 2 * at for at in range(count)]
    ends = np.cumsum(sizes) + start
    return [" ".join(words[end - size : end]) for size, end in zip(sizes, ends, strict=True)]


def jobs(passages: int) -> dict[str, list[list[str]]]:
    """What is embedded in one turn: lists of texts that go in together."""
    words = prose()
    window = SIDES["ours"]().window
    return {
        "query of 8 words": [[text] for text in pieces(words, 8, 40)],
        "query of 40 words": [[text] for text in pieces(words, 40, 20)],
        "case of 240 words, in windows": [list(query_windows(text, window)) for text in pieces(words, 240, 6)],
        "case of 12 sentences, 4 to 26 words": [cut(words, start, 12) for start in range(0, 1800, 180)],
        "passages of 85 words, in bulk": [pieces(words, 85, passages)],
        "posts of 15 words, in bulk": [pieces(words, 15, 4 * passages)],
    }


def serve(side: str, passages: int, ends: Connection) -> None:
    """Embeds one job a message until None comes; answers with what each list took."""
    embedder, known = SIDES[side](), jobs(passages)
    embed = query_vectors if side == "ours, for queries" else type(embedder).embed
    for ready in (["ready"] * 4, ["ready"]):
        embed(embedder, ready)
    ends.send(None)
    while (name := ends.recv()) is not None:
        took = []
        for texts in known[name]:
            OTHER.max()
            began, spent = time.perf_counter(), time.process_time()
            embed(embedder, texts)
            took.append((time.perf_counter() - began, time.process_time() - spent))
        ends.send(took)


def warm(runs: int, passages: int) -> dict[str, Any]:
    """Every job by turns."""
    context = multiprocessing.get_context("spawn")
    pipes = {}
    for side in SIDES:
        pipes[side], theirs = context.Pipe()
        context.Process(target=serve, args=(side, passages, theirs), daemon=True).start()
    for pipe in pipes.values():
        pipe.recv()
    known = jobs(passages)
    took: dict[str, dict[str, list[list[Measured]]]] = {name: {side: [] for side in SIDES} for name in known}
    for _ in range(runs):
        for name in known:
            for side, pipe in pipes.items():
                pipe.send(name)
                took[name][side].append(pipe.recv())
    for pipe in pipes.values():
        pipe.send(None)
    return {name: compared(name, known[name], took[name]) for name in known}


def agree(data: Path | None, most: int) -> dict[str, Any]:
    """Ours and ours for queries beside the reference, on the shipped packs."""
    ours, reference = OnnxEmbedder(), SentenceTransformerEmbedder()
    texts, stored = agreement.queries(data, ours.window, most), agreement.passages(ours.window)
    held, theirs = ours.embed(stored), (reference.embed(texts), reference.embed(stored))
    return {
        "ours": agreement.compared(ours.embed(texts), held, *theirs),
        "ours, for queries": agreement.compared(agreement.alone(ours, texts), held, *theirs),
    }


def compared(name: str, texts: list[list[str]], took: dict[str, list[list[Measured]]]) -> dict[str, Any]:
    """Milliseconds a call, or documents a second in bulk, of each side; and how many times faster ours is."""
    bulk = name.endswith("in bulk")
    count = sum(map(len, texts))
    held: dict[str, Any] = {}
    for side, runs in took.items():
        if bulk:
            held[side] = {"documents/s": spread([count / sum(clock for clock, _ in run) for run in runs])}
        else:
            clocks = [1000 * clock for run in runs for clock, _ in run]
            held[side] = {"p50 ms": spread([1000 * statistics.median(clock for clock, _ in run) for run in runs])}
            held[side]["p95 ms"] = float(np.percentile(clocks, 95))
        held[side]["CPU ms a text"] = spread([1000 * sum(spent for _, spent in run) / count for run in runs])
    for side in list(SIDES)[1:]:
        held[f"times faster: ours than {side}"] = ratio(took, "ours", side, 0)
        held[f"times less CPU: ours than {side}"] = ratio(took, "ours", side, 1)
    return held


def ratio(took: dict[str, list[list[Measured]]], one: str, other: str, at: int) -> dict[str, float]:
    ours, theirs = ([statistics.median(part[at] for part in run) for run in took[side]] for side in (one, other))
    return spread([their / our for our, their in zip(ours, theirs, strict=True)])


def spread(values: list[float]) -> dict[str, float]:
    low, high = min(values), max(values)
    return {"median": round(statistics.median(values), 3), "least": round(low, 3), "most": round(high, 3)}


def cold(runs: int) -> dict[str, Any]:
    """Import, load and first query in a fresh process; the files were checked before."""
    took: dict[str, list[Measured]] = {side: [] for side in SIDES}
    with TemporaryDirectory() as models:
        for turn in range(runs + 1):
            for side in SIDES:
                command = [sys.executable, "-c", _cold(side), models]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                clock, spent = map(float, done.stdout.split())
                if turn:
                    took[side].append((clock, spent))
    return {
        side: {"s": spread([clock for clock, _ in runs]), "CPU s": spread([spent for _, spent in runs])}
        for side, runs in took.items()
    }


def _cold(side: str) -> str:
    kind = "SentenceTransformerEmbedder" if side == "sentence-transformers" else "OnnxEmbedder"
    return COLD.format(kind=kind, method="embed_queries" if side == "ours, for queries" else "embed")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--passages", type=int, default=64)
    options.add_argument("--queries", type=int, default=400, help="of each kind, to see what is nearest")
    options.add_argument("--data", type=Path, help="a folder with procedures/, for more queries")
    options.add_argument("--out", type=Path, default=Path("var/bench/embedding.json"))
    chosen = options.parse_args()
    machine = {"cores": os.cpu_count(), "load before": os.getloadavg()[0]}
    settings = {"runs": chosen.runs, "passages": chosen.passages}
    found = {"machine": machine, **settings, "cold start": cold(chosen.runs), **warm(chosen.runs, chosen.passages)}
    found["agreement"] = agree(chosen.data, chosen.queries)
    machine["load after"] = os.getloadavg()[0]
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
