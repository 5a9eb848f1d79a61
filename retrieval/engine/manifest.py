"""What a snapshot says of itself, and whether it may be used here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from retrieval.embedders.base import Embedder
from retrieval.errors import IndexDamaged, IndexMismatch

FORMAT: Final = 1
NAME = "manifest.json"

_CHECKED_UP_TO = 64 * 2**20
"""Bytes of a snapshot up to which every opening checks their hashes; above, sizes, and hashes when asked to."""

REBUILD = "rebuild it: open_retriever(…, rebuild=True), then sync; nothing is lost, it derives from the pack"


class File(BaseModel):
    """One file of a snapshot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    sha256: str


class Manifest(BaseModel):
    """`manifest.json` of a snapshot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = FORMAT
    schema_version: int
    """How passages are cut into entries: `retrieval.indexes.base.SCHEMA`."""
    pack: str
    revision: str = ""
    """Of the pack's passages that it was derived from (see `revision`); what was added later stands beside it. Empty in
    snapshots made before this was told."""
    embedder: str
    fingerprint: str
    dimension: int
    passages: int
    entries: int
    average: float
    """Words in a passage that BM25's weights were computed with."""
    files: dict[str, File]


def revision(passages: Iterable[tuple[str, str]]) -> str:
    """What a pack says at one time, as SHA-256 over its passages' ids and digests: the same for the same passages."""
    made = hashlib.sha256()
    for id, digest in sorted(passages):
        made.update(f"{id}\n{digest}\n".encode())
    return made.hexdigest()


def sealed(folder: Path) -> dict[str, File]:
    """Size and hash of every file in the folder."""
    return {file.name: File(size=file.stat().st_size, sha256=_hash(file)) for file in sorted(folder.iterdir())}


def read(folder: Path) -> Manifest:
    """The manifest of a snapshot whose files are all there.

    Raises:
        IndexDamaged: the manifest or a file can't be read, or isn't what was written, or is of another format.
    """
    try:
        content = (folder / NAME).read_bytes()
        found = Manifest.model_validate_json(content)
    except (OSError, ValidationError) as error:
        raise IndexDamaged(f"the snapshot in '{folder}' has no readable manifest", REBUILD) from error
    verify(folder, found, thorough=sum(file.size for file in found.files.values()) <= _CHECKED_UP_TO)
    return found


def verify(folder: Path, manifest: Manifest, *, thorough: bool = True) -> None:
    """See that every file is as it was written.

    Raises:
        IndexDamaged: one isn't.
    """
    for name, file in manifest.files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != file.size or (thorough and _hash(path) != file.sha256):
            raise IndexDamaged(f"the file '{name}' of the snapshot in '{folder}' is missing or damaged", REBUILD)


def fits(manifest: Manifest, folder: Path, pack: str, embedder: Embedder, schema: int) -> None:
    """See that the snapshot was made by this model for this pack.

    Raises:
        IndexMismatch: it wasn't; the message says what changed.
    """
    for title, found, wanted in (
        ("index version", manifest.schema_version, schema),
        ("model", manifest.embedder, embedder.name),
        ("model files with fingerprint", manifest.fingerprint, embedder.fingerprint),
        ("pack", manifest.pack, pack),
    ):
        if found != wanted:
            raise IndexMismatch(f"the index in '{folder}' was made by {title} {found!r}, this is {wanted!r}", REBUILD)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
