"""Opening a retriever from settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from policy_corpus import Pack
from retrieval.embedders import Embedder
from retrieval.engine import folder as snapshots
from retrieval.engine.durable import Durable
from retrieval.engine.index import SnapshotIndex
from retrieval.indexes.brute_force import BruteForceIndex
from retrieval.retriever import Retriever

if TYPE_CHECKING:
    from retrieval.indexes.chroma_place import Place


def open_retriever(
    pack: Pack, embedder: Embedder, folder: Path | None = None, *, place: Place | None = None, rebuild: bool = False
) -> Retriever:
    """A retriever over the pack, not yet synced. It answers from a snapshot in `folder`, or in memory without one.

    Chroma, which snapshots are derived from, is loaded only when a sync has much to do.

    Args:
        place: where Chroma keeps the vectors, such as a server; the same folder by default.
        rebuild: start with an empty index whatever is there.

    Raises:
        IndexFault: the index can't be used; `IndexMismatch` when another model or pack made it.
    """
    if folder is None:
        return Retriever(pack, BruteForceIndex(embedder))
    durable = _chroma(pack.id, place or folder)
    if rebuild:
        snapshots.withdraw(folder / SNAPSHOTS)
        durable(embedder, rebuild).close()
    return Retriever(pack, SnapshotIndex(folder / SNAPSHOTS, embedder, durable, pack=pack.id))


SNAPSHOTS = "snapshots"


def _chroma(pack: str, where: Path | Place) -> Callable[..., Durable]:
    def opened(embedder: Embedder, rebuild: bool = False) -> Durable:
        from retrieval.indexes.chroma import ChromaIndex

        make = ChromaIndex.rebuilt if rebuild else ChromaIndex
        return make(where, embedder, pack=pack)

    return opened
