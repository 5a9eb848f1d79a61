"""Timing: systems take turns at the same queries, so that a noisy machine disturbs all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

REST = 0.02
"""Seconds between two searches: threads of a model that has just run wait for more work, busily, for some milliseconds,
and would take a core from whichever system comes next."""


class Clock:
    """Adds up what is spent inside `running`."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - start


class System(Protocol):
    """Something that is measured."""

    embedding: Clock
    """What it spends on embedding queries."""

    def search(self, text: str, filtered: bool) -> list[int]:
        """Numbers of the sources that come back, best first."""
        ...


def take_turns(
    systems: Mapping[str, System], queries: Sequence[tuple[int, str]], runs: int, filtered: bool
) -> dict[str, dict[str, object]]:
    """For each system: milliseconds as medians over runs with their range, and how often the wanted source came."""
    whole: dict[str, list[list[float]]] = {name: [[] for _ in range(runs)] for name in systems}
    rest: dict[str, list[list[float]]] = {name: [[] for _ in range(runs)] for name in systems}
    found = dict.fromkeys(systems, 0)
    names = list(systems)
    for _, text in queries[:2]:
        for system in systems.values():
            system.search(text, filtered)
    for run in range(runs):
        for turn, (wanted, text) in enumerate(queries):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                system = systems[name]
                time.sleep(REST)
                before, start = system.embedding.seconds, time.perf_counter()
                hits = system.search(text, filtered)
                spent = time.perf_counter() - start
                whole[name][run].append(spent * 1e3)
                rest[name][run].append((spent - (system.embedding.seconds - before)) * 1e3)
                found[name] += run == 0 and wanted in hits
    return {
        name: {
            "end_to_end_ms": _figures(whole[name]),
            "without_embedding_ms": _figures(rest[name]),
            "found": found[name],
            "n": len(queries),
            "runs": runs,
        }
        for name in systems
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median and range of one figure a run."""
    return {"median": _short(statistics.median(values)), "low": _short(min(values)), "high": _short(max(values))}


def _figures(runs: list[list[float]]) -> dict[str, float]:
    """The median over runs of each run's median, with the range of these, and p95 of all queries."""
    every = sorted(value for run in runs for value in run)
    p95 = every[min(len(every) - 1, int(len(every) * 0.95))]
    return spread([statistics.median(run) for run in runs]) | {"p95": _short(p95)}


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def memory() -> dict[str, int]:
    """Of this process in MB: resident, of that not backed by files, and the highest so far."""
    keys = {"VmRSS": "resident", "RssAnon": "anonymous", "VmHWM": "peak"}
    lines = Path("/proc/self/status").read_text().splitlines()
    split = (line.split() for line in lines)
    return {keys[words[0].rstrip(":")]: int(words[1]) // 1024 for words in split if words[0].rstrip(":") in keys}
