"""An index that compares with everything, in memory: exact, and the oracle for every faster one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from policy_corpus import Passage
from retrieval.embedders.base import Embedder, Vectors
from retrieval.indexes.base import Difference, Held, Progress, Synced, difference, embedded, entries
from retrieval.indexes.exact import ExactRows

_BATCH = 64


class Kept(NamedTuple):
    """Entries as they are held."""

    ids: tuple[str, ...]
    passages: tuple[str, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class _State:
    """Entries and their vectors, row by row; replaced as a whole, so that a search never sees half a sync."""

    held: dict[str, Held]
    exact: ExactRows


class BruteForceIndex:
    """Holds everything in memory and starts empty. Good to about 10⁵ passages."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._state = _State({}, ExactRows((), np.zeros((0, 0), dtype=np.float32)))

    @property
    def embedder(self) -> Embedder:
        return self._embedder

    @property
    def count(self) -> int:
        return len({entry.passage for entry in self._state.held.values()})

    def pending(self, passages: Iterable[Passage]) -> int:
        return self._difference(passages).pending

    def sync(self, passages: Iterable[Passage], progress: Progress | None = None) -> Synced:
        todo = self._difference(passages)
        state = self._state
        vectors = dict(zip(state.held, state.exact.rows, strict=True))
        held = {id: entry for id, entry in state.held.items() if id not in frozenset(todo.drop)}
        for batch, made in embedded(todo.put, self._embedder, _BATCH, progress):
            held |= {entry.id: Held(entry.passage, entry.digest) for entry in batch}
            vectors |= {entry.id: row for entry, row in zip(batch, made, strict=True)}
        rows = np.array([vectors[id] for id in held], dtype=np.float32)
        self._state = _state(held, rows)
        return todo.synced

    def search(self, vectors: Vectors, k: int, allowed: Collection[str] | None = None) -> list[tuple[str, float]]:
        return self._state.exact.search(vectors, k, allowed)

    def revise(self, put: Sequence[Passage] = (), drop: Collection[str] = ()) -> None:
        """Add or replace some passages and remove others."""
        gone = frozenset(drop) | {passage.id for passage in put}
        state = self._state
        kept = [at for at, entry in enumerate(state.held.values()) if entry.passage not in gone]
        ids = list(state.held)
        held = {ids[at]: state.held[ids[at]] for at in kept}
        rows = [state.exact.rows[kept]] if kept else []
        for batch, made in embedded(tuple(entries(put, self._embedder.window).values()), self._embedder, _BATCH, None):
            held |= {entry.id: Held(entry.passage, entry.digest) for entry in batch}
            rows.append(made)
        self._state = _state(held, np.concatenate(rows) if rows else np.zeros((0, 0), dtype=np.float32))

    def pages(self) -> Iterator[Kept]:
        """Everything it holds, with vectors."""
        state = self._state
        yield Kept(tuple(state.held), state.exact.passages, state.exact.rows)

    def close(self) -> None:
        """Nothing has to be let go."""

    def _difference(self, passages: Iterable[Passage]) -> Difference:
        return difference(entries(passages, self._embedder.window), self._state.held)


def _state(held: dict[str, Held], rows: Vectors) -> _State:
    return _State(held, ExactRows(tuple(entry.passage for entry in held.values()), rows))
