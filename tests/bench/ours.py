"""Ours, as the speed measurements ask it: the whole retriever, and the engine below it alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np

from policy_corpus import Clause, Pack, Passage, Precedent, Vocabulary
from policy_corpus.pack import Manifest
from retrieval.embedders import Embedder, Vectors
from retrieval.embedders.wrapped import WrappedEmbedder
from retrieval.engine.index import SnapshotIndex
from retrieval.indexes.base import Progress, Synced
from retrieval.nearness import Nearness
from retrieval.retriever import Retriever
from retrieval.subsets import Listing, Subset
from retrieval.where import EVERYWHERE, Where
from tests.bench.material import Material
from tests.bench.timing import Clock

K = 8
AREAS = 10
TITLE = "Notice"
TODAY = date(2026, 1, 15)
WHERE = Where(kinds=frozenset({"clause"}), areas=frozenset({"area-3"}))


def kind(at: int) -> Literal["clause", "precedent"]:
    """Of four passages two are clauses' and two are one precedent's: its facts and its rationale."""
    return "clause" if at % 4 < 2 else "precedent"


def area(at: int) -> str:
    """One of ten; every run of four passages has the same."""
    return f"area-{at // 4 % AREAS}"


def fits(at: int) -> bool:
    """Whether the filter lets a passage through: about one in twenty."""
    return kind(at) == "clause" and area(at) == "area-3"


def id_of(at: int) -> str:
    """The id of a passage."""
    if kind(at) == "clause":
        return f"C-{at}@1#rule"
    return f"P-{at // 4 * 4 + 2}#{'facts' if at % 4 == 2 else 'rationale'}"


def passage(at: int, text: str) -> Passage:
    source, _, section = id_of(at).partition("#")
    return Passage(kind=kind(at), source=source, section=section, title=TITLE, text=text)


def source(at: int) -> int:
    """The first passage of what a passage belongs to: a precedent has two."""
    return at if kind(at) == "clause" else at // 4 * 4 + 2


def number(id: str) -> int:
    """The same from a passage's id."""
    return int(id.partition("#")[0].removesuffix("@1")[2:])


def pack(texts: Sequence[str]) -> Pack:
    """The same passages as a pack. Their number must be a multiple of four."""
    clauses = tuple(
        Clause(id=f"C-{at}", title=TITLE, area=area(at), sections={"rule": text})
        for at, text in enumerate(texts)
        if kind(at) == "clause"
    )
    precedents = tuple(
        Precedent(id=f"P-{at}", title=TITLE, decided=TODAY, facts=texts[at], rationale=texts[at + 1])
        for at in range(2, len(texts), 4)
    )
    manifest = Manifest(id="bench", title="Bench", version="1", released=TODAY)
    return Pack(
        manifest=manifest,
        vocabulary=Vocabulary(facts={}),
        actions={},
        duties={},
        clauses=clauses,
        precedents=precedents,
    )


class TimedEmbedder(WrappedEmbedder):
    """An embedder with a clock."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self.clock = Clock()

    @property
    def fingerprint(self) -> str:
        """Another one, so that no line of relevance applies that was measured on real texts."""
        return f"timed-{super().fingerprint}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self.clock.running():
            return super().embed(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        with self.clock.running():
            return super().embed_queries(texts)


@dataclass(frozen=True)
class _Page:
    ids: tuple[str, ...]
    passages: tuple[str, ...]
    vectors: Vectors


class Ready:
    """Stands in for the durable store: vectors that were made before, one to a passage."""

    def __init__(self, material: Material, ids: Sequence[str]) -> None:
        self._material = material
        self._ids = ids

    @property
    def embedder(self) -> Embedder:
        return self._material.embedder

    @property
    def count(self) -> int:
        return len(self._ids)

    def pending(self, passages: Iterable[Passage]) -> int:
        return 0

    def sync(self, passages: Iterable[Passage], progress: Progress | None = None) -> Synced:
        return Synced(0, 0, 0, len(self._ids))

    def search(self, vectors: Vectors, k: int, allowed: object = None) -> list[tuple[str, float]]:
        raise AssertionError("what is asked is the snapshot")

    def pages(self) -> Iterator[_Page]:
        for start in range(0, len(self._ids), 10_000):
            ids = tuple(self._ids[start : start + 10_000])
            rows = np.asarray(self._material.vectors[start : start + 10_000], dtype=np.float32)
            yield _Page(tuple(f"{id}~0" for id in ids), ids, rows)

    def close(self) -> None:
        pass


def index(material: Material, held: Held, cache: Path, embedder: Embedder) -> SnapshotIndex:
    """The snapshot over the material, kept between runs."""
    folder = cache / f"ours-{material.name}"
    found = SnapshotIndex(folder, embedder, lambda _: Ready(material, list(held)), pack="bench")
    if found.count != len(held):
        found.sync(held.values())
    return found


class Held(Mapping[str, Passage]):
    """The material's passages by id, made when they are asked for: a million objects would be a gigabyte."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def __getitem__(self, id: str) -> Passage:
        at = number(id) + id.endswith("#rationale")
        return passage(at, self._texts[at])

    def __iter__(self) -> Iterator[str]:
        return (id_of(at) for at in range(len(self._texts)))

    def __len__(self) -> int:
        return len(self._texts)


def pools(held: Held) -> tuple[Subset, Subset, Subset]:
    """All clauses, all precedents, and the clauses that the filter lets through, from columns."""
    at = np.arange(len(held))
    clauses, areas = at % 4 < 2, at // 4 % AREAS
    listing = Listing(list(held))
    return tuple(Subset(listing, mask) for mask in (clauses, ~clauses, clauses & (areas == 3)))  # type: ignore[return-value]


class Engine:
    """Nearness over the snapshot, among clauses and among precedents: what every search of the program stands on. It
    needs no pack, so it can be asked at sizes at which a pack as objects doesn't fit."""

    def __init__(self, material: Material, cache: Path) -> None:
        embedder = TimedEmbedder(material.embedder)
        self.embedding = embedder.clock
        held = Held(material.texts)
        self._nearness = Nearness((), index(material, held, cache, embedder))
        self._nearness._passages = held  # type: ignore[assignment]
        self._clauses, self._precedents, self._some = pools(held)

    def search(self, text: str, filtered: bool) -> list[int]:
        query = self._nearness.read(text)
        among = (self._some,) if filtered else (self._clauses, self._precedents)
        near = self._nearness.find(query, *among) if query else []
        return [number(one.passage.id) for one in near[:K] if one.reasons]


class Whole:
    """`Retriever.search_text`: reading, filters, folding, relevance and reasons included."""

    def __init__(self, material: Material, cache: Path) -> None:
        embedder = TimedEmbedder(material.embedder)
        self.embedding = embedder.clock
        found = index(material, Held(material.texts), cache, embedder)
        self._retriever = Retriever(pack(material.texts), found)

    def search(self, text: str, filtered: bool) -> list[int]:
        found = self._retriever.search_text(text, as_of=TODAY, limit=K, where=WHERE if filtered else EVERYWHERE)
        return [number(hit.passage.id) for hit in found]
