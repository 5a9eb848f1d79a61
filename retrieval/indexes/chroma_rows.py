"""What Chroma holds, read page by page, and its own search by graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.embedders.base import Vectors
from retrieval.indexes.base import Entry, Held, nearest

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection as Stored

PAGE = 2_000
"""Entries read at once: what a server sends in one answer stays some megabytes."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Some entries as they are stored, entry by entry."""

    ids: tuple[str, ...]
    passages: tuple[str, ...]
    digests: tuple[str, ...]
    kinds: tuple[str, ...]
    vectors: Vectors
    """(n, d), to the bit what was put in; (0, 0) where only the rest was asked for."""

    def at(self, places: Sequence[int]) -> Rows:
        """The entries at those places."""
        ids, passages, digests, kinds = (
            tuple(column[at] for at in places) for column in (self.ids, self.passages, self.digests, self.kinds)
        )
        return Rows(ids, passages, digests, kinds, self.vectors[list(places)])


def rows_of(batch: Sequence[Entry], vectors: Vectors) -> Rows:
    """Entries with their vectors."""
    ids, passages = tuple(entry.id for entry in batch), tuple(entry.passage for entry in batch)
    return Rows(ids, passages, tuple(entry.digest for entry in batch), tuple(entry.kind for entry in batch), vectors)


def pages(stored: Stored, *, vectors: bool = True) -> Iterator[Rows]:
    """Everything in the collection, in its own order; with vectors or without."""
    include: Any = ["metadatas", "embeddings"] if vectors else ["metadatas"]
    start = 0
    while True:
        found = stored.get(include=include, limit=PAGE, offset=start)
        if not found["ids"]:
            return
        start += len(found["ids"])
        told: list[Any] = list(found["metadatas"] or ())
        passages, digests, kinds = (tuple(str(row[key]) for row in told) for key in ("passage", "digest", "kind"))
        rows = np.asarray(found["embeddings"] if vectors else np.zeros((0, 0)), dtype=np.float32)
        yield Rows(tuple(found["ids"]), passages, digests, kinds, rows)


def held(stored: Stored) -> dict[str, Held]:
    """What is there, without its vectors."""
    return {
        id: Held(passage, digest)
        for rows in pages(stored, vectors=False)
        for id, passage, digest in zip(rows.ids, rows.passages, rows.digests, strict=True)
    }


def walk(stored: Stored, vectors: Vectors, k: int, allowed: Collection[str] | None) -> list[tuple[str, float]]:
    """As `Index.search`, by Chroma's graph."""
    total = stored.count()
    # A passage may have several entries, so the nearest k entries may be fewer passages.
    size = min(total, k + 8)
    while size:
        lists = _ask(stored, vectors, size, allowed)
        if size == total or all(len(rows) < size or len({id for id, _ in rows}) >= k for rows in lists):
            return nearest((pair for rows in lists for pair in rows), k)
        size = min(total, size * 4)
    return []


def _ask(stored: Stored, vectors: Vectors, size: int, allowed: Collection[str] | None) -> list[list[tuple[str, float]]]:
    """For each vector, passage ids and cosines of its `size` nearest entries."""
    where: Any = None if allowed is None else {"passage": {"$in": sorted(allowed)}}
    found = stored.query(query_embeddings=vectors, n_results=size, where=where, include=["distances"])
    lists = zip(found["ids"], found["distances"] or (), strict=True)
    return [
        [(id.rpartition("~")[0], 1.0 - float(distance)) for id, distance in zip(ids, distances, strict=True)]
        for ids, distances in lists
    ]
