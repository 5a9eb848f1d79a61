"""The seam between the engine and the vector store that its snapshots are derived from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from retrieval.embedders.base import Vectors
from retrieval.indexes.base import Index


class Page(Protocol):
    """Some entries of a store."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Of the entries: a passage's id, `~` and the number of its window."""
        ...

    @property
    def passages(self) -> tuple[str, ...]: ...

    @property
    def vectors(self) -> Vectors: ...


class Durable(Index, Protocol):
    """An index that gives back what it keeps."""

    def pages(self) -> Iterator[Page]:
        """Everything it holds."""
        ...

    def close(self) -> None: ...


def gathered(pages: Iterator[Page]) -> dict[str, Sequence[Vectors]]:
    """The vectors of each passage in the order of its windows."""
    found: dict[str, list[tuple[int, Vectors]]] = {}
    for page in pages:
        for id, passage, row in zip(page.ids, page.passages, page.vectors, strict=True):
            found.setdefault(passage, []).append((int(id.rpartition("~")[2]), row))
    return {
        passage: [row for _, row in sorted(rows, key=lambda numbered: numbered[0])] for passage, rows in found.items()
    }
