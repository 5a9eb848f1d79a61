from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedders import HashingEmbedder
from retrieval.errors import (
    IndexDamaged,
    IndexFault,
    IndexFull,
    IndexLocked,
    IndexMismatch,
    IndexReadOnly,
)
from retrieval.indexes import BruteForceIndex, ChromaIndex, Index
from retrieval.indexes.base import SCHEMA
from retrieval.indexes.guard import DATABASE, fault, writing
from tests.retrieval.corpus import passage
from tests.retrieval.counting import CountingEmbedder
from tests.retrieval.index_contract import ALL, LATE, IndexContract

SMALL = HashingEmbedder(128)


class TestBruteForce(IndexContract):
    @pytest.fixture
    def index(self, embedder: CountingEmbedder) -> Index:
        return BruteForceIndex(embedder)


class TestChroma(IndexContract):
    @pytest.fixture
    def index(self, embedder: CountingEmbedder, tmp_path: Path) -> Iterator[Index]:
        with ChromaIndex(tmp_path / "index", embedder, pack="sample") as index:
            yield index


class TestChromaGraph(IndexContract):
    @pytest.fixture
    def index(self, embedder: CountingEmbedder, tmp_path: Path) -> Iterator[Index]:
        with ChromaIndex(tmp_path / "index", embedder, pack="sample", exact_up_to=0) as index:
            yield index


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a synced index, closed."""
    with ChromaIndex(tmp_path / "index", SMALL, pack="sample") as index:
        index.sync(ALL)
    return tmp_path / "index"


@pytest.mark.parametrize(("exact_up_to", "least"), [(1000, 10), (0, 9)], ids=["exact", "graph"])
def test_chroma_agrees_with_brute_force(tmp_path: Path, exact_up_to: int, least: int) -> None:
    words = ["parcel", "refund", "late", "garden", "tree", "stamp", "form", "letter", "lost", "found", "abroad", "fee"]
    rng = np.random.default_rng(7)
    texts = [" ".join(rng.choice(words, size=9)) + f" {number}" for number in range(400)]
    passages = [passage(f"C-{number:03}@1#rule", text) for number, text in enumerate(texts)]
    oracle = BruteForceIndex(SMALL)
    oracle.sync(passages)
    half = [one.id for one in passages[::2]]
    with ChromaIndex(tmp_path / "index", SMALL, pack="sample", exact_up_to=exact_up_to) as chroma:
        chroma.sync(passages)
        for allowed in (None, half):
            for query in SMALL.embed([" ".join(rng.choice(words, size=4)) for _ in range(20)]):
                expected, found = (dict(one.search(query[None], 10, allowed)) for one in (oracle, chroma))
                assert len(expected.keys() & found.keys()) >= least
                assert all(found[id] == pytest.approx(expected[id], abs=1e-4) for id in expected.keys() & found.keys())


def test_what_was_synced_is_there_after_reopening(folder: Path) -> None:
    embedder = CountingEmbedder()
    with ChromaIndex(folder, embedder, pack="sample") as index:
        assert index.count == 3
        assert index.sync(ALL).kept == 3
        assert embedder.texts == []
        assert index.search(SMALL.embed(["late parcels"]), 1)[0][0] == LATE.id


MISMATCHES = {
    "model": ({"embedder": HashingEmbedder(64)}, "model 'hashing-128', this is 'hashing-64'"),
    "pack": ({"pack": "other"}, "pack 'sample', this is 'other'"),
}


@pytest.mark.parametrize(("other", "said"), MISMATCHES.values(), ids=MISMATCHES)
def test_an_index_of_another_make_is_refused_and_can_be_rebuilt(
    folder: Path, other: dict[str, object], said: str
) -> None:
    makings: dict[str, object] = {"embedder": SMALL, "pack": "sample"} | other
    with pytest.raises(IndexMismatch, match=f"{said}.*rebuild it"):
        ChromaIndex(folder, **makings)  # type: ignore[arg-type]
    with ChromaIndex.rebuilt(folder, **makings) as index:  # type: ignore[arg-type]
        assert index.count == 0
        assert index.sync(ALL).added == 3
    with ChromaIndex(folder, **makings) as index:  # type: ignore[arg-type]
        assert index.count == 3


@pytest.mark.parametrize(("key", "value"), [("schema", SCHEMA + 1), ("fingerprint", "other"), ("pack", None)])
def test_an_index_of_another_version_is_refused(folder: Path, key: str, value: object) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as database, database:
        database.execute("DELETE FROM collection_metadata WHERE key = ?", (key,))
        if value is not None:
            column = "int_value" if isinstance(value, int) else "str_value"
            row = "INSERT INTO collection_metadata (collection_id, key, {}) SELECT id, ?, ? FROM collections"
            database.execute(row.format(column), (key, value))
    with pytest.raises(IndexMismatch):
        ChromaIndex(folder, SMALL, pack="sample")


def test_rebuilding_leaves_other_files_alone(folder: Path) -> None:
    (folder / "notes.txt").write_text("keep")
    (folder / DATABASE).write_bytes(b"not a database" * 500)
    ChromaIndex.rebuilt(folder, SMALL, pack="sample").close()
    assert (folder / "notes.txt").read_text() == "keep"


def test_rebuilding_beside_an_open_index(folder: Path) -> None:
    with ChromaIndex(folder, SMALL, pack="sample") as first:
        with ChromaIndex.rebuilt(folder, SMALL, pack="sample") as second:
            second.sync(ALL[:1])
        assert first.count == 1


def _sync(folder: Path) -> None:
    with ChromaIndex(folder, SMALL, pack="sample") as index:
        index.sync(ALL)


@pytest.mark.parametrize("part", [0, 2], ids=["garbage", "half a file"])
def test_a_damaged_index_says_so_and_can_be_rebuilt(folder: Path, part: int) -> None:
    whole = (folder / DATABASE).read_bytes()
    (folder / DATABASE).write_bytes(whole[: len(whole) // part] if part else b"garbage" * 1000)
    with pytest.raises(IndexDamaged, match="rebuild it"):
        _sync(folder)
    with ChromaIndex.rebuilt(folder, SMALL, pack="sample") as index:
        assert index.sync(ALL).added == 3


def test_a_locked_database_does_not_hang(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(IndexLocked, match="another process"):
            ChromaIndex(folder, SMALL, pack="sample", wait=0.05)


def test_two_syncs_do_not_interleave(folder: Path) -> None:
    with ChromaIndex(folder, SMALL, pack="sample", wait=0.05) as index, writing(folder, 1):
        with pytest.raises(IndexLocked):
            index.sync(ALL[:1])
        assert index.search(SMALL.embed(["late parcels"]), 1)[0][0] == LATE.id


def test_a_sync_by_another_process_is_seen(folder: Path) -> None:
    with ChromaIndex(folder, SMALL, pack="sample") as index:
        assert len(index.search(SMALL.embed(["trees"]), 9)) == 3
        code = "\n".join(
            [
                "from pathlib import Path; from retrieval import ChromaIndex, HashingEmbedder",
                "from tests.retrieval.index_contract import ALL",
                f"ChromaIndex(Path({str(folder)!r}), HashingEmbedder(128), pack='sample').sync(ALL[:2])",
            ]
        )
        subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=True)
        assert len(index.search(SMALL.embed(["trees"]), 9)) == 2


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")
    with pytest.raises(IndexReadOnly, match="is a file"):
        ChromaIndex(tmp_path / "index", SMALL, pack="sample")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("error returned from database: (code: 5) database is locked", IndexLocked),
        ("error returned from database: (code: 1032) attempt to write a readonly database", IndexReadOnly),
        ("unable to open database file", IndexReadOnly),
        ("Permission denied (os error 13)", IndexReadOnly),
        ("[Errno 30] Read-only file system", IndexReadOnly),
        ("error returned from database: (code: 13) database or disk is full", IndexFull),
        ("No space left on device (os error 28)", IndexFull),
        ("file is not a database", IndexDamaged),
        ("database disk image is malformed", IndexDamaged),
        ("something nobody foresaw", IndexDamaged),
    ],
)
def test_foreign_errors_become_ours(said: str, kind: type[IndexFault], tmp_path: Path) -> None:
    found = fault(RuntimeError(said), tmp_path)
    assert type(found) is kind
    assert found.hint


def test_chroma_sends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("ANONYMIZED_TELEMETRY=True\nCHROMA_OTEL_COLLECTION_ENDPOINT=http://example.org\n")
    monkeypatch.setenv("ANONYMIZED_TELEMETRY", "True")
    with ChromaIndex(tmp_path / "index", SMALL, pack="sample") as index:
        settings = index._client.get_settings()
        assert settings.anonymized_telemetry is False
        assert settings.chroma_otel_collection_endpoint == ""
        assert os.environ["ANONYMIZED_TELEMETRY"] == "False"


KILLED_IN_MID_SYNC = """
import json, os, signal, sys
from pathlib import Path
from retrieval.embedders import HashingEmbedder
from retrieval.indexes import ChromaIndex
from tests.retrieval.corpus import passage

passages = [passage(id, text) for id, text in json.load(sys.stdin)]
index = ChromaIndex(Path(sys.argv[1]), HashingEmbedder(128), pack="sample")
index.sync(passages, lambda done, total: done and os.kill(os.getpid(), signal.SIGKILL))
"""


def test_a_sync_that_was_killed_is_completed_by_the_next(tmp_path: Path) -> None:
    given = [(f"C-{number}@1#rule", f"text {number}") for number in range(200)]
    command = [sys.executable, "-c", KILLED_IN_MID_SYNC, str(tmp_path / "index")]
    root = Path(__file__).parents[2]
    killed = subprocess.run(command, input=json.dumps(given), text=True, cwd=root, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    embedder = CountingEmbedder()
    with ChromaIndex(tmp_path / "index", embedder, pack="sample") as index:
        assert index.count == 64
        assert index.sync([passage(id, text) for id, text in given]).added == 136
        assert len(embedder.texts) == 136
        assert index.count == 200
        assert len(index.search(SMALL.embed(["text 7"]), 300)) == 200
