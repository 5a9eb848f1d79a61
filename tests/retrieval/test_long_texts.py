"""Long texts: what they quote, what they say in one sentence, and what they are about as a whole."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from retrieval import BruteForceIndex, HashingEmbedder, later
from retrieval.embedders.base import Vectors
from retrieval.errors import IndexFault
from retrieval.lexical import LexicalIndex
from retrieval.long_texts import together, weighed
from retrieval.nearness import Nearness, Query
from retrieval.quoting import quoted, runs
from retrieval.reading import Reader
from tests.bench import long_queries
from tests.retrieval.corpus import clause, pack, passage
from tests.retrieval.counting import CountingEmbedder

QUOTED = [
    passage(
        f"quoted-{at}@1#rule", f"A {thing} that was left {where} belongs to the sender until it has been signed for."
    )
    for at, (thing, where) in enumerate([("parcel", "in the rain"), ("letter", "at the gate"), ("crate", "on a cart")])
]
OTHERS = [
    passage(f"other-{at}@1#rule", f"The courier of street {at} was late, and the sender of letter {at} waited in vain.")
    for at in range(150)
]
STORY = [f"On day {at} the courier came to street {at * 7} and the sender waited for a letter." for at in range(30)]


class Misled:
    """A model that finds some passages far from everything that is asked, and all others near."""

    name = fingerprint = "misled"
    dimension, window = 2, 100

    def embed(self, texts: Sequence[str]) -> Vectors:
        far = [any(text.endswith(one.text) for one in QUOTED) for text in texts]
        return np.array([(0.0, 1.0) if is_far else (1.0, 0.0) for is_far in far], dtype=np.float32)


def nearness() -> Nearness:
    index = BruteForceIndex(Misled())
    index.sync([*QUOTED, *OTHERS])
    return Nearness([*QUOTED, *OTHERS], index)


def read(found: Nearness, text: str) -> Query:
    query = found.read(text)
    assert query is not None and query.parts
    return query


POOL = frozenset(one.id for one in [*QUOTED, *OTHERS])


@pytest.mark.parametrize("at", [0, 15, 30], ids=["first", "in the middle", "last"])
def test_all_that_a_long_text_quotes_comes_first_whatever_the_model_thinks(at: int) -> None:
    said = ["They wrote: " + one.text + " They said no more." for one in QUOTED]
    text = " ".join([*STORY[:at], *said, *STORY[at:]])
    found = nearness()
    first = found.find(read(found, text), POOL)[: len(QUOTED)]
    assert {one.source for one in first} == {f"quoted-{at}@1" for at in range(len(QUOTED))}


def test_a_long_text_that_quotes_nothing_goes_by_meaning() -> None:
    found = nearness()
    near = found.find(read(found, " ".join(STORY)), POOL)
    assert not any(one.source.startswith("quoted") for one in near[:20])


@pytest.mark.parametrize("text", ["a parcel in the rain", " ".join(STORY)], ids=["short", "long"])
def test_words_looked_up_meanwhile_say_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = nearness()
    query = found.read(text)
    assert query is not None
    in_turn = [(one.source, one.score, one.cosine, one.reasons) for one in found.find(query, POOL)]
    monkeypatch.setattr("retrieval.nearness._MANY", 0)
    assert [(one.source, one.score, one.cosine, one.reasons) for one in found.find(query, POOL)] == in_turn


@pytest.mark.parametrize("text", ["a parcel in the rain", " ".join(STORY)], ids=["short", "long"])
@pytest.mark.parametrize("many", [0, 10**9])
def test_what_fails_by_meaning_fails_the_search_and_leaves_no_thread_waiting(
    text: str, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.nearness._MANY", many)
    found = nearness()
    query = found.read(text)
    assert query is not None

    def broken(*_: object) -> list[tuple[str, float]]:
        raise IndexFault("the disk is gone")

    with monkeypatch.context() as within:
        within.setattr(BruteForceIndex, "search", broken)
        for _ in range(8):
            with pytest.raises(IndexFault):
                found.find(query, POOL)
    assert found.find(query, POOL)


@pytest.mark.parametrize("text", ["a parcel in the rain", " ".join(STORY)], ids=["short", "long"])
def test_words_are_looked_up_while_the_text_is_embedded(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "cores", lambda: 2)
    monkeypatch.setattr("retrieval.nearness._MANY", 0)
    found = nearness()
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
    query = found.read(text)
    assert query is not None and not looked_up.is_set()
    assert found.find(query, POOL)


@pytest.mark.parametrize("apart", [0, 10**9], ids=["weights wanted early", "weights wanted late"])
def test_many_searches_at_a_time_find_what_one_alone_finds(apart: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than there are threads, so that each may wait for what another one holds."""
    monkeypatch.setattr(later, "cores", lambda: 2)
    monkeypatch.setattr("retrieval.engine.postings._APART", apart)
    found = nearness()
    texts = [" ".join(STORY[at:] + STORY[:at]) for at in range(0, 24, 4)]

    def search(text: str) -> list[tuple[str, float]]:
        return [(one.source, one.score) for one in found.find(read(found, text), POOL, POOL)]

    in_turn = [search(text) for text in texts]
    monkeypatch.setattr("retrieval.nearness._MANY", 0)
    with ThreadPoolExecutor(len(texts)) as threads:
        assert list(threads.map(search, texts, timeout=60)) == in_turn


