"""The persistent index: Chroma in a folder, telemetry off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

import numpy as np

from policy_corpus import Passage
from retrieval.embedders.base import Embedder, Vectors
from retrieval.errors import IndexDamaged, IndexMismatch
from retrieval.indexes.base import (
    SCHEMA,
    Difference,
    Entry,
    Held,
    Progress,
    Synced,
    difference,
    embedded,
    entries,
    nearest,
)
from retrieval.indexes.chroma_client import COLLECTION, clear, connect, empty, let_go
from retrieval.indexes.exact import ExactRows
from retrieval.indexes.guard import look_at, translated, writing

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection as Stored

_BATCH = 64

EXACT_UP_TO = 20_000
"""Entries up to which every vector is compared. Chroma's graph does not reach all of many near-identical vectors, and
precedents often differ by one fact only."""

_HNSW: Any = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 400}


class ChromaIndex:
    """Vectors of one pack's passages, made by one embedder, in a folder of their own.

    Close it (or use it in a `with`) when another process is to take over the folder.
    """

    def __init__(
        self, folder: Path, embedder: Embedder, *, pack: str, wait: float = 10.0, exact_up_to: int = EXACT_UP_TO
    ) -> None:
        """Open the folder's index, or start an empty one.

        Args:
            pack: id of the pack; an index of another one is refused. Its version may differ: a sync sees to that.
            wait: seconds to wait for another process that is writing.
            exact_up_to: entries up to which a copy in memory is searched exactly; above, Chroma's graph is.

        Raises:
            IndexMismatch: it was made by another model, index version or pack.
            IndexFault: its files can't be used.
        """
        self._folder = folder
        self._embedder = embedder
        self._wait = wait
        self._exact_up_to = exact_up_to
        self._copy: tuple[object, ExactRows] | None = None
        self._made_by: Mapping[str, Any] = {
            "pack": pack,
            "schema": SCHEMA,
            "embedder": embedder.name,
            "fingerprint": embedder.fingerprint,
        }
        look_at(folder, wait)
        self._client = connect(folder)
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    @classmethod
    def rebuilt(cls, folder: Path, embedder: Embedder, *, pack: str, wait: float = 10.0) -> Self:
        """An empty index in the folder, whatever was there: for one that is damaged or made by another model."""
        with writing(folder, wait):
            try:
                look_at(folder, wait)
                empty(folder)
            except IndexDamaged:
                clear(folder)
            return cls(folder, embedder, pack=pack, wait=wait)

    @property
    def embedder(self) -> Embedder:
        return self._embedder

    @property
    def count(self) -> int:
        return len({entry.passage for entry in self._held().values()})

    def pending(self, passages: Iterable[Passage]) -> int:
        return self._difference(passages).pending

    def sync(self, passages: Iterable[Passage], progress: Progress | None = None) -> Synced:
        with writing(self._folder, self._wait):
            look_at(self._folder, self._wait)
            todo = self._difference(passages)
            if todo.pending:
                with self._revising():
                    self._drop(todo.drop)
                    for batch, vectors in embedded(todo.put, self._embedder, _BATCH, progress):
                        self._put(batch, vectors)
        return todo.synced

    def search(self, vectors: Vectors, k: int, allowed: Collection[str] | None = None) -> list[tuple[str, float]]:
        if not len(vectors) or k < 1 or (allowed is not None and not allowed):
            return []
        with translated(self._folder):
            stored = self._stored()
            if stored.count() <= self._exact_up_to:
                return self._rows(stored).search(vectors, k, allowed)
            return _walk(stored, vectors, k, allowed)

    def close(self) -> None:
        """Let go of the files."""
        let_go(self._client)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check(self) -> None:
        """Make the collection if there is none, and see that it is ours."""
        with translated(self._folder):
            stored = self._client.get_or_create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}, metadata=dict(self._made_by)
            )
            found = dict(stored.metadata or {})
        for key, title in _TITLES.items():
            if found.get(key) != self._made_by[key]:
                raise IndexMismatch(
                    f"the index in '{self._folder}' was made by {title} {found.get(key, 'unknown')!r},"
                    f" this is {self._made_by[key]!r}",
                    "rebuild it: ChromaIndex.rebuilt(…), then sync; or name another folder",
                )

    def _stored(self) -> Stored:
        """The collection, asked for each time, as another process may have rebuilt it."""
        return self._client.get_collection(COLLECTION, embedding_function=None)

    def _held(self) -> dict[str, Held]:
        with translated(self._folder):
            found = self._stored().get(include=["metadatas"])
            rows = zip(found["ids"], found["metadatas"] or (), strict=True)
            return {id: Held(str(row["passage"]), str(row["digest"])) for id, row in rows}

    def _difference(self, passages: Iterable[Passage]) -> Difference:
        return difference(entries(passages, self._embedder.window), self._held())

    def _rows(self, stored: Stored) -> ExactRows:
        """All vectors, copied again when the collection was revised, by whichever process."""
        revision = (stored.id, (stored.metadata or {}).get("revision"))
        if self._copy is None or self._copy[0] != revision:
            found = stored.get(include=["embeddings", "metadatas"])
            passages = tuple(str(row["passage"]) for row in found["metadatas"] or ())
            self._copy = (revision, ExactRows(passages, np.asarray(found["embeddings"], dtype=np.float32)))
        return self._copy[1]

    @contextmanager
    def _revising(self) -> Iterator[None]:
        """Tell every process before and after that its copy is out of date."""
        self._mark()
        try:
            yield
        finally:
            self._mark()

    def _mark(self) -> None:
        with translated(self._folder):
            self._stored().modify(metadata={**self._made_by, "revision": uuid4().hex})

    def _put(self, batch: Sequence[Entry], vectors: Vectors) -> None:
        with translated(self._folder):
            self._stored().upsert(
                ids=[entry.id for entry in batch],
                embeddings=vectors,
                metadatas=[{"passage": entry.passage, "digest": entry.digest, "kind": entry.kind} for entry in batch],
            )

    def _drop(self, ids: tuple[str, ...]) -> None:
        with translated(self._folder):
            for start in range(0, len(ids), _BATCH):
                self._stored().delete(ids=list(ids[start : start + _BATCH]))


_TITLES = {
    "schema": "index version",
    "embedder": "model",
    "fingerprint": "model files with fingerprint",
    "pack": "pack",
}


def _walk(stored: Stored, vectors: Vectors, k: int, allowed: Collection[str] | None) -> list[tuple[str, float]]:
    """The nearest by Chroma's graph."""
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
