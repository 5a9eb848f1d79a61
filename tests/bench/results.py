"""Where measurements are kept: each is written as soon as it is there, so that a run that was cut off goes on."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = (
    "chromadb", "langchain-chroma", "langchain-classic", "langchain-community", "langchain-huggingface", "rank-bm25",
    "bm25s", "tantivy", "numpy", "onnxruntime", "tokenizers", "sentence-transformers", "torch",
)  # fmt: skip


class Results:
    """A JSON file of measured cells by name."""

    SECTION = "cells"
    """What the file calls them."""

    def __init__(
        self,
        file: Path,
        settings: dict[str, Any],
        tell: Callable[[str], None],
        command: str = "python -m tests.bench.retrieval",
    ) -> None:
        """Go on with the file's cells if they were measured with the same settings, else begin anew."""
        self._file = file
        self._tell = tell
        machine = {"cores": len(os.sched_getaffinity(0)), "kind": "CPU", "python": platform.python_version()}
        about = {"format": 1, "command": command, "settings": settings, "machine": machine}
        versions = {name: version(name) for name in PACKAGES}
        self.whole: dict[str, Any] = {**about, "versions": versions, self.SECTION: {}}
        if file.exists():
            before = json.loads(file.read_text(encoding="utf-8"))
            if {**before, self.SECTION: {}} == self.whole:
                self.whole[self.SECTION] = before[self.SECTION]

    @property
    def cells(self) -> dict[str, Any]:
        found: dict[str, Any] = self.whole[self.SECTION]
        return found

    def measure(self, name: str, how: Callable[[], Any]) -> None:
        """Measure a cell unless it is there, and keep it."""
        if name in self.cells:
            self._tell(f"{name}: kept")
            return
        self._tell(f"{name} …")
        self.cells[name] = how()
        whole = self._file.with_suffix(".making")
        self._file.parent.mkdir(parents=True, exist_ok=True)
        whole.write_text(json.dumps(self.whole, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        os.replace(whole, self._file)


class Shares(Results):
    """The same for shares that were found, each cell a system of figures (see `evals.figures`)."""

    SECTION = "systems"


def figures(named: Mapping[str, Mapping[str, float]], n: int) -> dict[str, Any]:
    """A cell of means with 95 % intervals, shares in percent: texts show two decimals."""
    return {
        "figures": [
            {"name": f"{name}, %", "value": _percent(one["mean"]), "low": _percent(one["low"]),
             "high": _percent(one["high"]), "n": n}
            for name, one in named.items()
        ]
    }  # fmt: skip


def _percent(share: float) -> float:
    return round(100 * share, 2)


def to_stderr(said: str) -> None:
    print(said, file=sys.stderr, flush=True)
