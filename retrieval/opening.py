"""Opening a retriever from settings."""

from __future__ import annotations

from pathlib import Path

from policy_corpus import Pack
from retrieval.embedders import Embedder
from retrieval.indexes import BruteForceIndex, ChromaIndex
from retrieval.retriever import Retriever


def open_retriever(pack: Pack, embedder: Embedder, folder: Path | None = None, *, rebuild: bool = False) -> Retriever:
    """A retriever over the pack, not yet synced: kept by Chroma in `folder`, or in memory without one.

    Args:
        rebuild: start with an empty index whatever is in the folder.

    Raises:
        IndexFault: the folder's index can't be used; `IndexMismatch` when another model or pack made it.
    """
    if folder is None:
        return Retriever(pack, BruteForceIndex(embedder))
    make = ChromaIndex.rebuilt if rebuild else ChromaIndex
    return Retriever(pack, make(folder, embedder, pack=pack.id))
