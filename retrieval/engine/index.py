"""The index that answers: a memory-mapped snapshot of a durable store, with what changed since over it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from policy_corpus import Passage
from retrieval.embedders.base import Embedder, Vectors
from retrieval.engine import added, folder, manifest, stored
from retrieval.engine.durable import Durable, gathered
from retrieval.engine.layers import Layer, Layers
from retrieval.engine.product import MULTIPLE, ProductCodes
from retrieval.engine.recalling import Recalling
from retrieval.engine.segment import EXACT_UP_TO, Segment, made
from retrieval.errors import IndexDamaged, IndexOutdated
from retrieval.indexes.base import SCHEMA, Progress, Synced, embedded, entries
from retrieval.indexes.guard import translated
from retrieval.lexical import LexicalIndex

FOLD_AT = 256
"""Passages that may differ from the snapshot before a sync makes a new one."""

_BATCH = 64


@dataclass(frozen=True)
class _State:
    """What is searched; replaced as a whole."""

    folder: Path | None = None
    base: Segment | None = None
    gone: frozenset[str] = frozenset()
    over: Mapping[str, tuple[Passage, Vectors]] = field(default_factory=dict)
    """Passages that the snapshot doesn't hold as they are now."""
    known: Mapping[tuple[str, str], Vectors] = field(default_factory=dict)
    """Vectors that were added to the snapshot's folder, whether a passage needs them now or not."""

    @cached_property
    def layers(self) -> Layers:
        if self.base is None:
            return Layers()
        base = Layer.of(self.base, self.gone | self.over.keys())
        if not self.over:
            return Layers((base,))
        rows = {id: list(vectors) for id, (_, vectors) in self.over.items()}
        passages = [passage for passage, _ in self.over.values()]
        dimension = self.base.rows.rows.shape[1]
        return Layers((base, Layer.of(made(passages, rows, dimension, self.base.postings.average))))

    @cached_property
    def lexical(self) -> LexicalIndex:
        return LexicalIndex(self.layers)

    @property
    def changes(self) -> int:
        return len(self.gone) + len(self.over)


@dataclass(frozen=True, slots=True)
class _Todo:
    """What separates the index from the passages that are wanted."""

    put: tuple[Passage, ...]
    drop: frozenset[str]
    synced: Synced


