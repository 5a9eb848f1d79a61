"""What holds for every index: a subclass gives the index, the cases are here."""

from __future__ import annotations

import numpy as np
import pytest

from policy_corpus import Passage
from retrieval.indexes import Index, Synced
from retrieval.indexes.base import compared
from tests.retrieval.corpus import passage
from tests.retrieval.counting import CountingEmbedder

LATE = passage("A@1#rule", "Parcels that arrive late are refunded.")
LOST = passage("A@1#exceptions", "Parcels that were lost abroad are not refunded.")
TREES = passage("P-1#facts", "The gardener pruned apple trees in winter.", kind="precedent")
ALL = (LATE, LOST, TREES)
LONG = passage(
    "L@1#rule", " ".join(f"Paragraph {number} speaks of forms and stamps." for number in range(120)) + " Zebra."
)

SYNCS: dict[str, tuple[tuple[Passage, ...], tuple[Passage, ...], Synced, int]] = {
    "from nothing": ((), ALL, Synced(3, 0, 0, 0), 3),
    "nothing new": (ALL, ALL, Synced(0, 0, 0, 3), 0),
    "one more": (ALL[:2], ALL, Synced(1, 0, 0, 2), 1),
    "one less": (ALL, ALL[:2], Synced(0, 0, 1, 2), 0),
    "one changed": (
        ALL, (*ALL[:2], passage("P-1#facts", "The gardener planted trees.", kind="precedent")), Synced(0, 1, 0, 2), 1,
    ),
    "all gone": (ALL, (), Synced(0, 0, 3, 0), 0),
    "other order": (ALL, ALL[::-1], Synced(0, 0, 0, 3), 0),
    "long shrinks": ((LONG,), (passage("L@1#rule", "Short."),), Synced(0, 1, 0, 0), 1),
}  # fmt: skip


class IndexContract:
    """Subclasses override `index`."""

    @pytest.fixture
    def embedder(self) -> CountingEmbedder:
        return CountingEmbedder()

    @pytest.fixture
    def index(self, embedder: CountingEmbedder) -> Index:
        pytest.fail("each kind of index gives its own")

    def ask(self, index: Index, text: str, k: int = 10, **more: object) -> list[tuple[str, float]]:
        return index.search(index.embedder.embed([text]), k, **more)  # type: ignore[arg-type]

    @pytest.mark.parametrize(("before", "after", "synced", "embedded"), SYNCS.values(), ids=SYNCS)
    def test_sync_embeds_only_what_is_new(
        self,
        index: Index,
        embedder: CountingEmbedder,
        before: tuple[Passage, ...],
        after: tuple[Passage, ...],
        synced: Synced,
        embedded: int,
    ) -> None:
        index.sync(before)
        embedder.texts.clear()
        assert index.pending(after) == synced.added + synced.changed + synced.removed
        assert index.sync(after) == synced
        assert len(embedder.texts) == embedded
        assert index.count == len(after)
        assert index.pending(after) == 0
        found = {id for id, _ in self.ask(index, "parcels trees forms short", 100)}
        assert found == {passage.id for passage in after}

    def test_progress_counts_up_to_the_total(self, index: Index) -> None:
        told: list[tuple[int, int]] = []
        index.sync(
            [passage(f"C-{number}@1#rule", f"text {number}") for number in range(150)], lambda *at: told.append(at)
        )
        assert told == [(0, 150), (64, 150), (128, 150), (150, 150)]

    def test_the_nearest_comes_first_with_its_cosine(self, index: Index) -> None:
        index.sync(ALL)
        found = self.ask(index, "T. The gardener pruned apple trees in winter.")
        assert found[0][0] == TREES.id
        assert found[0][1] == pytest.approx(1.0, abs=1e-4)
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)

    @pytest.mark.parametrize(
        ("allowed", "expected"),
        [
            (None, {LATE.id, LOST.id, TREES.id}),
            ([TREES.id], {TREES.id}),
            ([TREES.id, "unknown#rule"], {TREES.id}),
            (["unknown#rule"], set()),
            ([], set()),
        ],
    )
    def test_allowed_limits_the_search(self, index: Index, allowed: list[str] | None, expected: set[str]) -> None:
        index.sync(ALL)
        assert {id for id, _ in self.ask(index, "parcels refunded", allowed=allowed)} == expected

    @pytest.mark.parametrize(("k", "count"), [(0, 0), (1, 1), (2, 2), (50, 3)])
    def test_k_is_the_most(self, index: Index, k: int, count: int) -> None:
        index.sync(ALL)
        assert len(self.ask(index, "parcels", k)) == count

    def test_an_empty_index_finds_nothing(self, index: Index) -> None:
        assert self.ask(index, "parcels") == []
        assert index.count == 0

    def test_several_vectors_find_what_any_of_them_is_near(self, index: Index) -> None:
        index.sync(ALL)
        vectors = index.embedder.embed(["pruned apple trees", "parcels lost abroad"])
        assert {id for id, _ in index.search(vectors, 2)} == {TREES.id, LOST.id}
        assert index.search(vectors[:0], 2) == []

    def test_the_end_of_a_long_passage_is_found(self, index: Index) -> None:
        index.sync([LONG, TREES])
        assert self.ask(index, "zebra", 1)[0][0] == LONG.id
        assert [id for id, _ in self.ask(index, "forms and stamps", 2)] == [LONG.id, TREES.id]

    def test_ties_go_by_id(self, index: Index) -> None:
        index.sync([passage(f"{name}@1#rule", "same words") for name in "DBAC"])
        assert [id for id, _ in self.ask(index, "same words", 4)] == ["A@1#rule", "B@1#rule", "C@1#rule", "D@1#rule"]

    def test_chosen_passages_are_compared_with_each_vector(self, index: Index) -> None:
        index.sync([*ALL, LONG])
        vectors = index.embedder.embed(["zebra", "pruned apple trees", "parcels lost abroad"])
        ids = [TREES.id, "unknown#rule", LONG.id, LATE.id]
        found = compared(index, vectors, ids)
        assert found.shape == (4, 3) and not found[1].any()
        for number in range(len(vectors)):
            expected = dict(index.search(vectors[number : number + 1], 10, ids))
            told = {id: cosine for id, cosine in zip(ids, found[:, number], strict=True) if id in expected}
            assert told == pytest.approx(expected, abs=2e-5) and len(told) == 3
        assert compared(index, vectors[:0], ids).shape == (4, 0)
        assert compared(index, vectors, []).shape == (0, 3)

    def test_the_same_question_gives_the_same_answer(self, index: Index) -> None:
        index.sync(ALL)
        vectors = np.concatenate([index.embedder.embed(["parcels"]), index.embedder.embed(["trees"])])
        assert index.search(vectors, 3) == index.search(vectors[::-1], 3)