def test_a_query_is_embedded_once_and_only_when_its_vectors_are_wanted() -> None:
    embedder = CountingEmbedder()
    index = BruteForceIndex(embedder)
    index.sync(QUOTED)
    found = Nearness(QUOTED, index)
    before = list(embedder.texts)
    for text in ("a parcel in the rain", " ".join(STORY)):
        query = found.read(text)
        assert query is not None and embedder.texts == before
        found.find(query, POOL)
        found.find(query, POOL)
        before += query.windows
        assert embedder.texts == before


def test_only_what_stands_in_the_text_word_for_word_is_quoted() -> None:
    text = " ".join(STORY) + " " + QUOTED[0].text.upper()
    other = "Until it has been signed for, a parcel belongs to whoever the sender names, in the rain as on a fine day."
    found = quoted(runs(text), [("whole", QUOTED[0].text), ("other", other), ("short", "the courier came")])
    assert found.keys() == {"whole"}
    half = " ".join(QUOTED[0].text.split()[:9]) + " is all that they wrote."
    assert 0 < quoted(runs(half), [("whole", QUOTED[0].text)])["whole"] < found["whole"]


def test_runs_are_of_three_words_and_there_is_always_one() -> None:
    assert runs("One two, THREE four") == {("one", "two", "three"), ("two", "three", "four")}
    assert runs("one") == {("one",)} and runs("") == {()}


def test_windows_beside_the_subject_count_little() -> None:
    near = ("a", "b", "c")
    cosines = np.array([[0.9, 0.2, 0.1], [0.5, 0.3, 0.3], [0.8, 0.1, 0.0]])
    weights = weighed(cosines)
    assert weights[0] == 1.0 and weights[1] == weights[2] == pytest.approx((0.3 / 0.9) ** 3)
    assert [id for id, _ in together(near, cosines, weights)] == ["a", "c", "b"]
    assert [id for id, _ in together(near, cosines, np.ones(3))] == ["a", "b", "c"]


def test_nothing_near_gives_every_window_the_same_weight() -> None:
    assert weighed(np.zeros((0, 2))).tolist() == [1.0, 1.0]
    assert together((), np.zeros((0, 2)), np.ones(2)) == []


def test_each_vector_of_a_second_reading_is_known_by_its_window() -> None:
    index = BruteForceIndex(HashingEmbedder())
    index.sync(OTHERS)
    made = Nearness(OTHERS, index)
    text = " ".join([*STORY, "The s3nd3r of the l3tt3r waited."])
    query = Reader(pack([clause("C", "The sender of a letter waits.")]), made).read(text)
    assert query is not None and len(query.windows) > query.parts > 1
    assert query.vectors == pytest.approx(index.embedder.embed([query.windows[at] for at in query.embedded]))


def test_long_queries_find_their_source_as_often_as_the_stock_chain(tmp_path: Path) -> None:
    """600 of the 1,000 passages are copies whose vectors don't fit their texts."""
    found = long_queries.found(1_000, 400, 40, tmp_path, "hashing", ("ours", "ours, engine", "stock with bm25s"))
    assert found["ours"] >= found["stock with bm25s"] > 0
    assert found["ours, engine"] >= found["stock with bm25s"]