class SnapshotIndex:
    """Searches a snapshot; opens the durable store, which is slow to load, only when much has changed.

    A few changed passages are laid over the snapshot, and their vectors are added to its folder. When they become many,
    a sync brings the durable store up to date and derives a new snapshot beside the one in use.
    """

    def __init__(
        self,
        path: Path,
        embedder: Embedder,
        durable: Callable[[Embedder], Durable],
        *,
        pack: str,
        fold_at: int = FOLD_AT,
    ) -> None:
        """Open the folder's current snapshot. One that is damaged counts as none, as a sync derives another.

        Args:
            durable: opens the store that snapshots are derived from, given the embedder for what is new.
            fold_at: passages that may differ from the snapshot before a sync makes a new one.

        Raises:
            IndexMismatch: the snapshot was made by another model, index version or pack.
            IndexFault: the folder can't be read.
        """
        self._path = path
        self._embedder = embedder
        self._durable = durable
        self._pack = pack
        self._fold_at = fold_at
        self._changing = RLock()
        with translated(path):
            self._state = self._opened()

    @property
    def embedder(self) -> Embedder:
        return self._embedder

    @property
    def count(self) -> int:
        return self._state.layers.count

    @property
    def lexical(self) -> LexicalIndex:
        """The words of the passages."""
        return self._state.lexical

    def pending(self, passages: Iterable[Passage]) -> int:
        todo = self._todo(passages)
        return len(todo.put) + len(todo.drop)

    def sync(self, passages: Iterable[Passage], progress: Progress | None = None) -> Synced:
        wanted = {passage.id: passage for passage in passages}
        with self._changing:
            todo = self._todo(wanted.values())
            if self._state.base is None or self._state.changes + len(todo.put) + len(todo.drop) > self._fold_at:
                if self._state.base is None or self._state.changes or todo.put or todo.drop:
                    self._fold(wanted, progress)
            elif todo.put or todo.drop:
                self._lay_over(todo, progress)
        return todo.synced

    def revise(self, put: Sequence[Passage] = (), drop: Collection[str] = ()) -> None:
        """Add or replace some passages and remove others, in milliseconds; the next search sees it.

        Raises:
            IndexFault: the snapshot's folder can't be written.
        """
        with self._changing:
            new = tuple(one for one in put if self._state.layers.digest(one.id) != one.digest)
            gone = frozenset(id for id in drop if self._state.layers.digest(id) is not None)
            self._lay_over(_Todo(new, gone, Synced(0, 0, 0, 0)), None)

    def fold(self, passages: Iterable[Passage], progress: Progress | None = None) -> None:
        """Bring the durable store up to these passages and derive a new snapshot, whatever has changed."""
        with self._changing:
            self._fold({passage.id: passage for passage in passages}, progress)

    def search(self, vectors: Vectors, k: int, allowed: Collection[str] | None = None) -> list[tuple[str, float]]:
        return self._state.layers.near(vectors, k, allowed)

    def compare(self, vectors: Vectors, ids: Sequence[str]) -> NDArray[np.float64]:
        return self._state.layers.compare(vectors, ids)

    def close(self) -> None:
        """Let go of the snapshot's files; nothing can be found any more."""
        self._state = _State()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _opened(self) -> _State:
        # Another process may replace the current snapshot and remove this one while it is being opened.
        for _ in range(3):
            found = folder.current(self._path)
            if found is None:
                return _State()
            try:
                told = manifest.read(found)
                manifest.fits(told, self._path, self._pack, self._embedder, SCHEMA)
                segment = stored.opened(found, told)
                return _State(found, segment, known=added.read(found, told.dimension))
            except IndexDamaged:
                continue
        return _State()

    def _todo(self, passages: Iterable[Passage]) -> _Todo:
        wanted = {passage.id: passage for passage in passages}
        layers = self._state.layers
        held = {id: layers.digest(id) for id in wanted}
        put = tuple(passage for id, passage in wanted.items() if held[id] != passage.digest)
        added = sum(held[passage.id] is None for passage in put)
        drop = frozenset() if layers.count + added == len(wanted) else layers.ids() - wanted.keys()
        kept = len(wanted) - len(put)
        return _Todo(put, drop, Synced(added, len(put) - added, len(drop), kept))

    def _lay_over(self, todo: _Todo, progress: Progress | None) -> None:
        state = self._state
        if state.base is None or state.folder is None:
            raise IndexDamaged(f"there is no snapshot in '{self._path}' yet", "sync it first")
        new = [passage for passage in todo.put if (passage.id, passage.digest) not in state.known]
        vectors = self._embed(new, progress)
        if vectors:
            with translated(self._path):
                added.append(state.folder, vectors)
        known = {**state.known, **vectors}
        over = {id: held for id, held in state.over.items() if id not in todo.drop}
        over |= {passage.id: (passage, known[passage.id, passage.digest]) for passage in todo.put}
        gone = (state.gone | {id for id in todo.drop if id in state.base.places}) - over.keys()
        self._state = _State(state.folder, state.base, frozenset(gone), over, known)

    def _embed(self, passages: Sequence[Passage], progress: Progress | None) -> dict[tuple[str, str], Vectors]:
        put = list(entries(passages, self._embedder.window).values())
        found: dict[tuple[str, str], list[Vectors]] = {}
        for batch, vectors in embedded(put, self._embedder, _BATCH, progress):
            for entry, row in zip(batch, vectors, strict=True):
                found.setdefault((entry.passage, entry.digest), []).append(row)
        return {key: np.array(rows, dtype=np.float32) for key, rows in found.items()}

    def _fold(self, wanted: Mapping[str, Passage], progress: Progress | None) -> None:
        with closing(self._durable(Recalling(self._embedder, self._recalled()))) as durable:
            durable.sync(wanted.values(), progress)
            vectors = gathered(durable.pages())
        if wanted.keys() - vectors.keys():
            raise IndexOutdated(f"the store behind '{self._path}' was changed meanwhile", "sync again")
        segment = made(list(wanted.values()), vectors, self._embedder.dimension)
        if len(segment.rows.rows) > EXACT_UP_TO and self._embedder.dimension % MULTIPLE == 0:
            segment = replace(segment, coarse=ProductCodes.of(segment.rows.rows))
        write = partial(stored.write, segment, pack=self._pack, embedder=self._embedder, schema=SCHEMA)
        with translated(self._path):
            found = folder.publish(self._path, write)
        self._state = _State(found, stored.opened(found, manifest.read(found)))

    def _recalled(self) -> dict[str, Vectors]:
        """Vectors of what lies over the snapshot, by the texts that were embedded."""
        over = self._state.over.values()
        rows = [row for _, vectors in over for row in vectors]
        cut = entries((passage for passage, _ in over), self._embedder.window).values()
        return {entry.text: row for entry, row in zip(cut, rows, strict=True)}
