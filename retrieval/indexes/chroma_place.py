"""Where Chroma keeps an index: a folder of this machine, or (in `chroma_server`) a server."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from retrieval.errors import IndexDamaged
from retrieval.indexes.chroma_client import COLLECTION, clear, connect, let_go
from retrieval.indexes.guard import fault, look_at, translated, writing

if TYPE_CHECKING:
    from chromadb.api import ClientAPI


class Place(Protocol):
    """A place that Chroma can be opened at. What an index does there is the same everywhere."""

    def collection(self, pack: str) -> str:
        """Name of the collection that keeps a pack's index."""
        ...

    def check(self, wait: float) -> None:
        """See that it can be used, within about `wait` seconds.

        Raises:
            IndexFault: it can't; says why.
        """
        ...

    def open(self) -> ClientAPI:
        """A client of Chroma; whoever opens it closes it.

        Raises:
            IndexFault: Chroma can't be opened there.
        """
        ...

    def translated(self) -> AbstractContextManager[None]:
        """Foreign errors inside of it become ours."""
        ...

    def writing(self, wait: float) -> AbstractContextManager[bool]:
        """Hold it for a sync, and say whether others are kept out; where they can't be, the sync looks for them.

        Raises:
            IndexLocked: another one held it for `wait` seconds.
        """
        ...

    def empty(self, pack: str) -> None:
        """Remove the pack's index, even when it is damaged, and nothing else.

        Raises:
            IndexFault: it can't be removed.
        """
        ...


@dataclass(frozen=True)
class Folder:
    """A folder that belongs to one pack's index."""

    path: Path

    def __str__(self) -> str:
        return f"'{self.path}'"

    def collection(self, pack: str) -> str:
        return COLLECTION

    def check(self, wait: float) -> None:
        look_at(self.path, wait)

    def open(self) -> ClientAPI:
        return connect(self.path)

    def translated(self) -> AbstractContextManager[None]:
        return translated(self.path)

    def writing(self, wait: float) -> AbstractContextManager[bool]:
        return writing(self.path, wait)

    def empty(self, pack: str) -> None:
        try:
            look_at(self.path, 0.0)
            drop(self, pack)
        except IndexDamaged:
            try:
                clear(self.path)
            except OSError as error:
                raise fault(error, self.path) from error


def place_of(where: Path | Place) -> Place:
    """The place; a path means a folder."""
    return Folder(where) if isinstance(where, Path) else where


def drop(place: Place, pack: str) -> None:
    """Drop the pack's collection through Chroma, which also tells other users of the place."""
    client: Any = place.open()
    try:
        with place.translated():
            name = place.collection(pack)
            if any(collection.name == name for collection in client.list_collections()):
                client.delete_collection(name)
    finally:
        let_go(client)
