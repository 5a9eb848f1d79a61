"""What a search does in other threads: it finds the same, fails as a whole and leaves none waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest

from retrieval import BruteForceIndex, nearness
from retrieval.embedders.base import Vectors
from retrieval.errors import IndexFault
from retrieval.later import Later
from retrieval.lexical import LexicalIndex
from retrieval.nearness import Nearness
from tests.retrieval import couriers
from tests.retrieval.couriers import POOL, STORY, Misled, read
from tests.retrieval.workers import NAME, Workers, no_new_thread

SHORT, LONG = "a parcel in the rain", " ".join(STORY)
TEXT = pytest.mark.parametrize("text", [SHORT, LONG], ids=["short", "long"])
APART = pytest.mark.parametrize("apart", [0, 10**9], ids=["weights wanted early", "weights wanted late"])
POOLS = [frozenset(sorted(POOL)[::2]), frozenset(sorted(POOL)[1::2])]


@pytest.fixture
def found(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> Nearness:
    """Searched in threads of the test's own, however few its passages are."""
    monkeypatch.setattr(nearness, "_MANY", 0)
    return couriers.nearness()


def told(found: Nearness, text: str) -> list[object]:
    near = found.find(read(found, text), *POOLS)
    return [(one.source, one.score, one.cosine, one.reasons) for one in near]


@TEXT
@APART
@pytest.mark.parametrize("threads", [nullcontext, no_new_thread], ids=["threads", "no thread can be started"])
def test_a_search_in_other_threads_finds_the_same_and_leaves_none_waiting(
    found: Nearness,
    workers: Workers,
    text: str,
    apart: int,
    threads: Callable[[], nullcontext[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("retrieval.engine.postings._APART", apart)
    with threads():
        meanwhile = told(found, text)
    # A thread that starts now comes to what was left in the queue.
    assert workers.queued().result(10).name.startswith(NAME)
    assert workers.all_end()
    monkeypatch.setattr(nearness, "_MANY", 10**9)
    assert meanwhile == told(found, text)


@TEXT
def test_what_fails_by_meaning_fails_the_search_and_leaves_no_thread_waiting(
    found: Nearness, workers: Workers, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.engine.postings._APART", 0)
    query = read(found, text)

    def broken(*_: object) -> list[tuple[str, float]]:
        raise IndexFault("the disk is gone")

    with monkeypatch.context() as within:
        within.setattr(BruteForceIndex, "search", broken)
        for _ in range(8):
            with pytest.raises(IndexFault, match="the disk is gone"):
                found.find(query, *POOLS)
    assert found.find(query, *POOLS)
    assert workers.all_end()


def test_what_fails_right_after_the_words_were_begun_leaves_no_thread_waiting(
    found: Nearness, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.engine.postings._APART", 0)

    begin = Later.begin

    def begun(self: Later[object]) -> None:
        begin(self)
        raise MemoryError

    monkeypatch.setattr(Later, "begin", begun)
    for _ in range(2):
        with pytest.raises(MemoryError):
            found.find(read(found, LONG), *POOLS)
    assert workers.all_end()


@TEXT
def test_words_are_looked_up_while_the_text_is_embedded(
    found: Nearness, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up, embed = threading.Event(), Misled.embed
    rarest = LexicalIndex.rarest

    def seen(self: LexicalIndex, text: str) -> list[str]:
        looked_up.set()
        return rarest(self, text)

    def patient(self: Misled, texts: Sequence[str]) -> Vectors:
        assert looked_up.wait(30)
        return embed(self, texts)

    monkeypatch.setattr(LexicalIndex, "rarest", seen)
    monkeypatch.setattr(Misled, "embed", patient)
    query = read(found, text)
    assert not looked_up.is_set()
    assert found.find(query, *POOLS)


def test_the_pools_of_a_long_text_are_searched_side_by_side(found: Nearness, monkeypatch: pytest.MonkeyPatch) -> None:
    both, search = threading.Barrier(len(POOLS)), BruteForceIndex.search

    def meeting(
        self: BruteForceIndex, vectors: Vectors, k: int, allowed: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        if allowed in POOLS:
            both.wait(30)
        return search(self, vectors, k, allowed)

    monkeypatch.setattr(BruteForceIndex, "search", meeting)
    assert found.find(read(found, LONG), *POOLS)


@APART
def test_many_searches_at_a_time_find_what_one_alone_finds(
    found: Nearness, apart: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of them than there are threads, so that each may wait for what another one holds."""
    monkeypatch.setattr("retrieval.engine.postings._APART", apart)
    texts = [" ".join(STORY[at:] + STORY[:at]) for at in range(0, 24, 4)]

    def search(text: str) -> list[object]:
        return told(found, text)

    with ThreadPoolExecutor(len(texts)) as threads:
        at_a_time = list(threads.map(search, texts, timeout=60))
    monkeypatch.setattr(nearness, "_MANY", 10**9)
    assert at_a_time == [search(text) for text in texts]
