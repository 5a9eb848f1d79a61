"""Snapshots of three passages, and how the tests open them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from retrieval.embedders import Embedder, HashingEmbedder
from retrieval.engine import folder as snapshots
from retrieval.engine.index import SnapshotIndex
from retrieval.indexes import ChromaIndex
from tests.retrieval.corpus import passage

SMALL = HashingEmbedder(128)
CHANGED = passage("P-1#facts", "The gardener planted trees.", kind="precedent")
NEW = passage("P-2#facts", "A ship left the harbour.", kind="precedent")


def store(folder: Path) -> Callable[[Embedder], ChromaIndex]:
    return lambda embedder: ChromaIndex(folder / "chroma", embedder, pack="sample")


def open_index(folder: Path, embedder: Embedder, **more: int) -> SnapshotIndex:
    return SnapshotIndex(folder / "snapshots", embedder, store(folder), pack="sample", **more)


def ask(index: SnapshotIndex, text: str, k: int = 10) -> list[tuple[str, float]]:
    return index.search(index.embedder.embed([text]), k)


def current(folder: Path) -> Path:
    found = snapshots.current(folder / "snapshots")
    assert found is not None
    return found
