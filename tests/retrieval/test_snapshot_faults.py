"""Snapshots that are damaged, of another make, or cut off while they are written."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.embedders import HashingEmbedder
from retrieval.engine import manifest
from retrieval.engine.index import SnapshotIndex
from retrieval.errors import IndexFull, IndexMismatch, IndexReadOnly
from retrieval.indexes import Synced
from tests.retrieval.counting import CountingEmbedder
from tests.retrieval.index_contract import ALL, LATE
from tests.retrieval.snapshots import CHANGED, NEW, SMALL, ask, current, open_index, store

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
from tests.retrieval.index_contract import ALL
from tests.retrieval.snapshots import NEW, SMALL

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
