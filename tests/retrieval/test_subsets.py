"""Sets of passages as parts of one list."""

from __future__ import annotations

import numpy as np

from policy_corpus import Precedent
from retrieval import BruteForceIndex, HashingEmbedder
from retrieval.engine.segment import Segment, made
from retrieval.subsets import Listing, Sources, Subset
from tests.retrieval.corpus import clause, pack, passage, precedent

EMBEDDER = HashingEmbedder(64)
PASSAGES = [passage(f"C-{at:04}@1#rule", f"a passage with number {at}") for at in range(200)]


def _segment() -> Segment:
    rows = EMBEDDER.embed([one.text for one in PASSAGES])
    return made(PASSAGES, {one.id: [row] for one, row in zip(PASSAGES, rows, strict=True)}, 64)


def test_a_subset_is_a_collection_of_ids() -> None:
    listing = Listing(["a", "b", "c", "d"])
    some = Subset(listing, np.array([True, False, True, True]))
    assert list(some) == ["a", "c", "d"]
    assert len(some) == 3
    assert [id in some for id in ("a", "b", "x", 7)] == [True, False, False, False]
    assert list(some.without(Subset(listing, np.array([False, False, True, False])))) == ["a", "d"]
    assert not Subset(listing, np.zeros(4, dtype=np.bool_))


def test_a_segment_finds_the_places_of_subsets_as_of_their_ids() -> None:
    segment = _segment()
    listing = Listing([*(one.id for one in PASSAGES[::-1]), "unknown"])
    mask = np.arange(len(listing.ids)) % 3 == 0
    for some in (Subset(listing, mask), Subset(listing, ~mask)):
        assert (segment.pools.of(some).places == segment.pools.of(frozenset(some)).places).all()
        assert segment.pools.of(some) is segment.pools.of(some)
    assert "unknown" in Subset(listing, ~mask) or "unknown" in Subset(listing, mask)


def test_sources_bring_all_their_passages() -> None:
    held = pack([clause("A", "one", exceptions=()), clause("B", "two")], [precedent("P", "told")])
    sources = Sources(held)
    assert set(sources.passages(["A@1", "P"])) == {one.id for one in held.passages() if one.source in ("A@1", "P")}
    assert not sources.passages([])


def test_only_what_changed_is_read_again() -> None:
    held = pack([clause("A", "one")], [precedent("P", "told"), precedent("Q", "told again")])
    read: list[str] = []

    class Watched(Precedent):
        def passages(self):  # type: ignore[no-untyped-def]
            read.append(self.id)
            return super().passages()

    watched = tuple(Watched(**{name: getattr(one, name) for name in Precedent.model_fields}) for one in held.precedents)
    first = Sources(held.model_copy(update={"precedents": watched}))
    later = held.model_copy(update={"precedents": (*watched, precedent("R", "new"))})
    read.clear()
    assert "R#facts" in Sources(later, first).passages(["R"])
    assert not read
    assert read == [] and "P#facts" in Sources(later).passages(["P"]) and read == ["P", "Q"]


def test_brute_force_takes_a_subset_as_the_ids_it_holds() -> None:
    index = BruteForceIndex(EMBEDDER)
    index.sync(PASSAGES)
    some = Subset(Listing([*(one.id for one in PASSAGES), "unknown"]), np.arange(201) % 3 == 0)
    vectors = EMBEDDER.embed(["a passage with number 7"])
    assert index.search(vectors, 90, some) == index.search(vectors, 90, frozenset(some))
    assert len(index.search(vectors, 90, some)) == 67 - ("unknown" in some)
    assert some.ids is some.ids
