"""Chroma's client: opened with nothing switched on that talks to the outside, closed, and its folder emptied."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from retrieval.errors import IndexFault
from retrieval.indexes.guard import DATABASE, translated
from retrieval.offline import stay_offline

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

COLLECTION = "passages"


def connect(folder: Path) -> ClientAPI:
    stay_offline()
    try:
        import chromadb
        from chromadb.config import Settings
    except ImportError as error:
        raise IndexFault("ChromaIndex requires chromadb", "pip install chromadb") from error
    # Without `_env_file` a file in the working folder could send traces elsewhere.
    switches: dict[str, Any] = {"anonymized_telemetry": False, "chroma_otel_collection_endpoint": "", "_env_file": None}
    with translated(folder):
        return chromadb.PersistentClient(path=folder, settings=Settings(**switches))


def let_go(client: ClientAPI) -> None:
    client.close()  # type: ignore[attr-defined]


def empty(folder: Path) -> None:
    """Drop the collection through Chroma, which also tells other users of the folder."""
    client = connect(folder)
    try:
        with translated(folder):
            if any(collection.name == COLLECTION for collection in client.list_collections()):
                client.delete_collection(COLLECTION)
    finally:
        let_go(client)


def clear(folder: Path) -> None:
    """Remove Chroma's own files from the folder, and nothing else that may be in it."""
    for file in folder.glob(f"{DATABASE}*"):
        file.unlink()
    for child in folder.iterdir():
        if child.is_dir() and _is_segment(child.name):
            shutil.rmtree(child)


def _is_segment(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
