from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval.embedders import Embedder, HashingEmbedder
from retrieval.engine import folder as snapshots
from retrieval.engine import manifest
from retrieval.engine.index import SnapshotIndex
from retrieval.errors import IndexFull, IndexMismatch, IndexReadOnly
from retrieval.indexes import ChromaIndex, Index, Synced
from tests.retrieval.corpus import passage
from tests.retrieval.counting import CountingEmbedder
from tests.retrieval.index_contract import ALL, LATE, TREES, IndexContract


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


def store(folder: Path) -> Callable[[Embedder], ChromaIndex]:
    return lambda embedder: ChromaIndex(folder / "chroma", embedder, pack="sample")


def open_index(folder: Path, embedder: Embedder, **more: int) -> SnapshotIndex:
    return SnapshotIndex(folder / "snapshots", embedder, store(folder), pack="sample", **more)


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


@pytest.fixture
def synced(tmp_path: Path) -> Path:
    """A folder with a snapshot of three passages."""
    with open_index(tmp_path, SMALL) as index:
        index.sync(ALL)
    return tmp_path


@pytest.fixture
def never() -> Callable[[Embedder], ChromaIndex]:
    def refuse(embedder: Embedder) -> ChromaIndex:
        raise AssertionError("the durable store was opened")

    return refuse


SMALL = HashingEmbedder(128)
CHANGED = passage("P-1#facts", "The gardener planted trees.", kind="precedent")
NEW = passage("P-2#facts", "A ship left the harbour.", kind="precedent")


def ask(index: SnapshotIndex, text: str, k: int = 10) -> list[tuple[str, float]]:
    return index.search(index.embedder.embed([text]), k)


def test_what_was_synced_is_opened_without_the_store(
    synced: Path, never: Callable[[Embedder], ChromaIndex], embedder: CountingEmbedder
) -> None:
    with SnapshotIndex(synced / "snapshots", embedder, never, pack="sample") as index:
        assert index.pending(ALL) == 0
        assert index.sync(ALL).kept == 3
        assert embedder.texts == []
        assert ask(index, "late parcels", 1)[0][0] == LATE.id
        assert index.lexical.search(["pruned apple"], 5)[0][0] == TREES.id


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


MISMATCHES = {
    "model": ({"embedder": HashingEmbedder(64)}, "model 'hashing-128', this is 'hashing-64'"),
    "pack": ({"pack": "other"}, "pack 'sample', this is 'other'"),
}


@pytest.mark.parametrize(("other", "said"), MISMATCHES.values(), ids=MISMATCHES)
def test_a_snapshot_of_another_make_is_refused(synced: Path, other: dict[str, object], said: str) -> None:
    makings: dict[str, object] = {"embedder": SMALL, "pack": "sample"} | other
    with pytest.raises(IndexMismatch, match=f"{said}.*rebuild"):
        SnapshotIndex(synced / "snapshots", durable=store(synced), **makings)  # type: ignore[arg-type]


def test_a_snapshot_of_another_format_is_derived_again(synced: Path, embedder: CountingEmbedder) -> None:
    file = current(synced) / manifest.NAME
    file.write_text(file.read_text().replace('"format":1', '"format":2'))
    with open_index(synced, embedder) as index:
        assert index.sync(ALL) == Synced(3, 0, 0, 0)
        assert embedder.texts == []


def current(folder: Path) -> Path:
    found = snapshots.current(folder / "snapshots")
    assert found is not None
    return found


FILES = ["manifest.json", "rows.npy", "ids.txt", "weights.npy", "hashes.npy", "words.txt"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_a_damaged_snapshot_is_derived_again_without_embedding(
    synced: Path, embedder: CountingEmbedder, name: str, harm: str
) -> None:
    file = current(synced) / name
    whole = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(whole[:-9] if harm == "cut" else whole[:-9] + b"\x07" * 9)
    with open_index(synced, embedder) as index:
        assert index.pending(ALL) == 3
        assert index.sync(ALL) == Synced(3, 0, 0, 0)
        assert embedder.texts == []
        assert ask(index, "late parcels", 1)[0][0] == LATE.id


@pytest.mark.parametrize("tail", ['{"passage": "P-2#facts", "dig', "\x00\x00", '{"passage": 1}', '{"rows": "AAAA"}'])
def test_a_log_that_was_cut_off_costs_only_its_last_line(synced: Path, embedder: CountingEmbedder, tail: str) -> None:
    with open_index(synced, SMALL) as index:
        index.revise([NEW])
    with (current(synced) / "added.log").open("a") as log:
        log.write(tail)
    with open_index(synced, embedder) as index:
        index.revise([CHANGED])
    assert len(embedder.texts) == 1
    with open_index(synced, embedder) as index:
        assert index.sync((*ALL[:2], CHANGED, NEW)) == Synced(1, 1, 0, 2)
        assert len(embedder.texts) == 1


def test_a_reader_keeps_its_snapshot_while_others_replace_it(synced: Path) -> None:
    with open_index(synced, SMALL) as reader, open_index(synced, SMALL) as writer:
        expected = ask(reader, "late parcels")
        for number in range(4):
            writer.fold([*ALL, passage(f"N-{number}@1#rule", "Something new.")])
            assert ask(reader, "late parcels") == expected
        assert reader.lexical.shared("late parcels", LATE.id) == ("late", "parcels")
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


def test_a_file_in_the_folder_s_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("a file")
    with pytest.raises(IndexReadOnly, match="a file, not a folder"):
        open_index(tmp_path, SMALL)


def test_a_full_disk_is_told_and_changes_nothing(synced: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    with open_index(synced, SMALL) as index:
        expected = ask(index, "late parcels")
        monkeypatch.setattr("retrieval.engine.added.append", full)
        monkeypatch.setattr("retrieval.engine.stored.write", full)
        with pytest.raises(IndexFull, match="free some space"):
            index.revise([NEW])
        with pytest.raises(IndexFull, match="free some space"):
            index.fold([*ALL, NEW])
        assert ask(index, "late parcels") == expected
    with open_index(synced, SMALL) as index:
        assert ask(index, "late parcels") == expected


KILLED = """
import os, signal, sys
from pathlib import Path
import retrieval.engine.folder as folder
from retrieval import BruteForceIndex
from retrieval.engine.index import SnapshotIndex
from tests.retrieval.test_snapshots import ALL, NEW, SMALL

left = int(sys.argv[2])
flush = folder._flush

def counted(path):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    flush(path)

folder._flush = counted
path = Path(sys.argv[1]) / "snapshots"
SnapshotIndex(path, SMALL, BruteForceIndex, pack="sample").fold([*ALL, NEW])
"""


@pytest.mark.parametrize("at", [0, 11, 12], ids=["writing", "before the switch", "after it"])
def test_killed_while_publishing_a_snapshot_is_left(synced: Path, at: int) -> None:
    command = [sys.executable, "-c", KILLED, str(synced), str(at)]
    killed = subprocess.run(command, text=True, cwd=Path(__file__).parents[2], capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    embedder = CountingEmbedder()
    with open_index(synced, embedder) as index:
        assert index.count in (3, 4)
        assert index.sync([*ALL, NEW]).kept >= 3
        assert {id for id, _ in index.search(SMALL.embed(["anything"]), 9)} == {one.id for one in (*ALL, NEW)}
