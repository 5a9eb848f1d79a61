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

QUIET: dict[str, Any] = {
    "anonymized_telemetry": False,
    "chroma_otel_collection_endpoint": "",
    # Without it a file in the working folder could send traces elsewhere.
    "_env_file": None,
}


def chromadb() -> Any:
    """The library, imported with nothing switched on that talks to the outside."""
    stay_offline()
    try:
        import chromadb
    except ImportError as error:
        raise IndexFault("ChromaIndex requires chromadb", "pip install chromadb") from error
    return chromadb


def connect(folder: Path) -> ClientAPI:
    """Chroma in this process, over a folder."""
    library = chromadb()
    with translated(folder):
        client: ClientAPI = library.PersistentClient(path=folder, settings=library.config.Settings(**QUIET))
        return client


def let_go(client: Any) -> None:
    """Close it, with the connections to a server that Chroma's own closing leaves open."""
    client.close()
    for session in sessions(client):
        session.close()


def sessions(client: Any) -> list[Any]:
    """A server client's HTTP sessions; none for a folder's."""
    servers = (client._server, client._admin_client._server)
    return [server._session for server in servers if hasattr(server, "_session")]


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
