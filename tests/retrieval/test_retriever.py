from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from policy_corpus import Pack, Precedent, Status
from retrieval import HashingEmbedder, Hit, Retriever, SentenceTransformerEmbedder, open_retriever
from retrieval.errors import EmptyQuery, IndexOutdated, UnknownClause
from retrieval.indexes import BruteForceIndex
from tests.retrieval.corpus import TODAY, clause, pack, precedent

YES, NO = frozenset({"yes"}), frozenset({"no"})

OLD_FEES = clause("FEES", "Fees may be doubled.", effective_until=date(2024, 12, 31))
NEW_FEES = clause("FEES", "Fees may never be doubled.", version=2, effective_from=date(2025, 1, 1))
LATE = clause("LATE", "Parcels that arrive late are refunded.", criteria={"parcel": ["yes"]}, exceptions=("STORM",))
STORM = clause("STORM", "In a storm nothing is owed.", criteria={"refund": ["no"]})
ADDRESS = clause("ADDRESS", "A home address may not be published.", criteria={"address_shared": ["yes"]})
ALWAYS = clause("ALWAYS", "Be polite to each other.", criteria={"all": []})
GARDEN = clause("GARDEN", "Gardens are watered in the evening.")

PACK = pack(
    [OLD_FEES, NEW_FEES, LATE, STORM, ADDRESS, ALWAYS, GARDEN],
    [
        *(
            precedent(f"P-{number}", f"A parcel came {number} days late and was refunded.", "limit")
            for number in range(6)
        ),
        precedent("P-KEPT", "A parcel was late in a storm, nothing was done."),
        precedent("P-STALE", "A parcel was late and the fee was doubled.", "limit", status=Status.STALE),
        precedent("P-OVER", "A parcel was late and burnt.", "limit", status=Status.OVERRULED),
        precedent("P-SUPER", "A parcel was late and lost.", "limit", status=Status.SUPERSEDED, successor="P-1"),
    ],
)


def retriever(pack: Pack = PACK) -> Retriever:
    made = Retriever(pack, BruteForceIndex(HashingEmbedder()))
    made.sync()
    return made


def find(query: str, findings: Mapping[str, frozenset[str]] | None = None, **more: object) -> dict[str, Hit]:
    """Hits by source."""
    found = retriever().search(query, findings or {}, **({"as_of": TODAY} | more))  # type: ignore[arg-type]
    return {hit.passage.source: hit for hit in found}


def kinds(hit: Hit) -> set[str]:
    return {reason.kind for reason in hit.reasons}


def detail(hit: Hit, kind: str) -> str:
    return next(reason.detail for reason in hit.reasons if reason.kind == kind)


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


@pytest.mark.parametrize("limit", [3, 6, 12])
def test_clauses_and_precedents_are_balanced(limit: int) -> None:
    many = [precedent(f"Q-{number:03}", f"A late parcel, number {number}.", "limit") for number in range(300)]
    wide = retriever(PACK.with_precedents((*PACK.precedents, *many)))
    for query in ("a late parcel", "parcels that arrive late are refunded"):
        found = wide.search(query, {}, as_of=TODAY, limit=limit)
        counts = [sum(hit.passage.kind == kind for hit in found) for kind in ("clause", "precedent")]
        assert min(counts) >= limit // 3


def precedents(*tiers: str) -> tuple[Precedent, ...]:
    return tuple(precedent(f"P-{at}", f"A parcel came late. {at}", tier) for at, tier in enumerate(tiers))


OPPOSED: dict[str, tuple[tuple[str, ...], bool]] = {
    "two ways": (("limit", "limit", "limit", ""), True),
    "against a single vote": (("report", "limit"), True),
    "one way only": (("limit", "limit"), False),
    "one precedent": (("limit",), False),
    "none": ((), False),
    "far behind three hundred": (("limit",) * 300 + ("enforce",), True),
}


@pytest.mark.parametrize(("tiers", "opposed"), OPPOSED.values(), ids=OPPOSED)
@pytest.mark.parametrize("limit", [1, 12])
def test_a_precedent_each_way(tiers: tuple[str, ...], opposed: bool, limit: int) -> None:
    made = pack([LATE, STORM], precedents(*tiers))
    found = retriever(made).search("A parcel came late.", {}, as_of=TODAY, limit=limit)
    opposing = [hit for hit in found if "opposing" in kinds(hit)]
    assert len(opposing) == opposed
    ways = {made.tier(one.plan) for hit in found if (one := made.precedent(hit.passage.source))}
    assert len(ways) >= min(2, len(set(tiers)))


def test_what_must_come_in_does_so_beyond_the_limit() -> None:
    hits = find("gardens", {"parcel": YES, "address_shared": YES}, must_include=["FEES"], limit=1)
    assert {"FEES@2", "LATE@1", "STORM@1", "ADDRESS@1"} <= hits.keys()


def test_met_clauses_show_their_rule() -> None:
    sections = {"rule": "Parcels are refunded.", "examples": "A zebra crossing delayed the courier."}
    zebra = clause("ZEBRA", "x", criteria={"parcel": ["yes"]}).model_copy(update={"sections": sections})
    met = retriever(pack([zebra])).search("zebra crossing", {"parcel": YES}, as_of=TODAY)
    near = retriever(pack([zebra])).search("zebra crossing", {}, as_of=TODAY)
    assert [hit.passage.section for hit in (*met, *near)] == ["rule", "examples"]


FILLER = " ".join(f"On day {number} we spoke about music, football and the weather." for number in range(150))
DECISIVE = "Then my home address was published."


@pytest.mark.parametrize("at", [0, len(FILLER) // 2, len(FILLER)], ids=["first", "in the middle", "last"])
def test_a_long_text_does_not_lose_its_decisive_sentence(at: int) -> None:
    cut = FILLER.rfind(". ", 0, at) + 2 if 0 < at < len(FILLER) else at
    hits = find(f"{FILLER[:cut]} {DECISIVE} {FILLER[cut:]}", limit=6)
    assert "similar" in kinds(hits["ADDRESS@1"])


HIDDEN = {
    "zero-width": "ho\u200bme add\u200dress publi\u2060shed",
    "right-to-left override": "\u202ehome address\u202c published",
    "full width": "ｈｏｍｅ ａｄｄｒｅｓｓ published",
    "beside arabic": "تم النشر home address published",
}


@pytest.mark.parametrize("query", HIDDEN.values(), ids=HIDDEN)
def test_hidden_characters_hide_nothing(query: str) -> None:
    found = retriever().search_text(query, as_of=TODAY)
    assert found[0].passage.source == "ADDRESS@1"
    assert "address" in detail(found[0], "words")


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


def test_a_huge_text_is_searched_in_bounded_time() -> None:
    text = " ".join(f"line{number} nothing to see here at all." for number in range(20_000)) + DECISIVE
    assert "ADDRESS@1" in find(text)


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
