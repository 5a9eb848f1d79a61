"""What a search gives back, and when it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from policy_corpus import Pack, Status
from retrieval import HashingEmbedder, Retriever, SentenceTransformerEmbedder, open_retriever
from retrieval.errors import EmptyQuery, IndexOutdated, UnknownClause
from retrieval.indexes import BruteForceIndex
from retrieval.relevance import Line, lines
from tests.retrieval.corpus import TODAY, clause, pack, precedent
from tests.retrieval.parcels import (
    GARDEN,
    NO,
    PACK,
    YES,
    detail,
    find,
    kinds,
    precedents,
    retriever,
)

REASONS: dict[str, tuple[str, dict[str, frozenset[str]], tuple[str, ...], str, str, str]] = {
    "similar": ("watering the garden", {}, (), "GARDEN@1", "similar", "close in meaning: section 'rule'"),
    "words": ("watered gardens", {}, (), "GARDEN@1", "words", "gardens, watered"),
    "met": ("hello", {"parcel": YES}, (), "LATE@1", "criteria_met", "its criteria are met: parcel"),
    "undecided": ("a late parcel", {}, (), "LATE@1", "criteria_undecided", "missing: parcel"),
    "required by id": ("hello", {}, ("ADDRESS",), "ADDRESS@1", "required", "must be considered"),
    "required by ref": ("hello", {}, ("ADDRESS@1",), "ADDRESS@1", "required", "must be considered"),
    "required by an older ref": ("hello", {}, ("FEES@1",), "FEES@2", "required", "as FEES@1"),
    "exception": ("hello", {"parcel": YES}, (), "STORM@1", "exception", "an exception to LATE@1"),
    "opposing": ("a parcel came late", {}, (), "P-KEPT", "opposing", "went another way: none"),
    "stale": ("the fee was doubled", {}, (), "P-STALE", "similar", "a stale precedent: its clause changed in spring"),
}


@pytest.mark.parametrize(("query", "findings", "must", "source", "kind", "said"), REASONS.values(), ids=REASONS)
def test_every_reason(
    query: str, findings: dict[str, frozenset[str]], must: tuple[str, ...], source: str, kind: str, said: str
) -> None:
    hits = find(query, findings, must_include=must)
    assert said in detail(hits[source], kind)
    assert all(hit.reasons for hit in hits.values())


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [(date(2024, 12, 31), "FEES@1"), (date(2025, 1, 1), "FEES@2"), (TODAY, "FEES@2"), (date(1999, 1, 1), "FEES@1")],
)
def test_only_the_version_in_force_comes_back(as_of: date, expected: str) -> None:
    hits = find("fees doubled", as_of=as_of, limit=40)
    assert {source for source in hits if source.startswith("FEES")} == {expected}


def test_a_clause_out_of_force_is_not_returned_even_when_required() -> None:
    early = pack([clause("NEW", "A new rule.", effective_from=date(2026, 1, 1)), GARDEN])
    found = retriever(early).search("a new rule", {}, as_of=date(2025, 1, 1), must_include=["NEW"])
    assert [hit.passage.source for hit in found] == ["GARDEN@1"]


def test_overruled_and_superseded_precedents_never_come_back() -> None:
    hits = find("a parcel was late and burnt or lost", limit=40)
    assert {"P-STALE", "P-KEPT"} <= hits.keys()
    assert not {"P-OVER", "P-SUPER"} & hits.keys()


def test_empty_criteria_are_not_met() -> None:
    hits = find("polite", {"parcel": YES}, limit=40)
    assert not {"criteria_met", "criteria_undecided"} & kinds(hits["ALWAYS@1"])


def test_criteria_that_fail_add_no_reason() -> None:
    assert kinds(find("late parcels", {"parcel": NO})["LATE@1"]) <= {"similar", "words"}


def test_each_source_comes_back_once() -> None:
    found = retriever().search("parcel late refunded, decided on its facts", {}, as_of=TODAY, limit=40)
    sources = [hit.passage.source for hit in found]
    assert len(sources) == len(set(sources))


def test_an_updated_pack_shows_in_the_next_search() -> None:
    first = retriever()
    before = {hit.passage.source for hit in first.search_text("zebra parcel", as_of=TODAY, limit=40)}
    changed = [one.model_copy(update={"status": Status.OVERRULED, "status_reason": "x"}) if one.id == "P-1" else one
               for one in PACK.precedents]  # fmt: skip
    more = PACK.with_precedents((*changed, precedent("P-NEW", "A zebra ate the parcel.")))
    second = first.updated(more)
    after = {hit.passage.source for hit in second.search_text("zebra parcel", as_of=TODAY, limit=40)}
    assert after - before == {"P-NEW"}
    assert before - after == {"P-1"}
    assert second.search_text("zebra", as_of=TODAY)[0].passage.source == "P-NEW"


class Backwards:
    """A reranker that likes long passages."""

    def scores(self, query: str, passages: Sequence[str]) -> Sequence[float]:
        return [len(one) for one in passages]


class Silent:
    def scores(self, query: str, passages: Sequence[str]) -> Sequence[float]:
        return []


def test_a_reranker_has_the_last_word_on_order() -> None:
    index = BruteForceIndex(HashingEmbedder())
    Retriever(PACK, index).sync()
    plain = Retriever(PACK, index).search_text("a late parcel", as_of=TODAY, limit=40)
    again = Retriever(PACK, index, reranker=Backwards()).search_text("a late parcel", as_of=TODAY, limit=40)
    lengths = [len(f"{hit.passage.title}. {hit.passage.text}") for hit in again]
    assert {hit.passage.id for hit in again} == {hit.passage.id for hit in plain} and len(plain) > 5
    assert lengths == sorted(lengths, reverse=True)
    assert lengths != [len(f"{hit.passage.title}. {hit.passage.text}") for hit in plain]
    assert [hit.score for hit in again] == [hit.score for hit in plain]
    with pytest.raises(ValueError, match="it must give one for each"):
        Retriever(PACK, index, reranker=Silent()).search_text("a late parcel", as_of=TODAY)


@pytest.mark.parametrize(("line", "relevant"), [(-1.0, True), (0.99, False)])
def test_nothing_relevant_is_said_and_near_misses_are_offered(line: float, relevant: bool) -> None:
    index = BruteForceIndex(HashingEmbedder())
    made = Retriever(PACK, index, line=Line(model="hashing", short=line, long=line))
    made.sync()
    found = made.search_text("a late parcel", as_of=TODAY)
    assert (found.relevant, bool(found), len(found.near_misses)) == (relevant, relevant, 0 if relevant else 3)
    assert made.search("a late parcel", {}, as_of=TODAY).relevant is relevant
    assert made.search("a late parcel", {"parcel": YES}, as_of=TODAY).relevant, "a clause that is met is relevant"
    assert made.search("a late parcel", {}, as_of=TODAY, must_include=["FEES"]).relevant


def test_an_unmeasured_model_has_no_line_and_the_packaged_one_has() -> None:
    assert retriever().line is None
    assert SentenceTransformerEmbedder().fingerprint in lines()


@pytest.mark.parametrize("query", ["", "   ", "\u200b\u200d", "\x00"])
def test_without_visible_text_only_findings_and_names_answer(query: str) -> None:
    assert find(query) == {}
    assert find(query, {"parcel": YES}, must_include=["FEES"]).keys() == {"LATE@1", "STORM@1", "FEES@2"}
    with pytest.raises(EmptyQuery, match="at least one visible word"):
        retriever().search_text(query, as_of=TODAY)


@pytest.mark.parametrize("name", ["ADRESS", "ADDRESS@9", "P-1"])
def test_an_unknown_clause_is_an_error(name: str) -> None:
    with pytest.raises(UnknownClause, match=f"has no clause '{name}'"):
        find("hello", must_include=[name])


@pytest.mark.parametrize("made", [pack(), pack([GARDEN]), pack([], precedents("limit"))])
def test_small_packs_work(made: Pack) -> None:
    found = retriever(made).search("parcels and gardens", {"parcel": YES}, as_of=TODAY)
    assert len(found) == len(made.clauses) + len(made.precedents)


def test_the_same_search_gives_the_same_hits() -> None:
    shuffled = PACK.model_copy(update={"clauses": PACK.clauses[::-1], "precedents": PACK.precedents[::-1]})
    given = ("a parcel came late", {"parcel": YES})
    assert retriever().search(*given, as_of=TODAY) == retriever(shuffled).search(*given, as_of=TODAY)


def test_hits_come_best_first() -> None:
    scores = [hit.score for hit in retriever().search("a late parcel", {"parcel": YES}, as_of=TODAY)]
    assert scores == sorted(scores, reverse=True)


def test_searching_before_a_sync_is_an_error() -> None:
    index = BruteForceIndex(HashingEmbedder())
    with pytest.raises(IndexOutdated, match="sync it first"):
        Retriever(PACK, index).search_text("parcel", as_of=TODAY)
    Retriever(PACK, index).sync()
    assert Retriever(PACK, index).search_text("parcel", as_of=TODAY)


def test_search_text_keeps_to_the_limit() -> None:
    assert len(retriever().search_text("parcel", as_of=TODAY, limit=2)) == 2


def test_the_real_model_in_chroma(minilm: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    opened = open_retriever(PACK, minilm, tmp_path / "index")
    told: list[tuple[int, int]] = []
    assert opened.sync(lambda *at: told.append(at)).added == len(list(PACK.passages()))
    assert told[-1][0] == told[-1][1]
    found = opened.search("Somebody put online where I live.", {}, as_of=TODAY)
    clauses = [hit.passage.source for hit in found if hit.passage.kind == "clause"]
    assert clauses[0] == "ADDRESS@1"
    opened.index.close()  # type: ignore[attr-defined]
    again = open_retriever(PACK, minilm, tmp_path / "index")
    assert again.search("Somebody put online where I live.", {}, as_of=TODAY) == found
    again.index.close()  # type: ignore[attr-defined]
