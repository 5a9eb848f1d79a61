"""Texts that are nearly the same are found, whichever way they were made so."""

from __future__ import annotations

import json

import pytest

from evals.corpus import Story, Thresholds, duplicates, near_duplicates, nearness
from evals.corpus.duplicates import overlaps, word_grams
from evals.corpus.stories import units, word_count
from retrieval import HashingEmbedder
from tests.evals.small_pack import GOLD, PRECEDENTS, precedent, small_pack

WATCH = (
    "A seller put twelve watches on a stall, told three buyers that each was the real thing, and packed up when a"
    " warden asked for the papers that come with them."
)
OTHER = (
    "Smoke rose behind the bakery at noon; two neighbours rang the bell until the family came down the stairs, and"
    " nobody was hurt, although the back room was lost."
)
JAPANESE = "店主は本物だと言って時計を三つ売りました。係の人が書類を求めると店をたたみました。"


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (WATCH, ("meaning", "wording")),
        (f"{OTHER} {WATCH}", ("wording",)),
        (OTHER, None),
        (WATCH.replace("watches", "bags").replace("three buyers", "some people"), ("meaning", "wording")),
    ],
)
def test_copies_are_found(embedder: HashingEmbedder, other: str, found: tuple[str, ...] | None) -> None:
    pairs = near_duplicates([Story("a", WATCH, "one")], [Story("b", other, "two")], embedder)
    assert [pair.by for pair in pairs] == ([found] if found else [])


def test_one_family_may_be_alike_and_a_pair_is_named_once(embedder: HashingEmbedder) -> None:
    stories = [Story("a", WATCH, "one"), Story("b", WATCH, "one"), Story("c", WATCH, "two"), Story("d", WATCH)]
    pairs = near_duplicates(stories, None, embedder)
    assert {(pair.a, pair.b) for pair in pairs} == {("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")}
    assert len(pairs) == 5
    assert near_duplicates([Story("d", WATCH)], [Story("d", WATCH)], embedder) == ()


def test_scripts_that_the_embedder_does_not_know_are_judged_by_wording(embedder: HashingEmbedder) -> None:
    a, b = Story("a", JAPANESE), Story("b", JAPANESE.replace("時計", "財布"))
    near = nearness([a, Story("c", WATCH)], [b], embedder)
    assert near.unread == 1
    (pair,) = near.pairs(Thresholds())
    assert (pair.cosine, pair.by, str(pair).startswith("a and b: cosine –, 5-gram overlap 0.")) == (
        None,
        ("wording",),
        True,
    )
    assert (
        near_duplicates([a], [Story("b", "全く別の話で、駅前の祭りに大勢の人が集まり、夜まで歌いました。")], embedder)
        == ()
    )


def test_overlap_is_the_share_of_the_shorter_text() -> None:
    long, short = Story("a", " ".join(f"w{n}" for n in range(100))), Story("b", " ".join(f"w{n}" for n in range(40)))
    assert overlaps([long], [short]).tolist() == [[1.0]]
    few = Story("c", "w1 w2 w3 w4 w5 w6")
    assert overlaps([long], [few]).tolist() == [[2 / 20]], "a phrase doesn't make two short texts copies"
    assert word_grams("One, two: three four five!") == {("one", "two", "three", "four", "five")}
    assert units("ab 店主は") == ["ab", "店", "主", "は"]
    assert (word_count("one two"), word_count(JAPANESE)) == (2, None)


def test_the_report_looks_everywhere(embedder: HashingEmbedder) -> None:
    first, second = precedent("P-8", WATCH, "LB-1", []), precedent("P-9", WATCH, "LB-1", [])
    found = duplicates(small_pack((*PRECEDENTS, first, second)), GOLD, embedder)
    by_part = {part.name: [(pair.a, pair.b) for pair in part.pairs] for part in found.parts}
    assert ("P-8", "P-9") in by_part["between precedents"]
    assert ("P-8", "P-9") in by_part["between rationales"]
    assert by_part["between gold cases"] == []
    assert "P-8 and P-9: cosine 1.000, 5-gram overlap 1.000 (meaning, wording)" in found.to_text()
    assert json.loads(found.to_json())["embedder"] == "hashing-128"


def test_nothing_to_compare_is_no_error(embedder: HashingEmbedder) -> None:
    found = duplicates(small_pack(()), (), embedder)
    assert found.pairs == ()
    assert "nothing measured" in found.to_text()
