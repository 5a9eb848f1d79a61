"""An index on a Chroma server: the same contract as in a folder, moving between the two, and what can go wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import numpy as np
import pytest
from click.testing import CliRunner

from policy_corpus import Pack
from retrieval.embedders import HashingEmbedder
from retrieval.errors import IndexDamaged, IndexLocked, IndexMismatch, IndexOutdated, IndexUnreachable
from retrieval.indexes import BruteForceIndex, ChromaIndex, Index, Server, move
from retrieval.indexes.chroma_moving import digest_of, prints
from tests.conftest import SMALL
from tests.retrieval.corpus import passage
from tests.retrieval.counting import CountingEmbedder
from tests.retrieval.index_contract import ALL, LATE, IndexContract
from tests.services.chroma_server import running
from ui.commands.index import command

TINY = HashingEmbedder(128)
MANY = [passage(f"C-{number:04}@1#rule", f"text {number} of {number % 7}") for number in range(2500)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("chroma") / "data") as found:
        yield found


@pytest.fixture
def pack() -> str:
    """A pack of its own for each test, so that tests can share the server."""
    return f"p{uuid4().hex}"


class TestServer(IndexContract):
    @pytest.fixture
    def index(self, embedder: CountingEmbedder, server: Server, pack: str) -> Iterator[Index]:
        with ChromaIndex(server, embedder, pack=pack) as index:
            yield index


class TestServerGraph(IndexContract):
    @pytest.fixture
    def index(self, embedder: CountingEmbedder, server: Server, pack: str) -> Iterator[Index]:
        with ChromaIndex(server, embedder, pack=pack, exact_up_to=0) as index:
            yield index


def test_it_agrees_with_brute_force(server: Server, pack: str) -> None:
    oracle = BruteForceIndex(TINY)
    oracle.sync(MANY[:300])
    with ChromaIndex(server, TINY, pack=pack) as index:
        index.sync(MANY[:300])
        for query in TINY.embed(["text 7", "of 3", "text 120 of 1"]):
            assert index.search(query[None], 10) == oracle.search(query[None], 10)


def test_packs_share_a_server_without_meeting(server: Server) -> None:
    first, second = f"p{uuid4().hex}", f"p{uuid4().hex}"
    with ChromaIndex(server, TINY, pack=first) as one, ChromaIndex(server, TINY, pack=second) as other:
        one.sync(ALL)
        assert (one.count, other.count) == (3, 0)
        ChromaIndex.rebuilt(server, TINY, pack=second).close()
        assert one.count == 3


def test_another_model_is_refused_and_can_be_rebuilt(server: Server, pack: str) -> None:
    with ChromaIndex(server, TINY, pack=pack) as index:
        index.sync(ALL)
    with pytest.raises(IndexMismatch, match="model 'hashing-128', this is 'hashing-64'.*rebuild it"):
        ChromaIndex(server, HashingEmbedder(64), pack=pack)
    with ChromaIndex.rebuilt(server, HashingEmbedder(64), pack=pack) as index:
        assert index.count == 0


def test_a_sync_by_another_client_is_seen(server: Server, pack: str) -> None:
    with ChromaIndex(server, TINY, pack=pack) as one, ChromaIndex(server, TINY, pack=pack) as other:
        one.sync(ALL)
        assert len(other.search(TINY.embed(["trees"]), 9)) == 3
        one.sync(ALL[:2])
        assert len(other.search(TINY.embed(["trees"]), 9)) == 2


def test_two_that_write_at_once_are_told_and_the_next_sync_mends_it(server: Server, pack: str) -> None:
    with ChromaIndex(server, TINY, pack=pack) as one, ChromaIndex(server, TINY, pack=pack) as other:

        def meanwhile(done: int, total: int) -> None:
            if done == 0:
                other.sync(ALL[:1])

        with pytest.raises(IndexLocked, match="another process.*sync it again"):
            one.sync(ALL, meanwhile)
        assert one.sync(ALL[1:]).removed == 1
        assert {id for id, _ in other.search(TINY.embed(["trees"]), 9)} == {one.id for one in ALL[1:]}


def test_only_vectors_ids_hashes_and_kinds_are_kept_there(server: Server, pack: str) -> None:
    with ChromaIndex(server, TINY, pack=pack) as index:
        index.sync(ALL)
        found = index._stored().get(include=["documents", "metadatas", "uris"])
        assert found["documents"] is None or not any(found["documents"])
        assert {key for row in found["metadatas"] or () for key in row} == {"passage", "digest", "kind"}


def test_tenant_and_database(server: Server, pack: str) -> None:
    base = f"http://{server.host}:{server.port}"
    httpx.post(f"{base}/api/v2/tenants", json={"name": pack}).raise_for_status()
    address = f"{base}/{pack}/trial"
    with pytest.raises(IndexUnreachable, match=f"has no '{address}'.*create it"):
        ChromaIndex(Server.at(address), TINY, pack="sample")
    httpx.post(f"{base}/api/v2/tenants/{pack}/databases", json={"name": "trial"}).raise_for_status()
    with ChromaIndex(Server.at(address), TINY, pack="sample") as index:
        index.sync(ALL)
        assert index.count == 3


def test_telemetry_is_off(server: Server, pack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANONYMIZED_TELEMETRY", "True")
    monkeypatch.setenv("CHROMA_OTEL_COLLECTION_ENDPOINT", "http://example.org")
    with ChromaIndex(server, TINY, pack=pack) as index:
        settings = index._client.get_settings()
        assert settings.anonymized_telemetry is False
        assert settings.chroma_otel_collection_endpoint == ""


@pytest.fixture(params=["folder to server", "server to folder", "server to server"])
def ends(
    request: pytest.FixtureRequest, server: Server, pack: str, tmp_path: Path
) -> Iterator[tuple[ChromaIndex, ChromaIndex]]:
    """A filled index and an empty one, of the same pack."""
    places: dict[str, Path | Server] = {"folder": tmp_path / "index", "server": server}
    start, end = request.param.split(" to ")
    if start == end:
        base = f"http://{server.host}:{server.port}"
        httpx.post(f"{base}/api/v2/tenants/default_tenant/databases", json={"name": pack}).raise_for_status()
        places[end] = Server.at(f"{base}/default_tenant/{pack}")
    with (
        ChromaIndex(places[start] if start != end else server, TINY, pack=pack) as source,
        ChromaIndex(places[end], TINY, pack=pack) as target,
    ):
        source.sync(MANY)
        yield source, target


def test_a_moved_index_is_the_same_and_nothing_is_embedded(ends: tuple[ChromaIndex, ChromaIndex]) -> None:
    source, target = ends
    target.sync(ALL[:1])
    told: list[tuple[int, int]] = []
    moved = move(source, target, lambda *at: told.append(at))
    assert (moved.entries, moved.copied, moved.removed) == (2500, 2500, 1)
    assert (moved.asked, moved.agreement) == (33, 1.0)
    assert moved.digest == digest_of(prints(source)) == digest_of(prints(target))
    assert told[0] == (0, 2500)
    assert told[-1] == (2500, 2500)
    assert target.count == source.count == 2500
    assert target.pending(MANY) == 0
    for query in TINY.embed(["text 7", "of 3"]):
        assert target.search(query[None], 10) == source.search(query[None], 10)
    again = move(source, target)
    assert (again.copied, again.removed, again.digest) == (0, 0, moved.digest)


def test_a_move_that_was_cut_off_goes_on_where_it_was(server: Server, pack: str, tmp_path: Path) -> None:
    def cut(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with (
        ChromaIndex(tmp_path / "index", TINY, pack=pack) as source,
        ChromaIndex(server, TINY, pack=pack) as target,
    ):
        source.sync(MANY)
        with pytest.raises(KeyboardInterrupt):
            move(source, target, cut)
        there = target.count
        assert 0 < there < 2500
        assert move(source, target).copied == 2500 - there


def test_a_vector_that_differs_is_found_and_put_right(server: Server, pack: str, tmp_path: Path) -> None:
    with (
        ChromaIndex(tmp_path / "index", TINY, pack=pack) as source,
        ChromaIndex(server, TINY, pack=pack) as target,
    ):
        source.sync(ALL)
        move(source, target)
        wrong = np.nextafter(TINY.embed(["T. Parcels that arrive late are refunded."]), np.float32(2))
        target._stored().update(ids=[f"{LATE.id}~0"], embeddings=wrong)
        assert digest_of(prints(target)) != digest_of(prints(source))
        assert move(source, target).copied == 1


def test_a_target_that_others_write_to_meanwhile_is_not_called_equal(server: Server, pack: str, tmp_path: Path) -> None:
    with (
        ChromaIndex(tmp_path / "index", TINY, pack=pack) as source,
        ChromaIndex(server, TINY, pack=pack) as target,
        ChromaIndex(server, TINY, pack=pack) as other,
    ):
        source.sync(ALL)

        def meanwhile(done: int, total: int) -> None:
            if done == 0:
                other.sync([passage("X@1#rule", "x")])

        with pytest.raises((IndexDamaged, IndexLocked)):
            move(source, target, meanwhile)
        assert move(source, target).removed == 1


def test_other_packs_and_models_are_not_moved_into_each_other(server: Server, pack: str, tmp_path: Path) -> None:
    with (
        ChromaIndex(tmp_path / "index", TINY, pack="sample") as source,
        ChromaIndex(server, TINY, pack=pack) as target,
        pytest.raises(IndexMismatch, match="same pack and model"),
    ):
        move(source, target)


def test_an_empty_source_empties_nothing(server: Server, pack: str, tmp_path: Path) -> None:
    with (
        ChromaIndex(tmp_path / "index", TINY, pack=pack) as source,
        ChromaIndex(server, TINY, pack=pack) as target,
    ):
        target.sync(ALL)
        with pytest.raises(IndexOutdated, match="holds nothing.*other way round"):
            move(source, target)
        assert target.count == 3


def test_a_server_that_ends_is_named_and_what_it_kept_is_there_when_it_runs_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as found:
        index = ChromaIndex(found, TINY, pack="sample")
        index.sync(ALL)
    with pytest.raises(IndexUnreachable, match=f"'http://127.0.0.1:{found.port}' can't be reached.*see that it runs"):
        index.search(TINY.embed(["trees"]), 3)
    with pytest.raises(IndexUnreachable):
        index.sync(ALL[:1])
    index.close()
    with running(data) as found, ChromaIndex(found, TINY, pack="sample") as index:
        assert index.sync(ALL).kept == 3


def test_many_threads_search_while_one_syncs(server: Server, pack: str) -> None:
    failed: list[Exception] = []
    with ChromaIndex(server, TINY, pack=pack) as index:
        index.sync(ALL)

        def search() -> None:
            try:
                for _ in range(10):
                    assert LATE.id in {id for id, _ in index.search(TINY.embed(["late parcels"]), 9)}
            except Exception as error:
                failed.append(error)

        threads = [threading.Thread(target=search) for _ in range(4)]
        for thread in threads:
            thread.start()
        for size in (2, 3, 1, 3):
            index.sync(ALL[:size])
        for thread in threads:
            thread.join()
    assert failed == []


def test_the_command_moves_an_index_to_the_server_and_back(
    server: Server, small: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_COPILOT_EMBEDDER", "hashing")
    address = f"http://{server.host}:{server.port}"
    with ChromaIndex(tmp_path / "home" / "index" / small.id, HashingEmbedder(), pack=small.id) as index:
        index.sync(small.passages())
        count = len(prints(index))

    def moved(start: str, end: str) -> list[str]:
        done = CliRunner().invoke(command, ["move", start, end, "--pack", str(SMALL)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout.splitlines()

    there, back = moved("home", address), moved(address, "home")
    assert there[0] == f"{count} entries, {count} copied, 0 removed"
    assert back[0] == f"{count} entries, 0 copied, 0 removed"
    assert there[1] == back[1]
    assert there[1].endswith("sample queries agree to 100%")
