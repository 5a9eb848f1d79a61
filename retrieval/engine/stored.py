"""A segment as files: written once, mapped into memory when opened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np

from retrieval.embedders.base import Embedder
from retrieval.engine import manifest
from retrieval.engine.manifest import Manifest
from retrieval.engine.once import once
from retrieval.engine.postings import Postings
from retrieval.engine.product import ProductCodes
from retrieval.engine.segment import Segment
from retrieval.engine.vectors import Rows
from retrieval.errors import IndexDamaged


class Lines(Sequence[str]):
    """The lines of a file, read when the first one is asked for."""

    def __init__(self, path: Path, count: int) -> None:
        self._path = path
        self._count = count

    @once
    def _lines(self) -> list[str]:
        return self._path.read_text("utf-8").split("\n")[:-1]

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        return self._lines[at]


def write(segment: Segment, folder: Path, *, pack: str, embedder: Embedder, schema: int) -> None:
    """Write the segment's files and, last, the manifest that seals them."""
    arrays: dict[str, Any] = {
        "rows": segment.rows.rows,
        "row-starts": segment.rows.starts,
        "digests": segment.digests,
        "hashes": segment.postings.hashes,
        "starts": segment.postings.starts,
        "places": segment.postings.places,
        "weights": segment.postings.weights,
    } | (segment.coarse.arrays() if segment.coarse else {})
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values, allow_pickle=False)
    for name, lines in (("ids", segment.ids), ("words", segment.vocabulary)):
        (folder / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines), "utf-8", newline="\n")
    made = Manifest(
        schema_version=schema,
        pack=pack,
        revision=manifest.revision(zip(segment.ids, segment.digests.astype("U64").tolist(), strict=True)),
        embedder=embedder.name,
        fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        passages=len(segment.ids),
        entries=len(segment.rows.rows),
        average=segment.postings.average,
        files=manifest.sealed(folder),
    )
    (folder / manifest.NAME).write_text(made.model_dump_json(), "utf-8")


def opened(folder: Path, told: Manifest) -> Segment:
    """The segment of a folder whose manifest was read.

    Raises:
        IndexDamaged: a file isn't what its name says.
    """

    def array(name: str) -> Any:
        # Nothing can't be mapped; and a plain view of what is mapped slices faster.
        found = np.load(folder / f"{name}.npy", mmap_mode="r" if told.passages else None, allow_pickle=False)
        return found.view(np.ndarray)

    try:
        words, coded = array("hashes"), "codes.npy" in told.files
        return Segment(
            ids=Lines(folder / "ids.txt", told.passages),
            digests=array("digests"),
            rows=Rows(array("rows"), array("row-starts")),
            postings=Postings(words, array("starts"), array("places"), array("weights"), told.passages, told.average),
            vocabulary=Lines(folder / "words.txt", len(words)),
            coarse=ProductCodes(array("codes"), array("codebook"), told.dimension) if coded else None,
        )
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"the snapshot in '{folder}' can't be read", manifest.REBUILD) from error
