"""An index kept by Chroma: in a folder, written by one process at a time, or by a server."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

import numpy as np

from policy_corpus import Passage
from retrieval.embedders.base import Embedder, Vectors
from retrieval.errors import IndexLocked, IndexMismatch
from retrieval.indexes.base import SCHEMA, Difference, Progress, Synced, difference, embedded, entries
from retrieval.indexes.chroma_client import let_go
from retrieval.indexes.chroma_place import Place, place_of
from retrieval.indexes.chroma_rows import Rows, held, pages, rows_of, walk
from retrieval.indexes.exact import ExactRows

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection as Stored

_BATCH = 64
_PUT = 2_000
"""Entries sent at once; a server takes somewhat over 5,000."""

EXACT_UP_TO = 20_000
"""Entries up to which every vector is compared. Chroma's graph does not reach all of many near-identical vectors, and
precedents often differ by one fact only."""

# Vectors have length 1, so the inner product is the cosine. With "cosine" Chroma would scale them once more, and what
# is read would differ in its last bits from what was written, so that a moved index could not be proven equal.
_HNSW: Any = {"space": "ip", "ef_construction": 100, "max_neighbors": 16, "ef_search": 400}


class ChromaIndex:
    """Vectors of one pack's passages, made by one embedder, in a folder or on a server.

    Close it (or use it in a `with`) when another process is to take over the folder.
    """

    def __init__(
        self, where: Path | Place, embedder: Embedder, *, pack: str, wait: float = 10.0, exact_up_to: int = EXACT_UP_TO
    ) -> None:
        """Open the index, or start an empty one.

        Args:
            where: a folder of its own, or a `Server`.
            pack: id of the pack; an index of another one is refused. Its version may differ: a sync sees to that.
            wait: seconds to wait for another process that is writing, or for a server's first answer.
            exact_up_to: entries up to which a copy in memory is searched exactly; above, Chroma's graph is.

        Raises:
            IndexMismatch: it was made by another model, index version or pack.
            IndexFault: its files, or its server, can't be used.
        """
        self._place = place_of(where)
        self._embedder = embedder
        self._pack = pack
        self._wait = wait
        self._exact_up_to = exact_up_to
        self._copy: tuple[object, ExactRows] | None = None
        self._made_by: Mapping[str, Any] = {
            "pack": pack,
            "schema": SCHEMA,
            "embedder": embedder.name,
            "fingerprint": embedder.fingerprint,
        }
        self._place.check(wait)
        self._client = self._place.open()
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    @classmethod
    def rebuilt(cls, where: Path | Place, embedder: Embedder, *, pack: str, wait: float = 10.0) -> Self:
        """An empty index, whatever was there: for one that is damaged or made by another model."""
        place = place_of(where)
        with place.writing(wait):
            place.empty(pack)
            return cls(place, embedder, pack=pack, wait=wait)

    @property
    def place(self) -> Place:
        return self._place

    @property
    def pack(self) -> str:
        """Id of the pack that it belongs to."""
        return self._pack

    @property
    def embedder(self) -> Embedder:
        return self._embedder

    @property
    def count(self) -> int:
        with self._place.translated():
            return len({entry.passage for entry in held(self._stored()).values()})

    def pending(self, passages: Iterable[Passage]) -> int:
        return self._difference(entries(passages, self._embedder.window)).pending

    def sync(self, passages: Iterable[Passage], progress: Progress | None = None) -> Synced:
        wanted = entries(passages, self._embedder.window)
        with self._place.writing(self._wait) as alone:
            self._place.check(self._wait)
            todo = self._difference(wanted)
            if todo.pending:
                with self._revising(alone):
                    if not alone:
                        todo = self._difference(wanted)
                    self._drop(todo.drop)
                    for batch, vectors in embedded(todo.put, self._embedder, _BATCH, progress):
                        self._put(rows_of(batch, vectors))
        return todo.synced

    def search(self, vectors: Vectors, k: int, allowed: Collection[str] | None = None) -> list[tuple[str, float]]:
        if not len(vectors) or k < 1 or (allowed is not None and not allowed):
            return []
        with self._place.translated():
            stored = self._stored()
            if stored.count() <= self._exact_up_to:
                return self._rows(stored).search(vectors, k, allowed)
            return walk(stored, vectors, k, allowed)

    def pages(self, *, vectors: bool = True) -> Iterator[Rows]:
        """Everything it holds, some thousand entries at a time, with vectors or without.

        Raises:
            IndexFault: it can't be read.
        """
        with self._place.translated():
            yield from pages(self._stored(), vectors=vectors)

    def replace(self, drop: Iterable[str], put: Iterable[Rows]) -> None:
        """Remove entries by id, then write others whose vectors are already there.

        Raises:
            IndexLocked: another process is writing.
            IndexFault: it can't be written.
        """
        with self._place.writing(self._wait) as alone, self._revising(alone):
            self._drop(tuple(drop))
            for rows in put:
                self._put(rows)

    def close(self) -> None:
        """Let go of the files, or of the server."""
        let_go(self._client)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check(self) -> None:
        """Make the collection if there is none, and see that it is ours."""
        with self._place.translated():
            stored = self._client.get_or_create_collection(
                self._place.collection(self._pack),
                embedding_function=None,
                configuration={"hnsw": _HNSW},
                metadata=dict(self._made_by),
            )
            found = dict(stored.metadata or {})
        for key, title in _TITLES.items():
            if found.get(key) != self._made_by[key]:
                raise IndexMismatch(
                    f"the index in {self._place} was made by {title} {found.get(key, 'unknown')!r},"
                    f" this is {self._made_by[key]!r}",
                    "rebuild it: ChromaIndex.rebuilt(…), then sync; or name another place",
                )

    def _stored(self) -> Stored:
        """The collection, asked for each time, as another process may have rebuilt it."""
        return self._client.get_collection(self._place.collection(self._pack), embedding_function=None)

    def _difference(self, wanted: Mapping[str, Any]) -> Difference:
        with self._place.translated():
            return difference(wanted, held(self._stored()))

    def _rows(self, stored: Stored) -> ExactRows:
        """All vectors, copied again when the collection was revised, by whichever process."""
        revision = (stored.id, (stored.metadata or {}).get("revision"))
        if self._copy is None or self._copy[0] != revision:
            found = list(pages(stored))
            passages = tuple(passage for rows in found for passage in rows.passages)
            vectors = [rows.vectors for rows in found] or [np.zeros((0, 0), dtype=np.float32)]
            self._copy = (revision, ExactRows(passages, np.concatenate(vectors)))
        return self._copy[1]

    @contextmanager
    def _revising(self, alone: bool) -> Iterator[None]:
        """Tell every process before and after that its copy is out of date.

        Where others aren't kept out, the mark shows whether one wrote meanwhile; marking again tells that one too.
        """
        mine = self._mark()
        disturbed = False
        try:
            yield
            disturbed = not alone and self._revision() != mine
        finally:
            self._mark()
        if disturbed:
            raise IndexLocked(f"the index in {self._place} was written by another process too", "sync it again")

    def _revision(self) -> object:
        with self._place.translated():
            return (self._stored().metadata or {}).get("revision")

    def _mark(self) -> str:
        revision = uuid4().hex
        with self._place.translated():
            self._stored().modify(metadata={**self._made_by, "revision": revision})
        return revision

    def _put(self, rows: Rows) -> None:
        with self._place.translated():
            stored = self._stored()
            for start in range(0, len(rows.ids), _PUT):
                part = slice(start, start + _PUT)
                told = zip(rows.passages[part], rows.digests[part], rows.kinds[part], strict=True)
                stored.upsert(
                    ids=list(rows.ids[part]),
                    embeddings=rows.vectors[part],
                    metadatas=[{"passage": passage, "digest": digest, "kind": kind} for passage, digest, kind in told],
                )

    def _drop(self, ids: tuple[str, ...]) -> None:
        with self._place.translated():
            for start in range(0, len(ids), _BATCH):
                self._stored().delete(ids=list(ids[start : start + _BATCH]))


_TITLES = {
    "schema": "index version",
    "embedder": "model",
    "fingerprint": "model files with fingerprint",
    "pack": "pack",
}
