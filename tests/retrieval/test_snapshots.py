"""Snapshots: what they hold, and what is laid over them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from policy_corpus import Passage
from retrieval.embedders import Embedder, HashingEmbedder
from retrieval.engine import folder as snapshots
from retrieval.engine import manifest
from retrieval.engine.index import SnapshotIndex
from retrieval.indexes import ChromaIndex, Index, Synced
from tests.retrieval.corpus import passage
from tests.retrieval.counting import CountingEmbedder
from tests.retrieval.index_contract import ALL, LATE, TREES, IndexContract
from tests.retrieval.snapshots import CHANGED, NEW, SMALL, ask, current, open_index


class TestLaidOver(IndexContract):
    """Small changes lie over the snapshot."""

    @pytest.fixture
    def index(self, embedder: CountingEmbedder, tmp_path: Path) -> Iterator[Index]:
        with open_index(tmp_path, embedder) as index:
            yield index


class TestFolded(IndexContract):
    """Every change makes a new snapshot."""

    @pytest.fixture
    def index(self, embedder: CountingEmbedder, tmp_path: Path) -> Iterator[Index]:
        with open_index(tmp_path, embedder, fold_at=0) as index:
            yield index


def test_what_was_synced_is_opened_without_the_store(
    synced: Path, never: Callable[[Embedder], ChromaIndex], embedder: CountingEmbedder
) -> None:
    with SnapshotIndex(synced / "snapshots", embedder, never, pack="sample") as index:
        assert index.pending(ALL) == 0
        assert index.sync(ALL).kept == 3
        assert embedder.texts == []
        assert ask(index, "late parcels", 1)[0][0] == LATE.id
        assert index.lexical.search(["pruned apple"], 5)[0][0] == TREES.id


def test_a_snapshot_names_the_revision_that_it_was_derived_from(tmp_path: Path) -> None:
    def told() -> str:
        return manifest.read(current(tmp_path)).revision

    def revision(*passages: Passage) -> str:
        return manifest.revision((one.id, one.digest) for one in passages)

    with open_index(tmp_path, SMALL, fold_at=0) as index:
        index.sync(ALL)
        assert told() == revision(*reversed(ALL))
        changed = [CHANGED if one.id == CHANGED.id else one for one in ALL]
        index.sync(changed)
        assert told() == revision(*changed) != revision(*ALL)


def test_a_snapshot_from_before_revisions_were_told_is_still_good(
    synced: Path, never: Callable[[Embedder], ChromaIndex]
) -> None:
    file = current(synced) / manifest.NAME
    told = json.loads(file.read_text())
    del told["revision"]
    file.write_text(json.dumps(told))
    with SnapshotIndex(synced / "snapshots", SMALL, never, pack="sample") as index:
        assert index.count == len(ALL) and index.pending(ALL) == 0


@pytest.mark.parametrize(("dimension", "coded"), [(30, False), (32, True)])
def test_vectors_that_no_code_stands_for_are_all_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dimension: int, coded: bool
) -> None:
    monkeypatch.setattr("retrieval.engine.index.EXACT_UP_TO", 1)
    held = [passage(f"C-{at}@1#rule", f"number {at} of many parcels") for at in range(60)]
    with open_index(tmp_path, HashingEmbedder(dimension), fold_at=0) as index:
        index.sync([*held, LATE])
        assert [layer.segment.coarse is not None for layer in index._state.layers.layers] == [coded]
        assert ask(index, LATE.text, 1)[0][0] == LATE.id


def test_a_change_is_found_at_once_and_after_reopening(
    synced: Path, never: Callable[[Embedder], ChromaIndex], embedder: CountingEmbedder
) -> None:
    after = (*ALL[:2], CHANGED, NEW)
    with SnapshotIndex(synced / "snapshots", SMALL, never, pack="sample") as index:
        index.revise([CHANGED, NEW])
        assert ask(index, "a ship left the harbour", 1)[0][0] == NEW.id
        assert index.lexical.search(["planted", "pruned"], 5) == index.lexical.search(["planted"], 5) != []
        assert index.pending(after) == 0
        index.revise(drop=[LATE.id])
        assert LATE.id not in {id for id, _ in ask(index, "late parcels")}
        expected = ask(index, "trees and ships")
    with SnapshotIndex(synced / "snapshots", embedder, never, pack="sample") as index:
        assert index.pending(after[1:]) == 3
        assert index.sync(after[1:]) == Synced(1, 1, 1, 1)
        assert embedder.texts == []
        assert index.search(SMALL.embed(["trees and ships"]), 10) == expected


def test_many_changes_make_a_new_snapshot_without_embedding_again(synced: Path, embedder: CountingEmbedder) -> None:
    with open_index(synced, SMALL) as index:
        index.revise([CHANGED, NEW])
        expected = ask(index, "trees and ships")
    before = snapshots.current(synced / "snapshots")
    with open_index(synced, embedder, fold_at=1) as index:
        assert index.sync((*ALL[:2], CHANGED, NEW)) == Synced(1, 1, 0, 2)
        assert len(embedder.texts) == 2, "what lay over the snapshot is new to this process only"
        assert snapshots.current(synced / "snapshots") != before
        assert index.search(SMALL.embed(["trees and ships"]), 10) == expected


def test_folding_recalls_what_was_laid_over(synced: Path, embedder: CountingEmbedder) -> None:
    with open_index(synced, embedder) as index:
        index.revise([CHANGED, NEW])
        embedder.texts.clear()
        index.fold((*ALL[:2], CHANGED, NEW))
        assert embedder.texts == []
        assert index.count == 4
        assert ask(index, "a ship left the harbour", 1)[0][0] == NEW.id


def test_a_reader_keeps_its_snapshot_while_others_replace_it(synced: Path) -> None:
    with open_index(synced, SMALL) as reader, open_index(synced, SMALL) as writer:
        expected = ask(reader, "late parcels")
        for number in range(4):
            writer.fold([*ALL, passage(f"N-{number}@1#rule", "Something new.")])
            assert ask(reader, "late parcels") == expected
        assert reader.lexical.rarest("late parcels") == ["late", "parcels"]
        left = {child.name for child in (synced / "snapshots").iterdir()}
        assert len(left) == 3, "the pointer, the current snapshot and the one before"


def test_searches_never_see_half_a_change(synced: Path) -> None:
    """Two passages change their texts together; a search finds both before or both after."""
    calm, storm = ([passage(f"W-{at}@1#rule", text) for at in "AB"] for text in ("calm sea", "storm"))
    with open_index(synced, SMALL) as index:
        index.revise(calm)
        done = threading.Event()

        def change() -> None:
            for _ in range(30):
                index.revise(storm)
                index.revise(calm)
            done.set()

        thread = threading.Thread(target=change)
        thread.start()
        vectors, seen = SMALL.embed(["T. storm"]), set()
        while not done.is_set():
            scores = dict(index.search(vectors, 10))
            seen.add((scores["W-A@1#rule"], scores["W-B@1#rule"]))
        thread.join()
        assert all(a == b for a, b in seen)
