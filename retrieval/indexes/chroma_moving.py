"""Moving an index between a folder and a server without embedding anything again, and proving that it is the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from retrieval.embedders.base import Vectors
from retrieval.errors import IndexDamaged, IndexMismatch, IndexOutdated
from retrieval.indexes.base import Progress
from retrieval.indexes.chroma import ChromaIndex
from retrieval.indexes.chroma_rows import Rows

_SAMPLE = 32
_DEPTH = 10
_LEAST = 0.9
"""Above the size that is searched exactly, graphs that were grown in another order differ a little."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did, and what shows that both indexes now hold the same."""

    entries: int
    """In each of the two."""
    copied: int
    """Entries that the target lacked or had otherwise; the others were there from an earlier move."""
    removed: int
    digest: str
    """SHA-256 over all entries in order of their ids, vectors included to the bit; the same for both."""
    asked: int
    """Sample queries: stored vectors, searched for in both."""
    agreement: float
    """Share of the sample queries' ten nearest passages that both found."""


def move(source: ChromaIndex, target: ChromaIndex, progress: Progress | None = None) -> Moved:
    """Make the target hold exactly what the source holds. The source stays as it is.

    A move that was cut off is completed by the next, which copies only what is missing.

    Args:
        progress: told how many entries are copied and how many there are to copy.

    Raises:
        IndexMismatch: the two don't belong to the same pack and model.
        IndexOutdated: the source is empty and the target isn't, which is hardly meant.
        IndexDamaged: the target differs after all, so that it should not be used.
        IndexFault: one of the two can't be used.
    """
    if (source.pack, source.embedder.fingerprint) != (target.pack, target.embedder.fingerprint):
        raise IndexMismatch("the two indexes are not of the same pack and model", "open both with the same")
    wanted, there = prints(source), prints(target)
    if there and not wanted:
        raise IndexOutdated(f"{source.place} holds nothing", "sync it first, or move the other way round")
    missing = {id for id, found in wanted.items() if there.get(id) != found}
    extra = there.keys() - wanted.keys()
    if missing or extra:
        target.replace(sorted(extra), _told(_only(source, missing), len(missing), progress))
    digest = digest_of(wanted)
    if (found := digest_of(prints(target))) != digest:
        raise IndexDamaged(
            f"after moving, {target.place} holds other entries ({found[:12]} instead of {digest[:12]})",
            "see that nobody writes to either, then move again; if it stays, rebuild the target first",
        )
    asked, agreement = _compare(source, target, len(wanted))
    if asked and agreement < _LEAST:
        raise IndexDamaged(f"{target.place} finds other passages than {source.place}", "rebuild the target, then sync")
    return Moved(len(wanted), len(missing), len(extra), digest, asked, agreement)


def prints(index: ChromaIndex) -> dict[str, bytes]:
    """SHA-256 of each entry by id: its passage, the passage's hash, kind, and vector as little-endian float32."""
    return {id: print for rows in index.pages() for id, print in zip(rows.ids, _prints(rows), strict=True)}


def digest_of(prints: Mapping[str, bytes]) -> str:
    """One SHA-256, in hexadecimal, over all entries in order of their ids."""
    whole = sha256()
    for id in sorted(prints):
        whole.update(id.encode() + b"\0" + prints[id])
    return whole.hexdigest()


def _prints(rows: Rows) -> Iterator[bytes]:
    told = zip(rows.passages, rows.digests, rows.kinds, rows.vectors.astype("<f4"), strict=True)
    for passage, digest, kind, vector in told:
        yield sha256(f"{passage}\0{digest}\0{kind}\0".encode() + vector.tobytes()).digest()


def _only(index: ChromaIndex, ids: set[str]) -> Iterator[Rows]:
    """Those entries of the index, page by page."""
    for rows in index.pages() if ids else ():
        if places := [at for at, id in enumerate(rows.ids) if id in ids]:
            yield rows.at(places)


def _told(found: Iterator[Rows], total: int, progress: Progress | None) -> Iterator[Rows]:
    """The same, telling progress after each page was written."""
    tell = progress or (lambda done, total: None)
    tell(0, total)
    done = 0
    for rows in found:
        yield rows
        done += len(rows.ids)
        tell(done, total)


def _compare(source: ChromaIndex, target: ChromaIndex, entries: int) -> tuple[int, float]:
    """How many sample queries were asked of both, and the share of found passages that they have in common."""
    same = total = asked = 0
    for vector in _sample(source, max(1, entries // _SAMPLE)):
        expected, found = ({id for id, _ in index.search(vector[None], _DEPTH)} for index in (source, target))
        asked, same, total = asked + 1, same + len(expected & found), total + len(expected)
    return asked, same / total if total else 1.0


def _sample(index: ChromaIndex, step: int) -> Iterator[Vectors]:
    """Every `step`-th stored vector."""
    at = 0
    for rows in index.pages():
        for vector in rows.vectors:
            if at % step == 0:
                yield vector
            at += 1
