"""Long texts: what they quote, what they say in one sentence, and what they are about as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval import BruteForceIndex, HashingEmbedder
from retrieval.embedders.base import Vectors
from retrieval.lexical import LexicalIndex
from retrieval.long_texts import together, weighed
from retrieval.nearness import Nearness, Query
from retrieval.quoting import quoted, runs
from retrieval.reading import Reader
from tests.bench import long_queries
from tests.retrieval import couriers
from tests.retrieval.corpus import clause, pack, passage
from tests.retrieval.counting import CountingEmbedder
from tests.retrieval.couriers import OTHERS, POOL, QUOTED, STORY, nearness


def read(found: Nearness, text: str) -> Query:
    query = couriers.read(found, text)
    assert query.parts
    return query


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


class Topical:
    """A model for which a text is about letters, halfway so, or about the weather."""

    name = fingerprint = "topical"
    dimension, window = 2, 100

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([_direction(text) for text in texts], dtype=np.float32)


def _direction(text: str) -> tuple[float, float]:
    return (0.0, 1.0) if "weather" in text.lower() else (0.5, 0.75**0.5) if "halfway" in text.lower() else (1.0, 0.0)


TOPICAL = [passage("ALDER@1#rule", "alder"), passage("BIRCH@1#rule", "birch")]
TOPICS = frozenset(one.id for one in TOPICAL)


def topical(*begins: str) -> tuple[Nearness, Query]:
    """A search for a text whose windows begin like this."""
    index = BruteForceIndex(Topical())
    index.sync(TOPICAL)
    found = Nearness(TOPICAL, index)
    more = "and so it went on from the first hour to the last, while everybody who was there said so more than once too"
    query = read(found, " ".join(f"{begin} {more}." for begin in begins))
    assert query.parts == len(query.windows) == len(begins)
    return found, query


def test_words_beside_the_subject_count_little_in_all_windows_together() -> None:
    found, query = topical("One letter birch", "One weather alder", "Two letter birch", "Two weather alder")
    assert [near.source for near in found.find(query, TOPICS)] == ["BIRCH@1", "ALDER@1"]
    found, query = topical("One letter birch", "One letter alder", "Two letter birch", "Two letter alder")
    assert [near.source for near in found.find(query, TOPICS)] == ["ALDER@1", "BIRCH@1"]


def test_a_window_that_was_not_embedded_counts_as_the_least_that_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Embedded are those with rare words."""
    monkeypatch.setattr("retrieval.nearness.MOST_WINDOWS", 3)
    found, query = topical("Letter alder", "Letter", "Halfway birch", "Weather", "Letter alder birch")
    told: list[Sequence[float]] = []
    ranked = LexicalIndex.ranked

    def seen(
        self: LexicalIndex,
        asked: Sequence[Mapping[str, float]],
        k: int,
        pools: Sequence[Collection[str] | None],
        weights: Sequence[float] = (),
    ) -> Iterator[list[tuple[str, float]]]:
        told.append(weights)
        return ranked(self, asked, k, pools, weights)

    monkeypatch.setattr(LexicalIndex, "ranked", seen)
    found.find(query, TOPICS)
    assert [list(weights) for weights in told] == [pytest.approx([1.0, 0.125, 0.125, 0.125, 1.0])]


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
