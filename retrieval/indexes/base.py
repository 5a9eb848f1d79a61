"""The seam between retrieval and whatever keeps vectors, and what every index must work out alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from policy_corpus import Passage
from retrieval.embedders.base import Embedder, Vectors
from retrieval.windows import units, windows

if TYPE_CHECKING:
    from retrieval.lexical import LexicalIndex

Progress: TypeAlias = Callable[[int, int], None]
"""Called with how many texts are embedded and how many there are to embed."""

SCHEMA = 1
"""Raised when entries are cut or stored differently, so that older indexes are noticed."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did, counted in passages."""

    added: int
    changed: int
    removed: int
    kept: int


class Index(Protocol):
    """Keeps the vectors of passages and finds the nearest."""

    @property
    def embedder(self) -> Embedder:
        """What its vectors were made by; queries must be embedded by the same."""
        ...

    @property
    def count(self) -> int:
        """How many passages it holds."""
        ...

    def pending(self, passages: Iterable[Passage]) -> int:
        """How many passages a sync to these would add, change or remove."""
        ...

    def sync(self, passages: Iterable[Passage], progress: Progress | None = None) -> Synced:
        """Hold exactly these passages, embedding only what is new or changed.

        A sync that was cut off leaves a usable index, and the next one completes it.

        Raises:
            IndexFault: the index can't be written.
        """
        ...

    def search(self, vectors: Vectors, k: int, allowed: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The `k` nearest passages to any of the vectors (m, d): ids with cosine, nearest first, ties by id.

        `allowed` limits the search to those passage ids; unknown ones are passed over.
        """
        ...


@runtime_checkable
class Worded(Protocol):
    """An index that keeps the passages' words beside their vectors."""

    @property
    def lexical(self) -> LexicalIndex: ...


@runtime_checkable
class Living(Protocol):
    """An index that takes up single changes in milliseconds."""

    def revise(self, put: Sequence[Passage] = (), drop: Collection[str] = ()) -> None:
        """Add or replace some passages and remove others by id; the next search sees it.

        Raises:
            IndexFault: the index can't be written.
        """
        ...


@runtime_checkable
class Comparing(Protocol):
    """An index that compares chosen passages with several vectors at once."""

    def compare(self, vectors: Vectors, ids: Sequence[str]) -> NDArray[np.float64]:
        """The cosine of each of the passages, by its nearest entry, with each vector: (passages, vectors).

        0 for passages that it doesn't hold.
        """
        ...


def compared(index: Index, vectors: Vectors, ids: Sequence[str]) -> NDArray[np.float64]:
    """As `Comparing.compare`, for any index: one that can't do it at once is searched with each vector."""
    if isinstance(index, Comparing):
        return index.compare(vectors, ids)
    cosines = np.zeros((len(ids), len(vectors)))
    places, among = {id: at for at, id in enumerate(ids)}, frozenset(ids)
    for number in range(len(vectors)):
        for id, cosine in index.search(vectors[number : number + 1], len(ids), among):
            cosines[places[id], number] = cosine
    return cosines


@dataclass(frozen=True, slots=True)
class Entry:
    """One vector's worth of a passage: a passage longer than the model reads has several."""

    id: str
    passage: str
    digest: str
    """The passage's, so that an entry of an older text is noticed."""
    kind: str
    text: str
    """What is embedded: the title and one window of the text."""


@dataclass(frozen=True, slots=True)
class Held:
    """What an index says of an entry it holds."""

    passage: str
    digest: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a sync has to do."""

    put: tuple[Entry, ...]
    drop: tuple[str, ...]
    synced: Synced

    @property
    def pending(self) -> int:
        return self.synced.added + self.synced.changed + self.synced.removed


def entries(passages: Iterable[Passage], window: int) -> dict[str, Entry]:
    """All entries of the passages by id, cut for a model that reads `window` units."""
    return {entry.id: entry for passage in passages for entry in _entries(passage, window)}


def _entries(passage: Passage, window: int) -> Iterator[Entry]:
    title = next(iter(windows(passage.title, window // 3)), "")
    for number, text in enumerate(windows(passage.text, window - units(title) - 1) or ("",)):
        shown = f"{title}. {text}" if title else text
        yield Entry(f"{passage.id}~{number}", passage.id, passage.digest, passage.kind, shown)


def difference(wanted: Mapping[str, Entry], held: Mapping[str, Held]) -> Difference:
    """What to put and drop so that an index holds what is wanted."""
    put = tuple(entry for id, entry in wanted.items() if id not in held or held[id].digest != entry.digest)
    drop = tuple(id for id in held if id not in wanted)
    before, after = {entry.passage for entry in held.values()}, {entry.passage for entry in wanted.values()}
    touched = {entry.passage for entry in put} | {held[id].passage for id in drop}
    changed = touched & before & after
    synced = Synced(len(after - before), len(changed), len(before - after), len((after & before) - changed))
    return Difference(put, drop, synced)


def embedded(
    put: Sequence[Entry], embedder: Embedder, size: int, progress: Progress | None
) -> Iterator[tuple[Sequence[Entry], Vectors]]:
    """The entries in batches with their vectors; progress is told after the consumer has stored each batch."""
    tell = progress or (lambda done, total: None)
    tell(0, len(put))
    done = 0
    for start in range(0, len(put), size):
        batch = put[start : start + size]
        yield batch, embedder.embed([entry.text for entry in batch])
        done += len(batch)
        tell(done, len(put))


def nearest(scored: Iterable[tuple[str, float]], k: int) -> list[tuple[str, float]]:
    """The best cosine of each passage, nearest first.

    Rounding makes the order the same whatever batch a vector was computed in.
    """
    best: dict[str, float] = {}
    for passage, cosine in scored:
        best[passage] = max(round(cosine, 5), best.get(passage, -2.0))
    return sorted(best.items(), key=lambda item: (-item[1], item[0]))[:k]
