from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from policy_corpus import Duty, Pack, PlannedStep, Precedent, Status
from retrieval import HashingEmbedder, Hit, Retriever, SentenceTransformerEmbedder, open_retriever
from retrieval.errors import EmptyQuery, IndexOutdated, UnknownClause
from retrieval.indexes import BruteForceIndex
from retrieval.relevance import Line, lines
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


def test_a_clause_brings_its_exceptions_and_duties_along() -> None:
    duty = Duty(title="Tell the sender", definition="x", kind="notify", law=True, criteria={"parcel": ["yes"]})
    owed = LATE.model_copy(update={"duties": ("tell",), "exceptions": ("STORM", "FEES")})
    made = pack([owed, STORM, OLD_FEES, NEW_FEES]).model_copy(update={"duties": {"tell": duty}})
    found = retriever(made).search("a late parcel", {}, as_of=TODAY)
    links = {hit.passage.source: [(link.kind, link.name, link.title) for link in hit.links] for hit in found}
    assert links["LATE@1"] == [
        ("exception", "STORM@1", "Clause STORM"),
        ("exception", "FEES@2", "Clause FEES"),
        ("duty", "tell", "Tell the sender"),
    ]
    assert links["STORM@1"] == []


def test_met_clauses_say_which_way_the_case_is_likely_to_go() -> None:
    """All near precedents went one way, the clause that is met goes the other: the far one that agrees comes in."""
    decides = LATE.model_copy(update={"default_plan": (PlannedStep(action="report", on="case"),), "exceptions": ()})
    far = precedent("FAR", "A garden was watered at noon.", "report")
    made = pack([decides], [*precedents(*["limit"] * 200), far])
    found = retriever(made).search("A parcel came late.", {"parcel": YES}, as_of=TODAY, limit=4)
    by_source = {hit.passage.source: hit for hit in found}
    assert "FAR" in by_source and "opposing" not in kinds(by_source["FAR"])
    opposing = [hit for hit in found if "opposing" in kinds(hit)]
    assert len(opposing) == 1 and "the clauses that are met say report" in detail(opposing[0], "opposing")


def test_a_displaced_clause_does_not_say_which_way() -> None:
    decides = LATE.model_copy(update={"default_plan": (PlannedStep(action="report", on="case"),)})
    stops = STORM.model_copy(update={"default_plan": (PlannedStep(action="limit", on="case"),)})
    made = pack([decides, stops], precedents("limit", "report"))
    found = retriever(made).search("A parcel came late.", {"parcel": YES, "refund": NO}, as_of=TODAY)
    assert "say limit" in "".join(why.detail for hit in found for why in hit.reasons if why.kind == "opposing")


def test_findings_bring_in_a_clause_that_few_facts_would_settle() -> None:
    open_ = clause("Z-OPEN", "Zebras are striped.", criteria={"parcel": ["yes"], "address_shared": ["yes"]})
    near = [clause(f"N-{at}", f"A late parcel, number {at}.") for at in range(8)]
    far = [clause(f"F-{at}", f"Gardens and trees, number {at}.") for at in range(20)]
    searched = retriever(pack([open_, *near, *far]))
    said = {hit.passage.source: hit for hit in searched.search("a late parcel", {"parcel": YES}, as_of=TODAY)}
    assert detail(said["Z-OPEN@1"], "criteria_undecided") == "its criteria are open; missing: address_shared"
    silent = searched.search("a late parcel", {}, as_of=TODAY)
    assert "Z-OPEN@1" not in {hit.passage.source for hit in silent}


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


DISGUISED = ["home 4ddress pub1ished", "h o m e address published", "home аddrеss published", "home addrses publishd",
             "homeaddress published", "home add🙂ress published"]  # fmt: skip


@pytest.mark.parametrize("query", DISGUISED)
def test_disguised_and_misspelt_words_find_what_they_mean(query: str) -> None:
    index = BruteForceIndex(HashingEmbedder())
    read, literal = Retriever(PACK, index), Retriever(PACK, index, literal=True)
    read.sync()
    found = read.search_text(query, as_of=TODAY)
    assert found[0].passage.source == "ADDRESS@1"
    assert "address" in detail(found[0], "words")
    disguised = {"home", "address"} - set(query.split())
    shared = detail(found[0], "words")
    assert all(word in shared for word in disguised)
    literally = [why.detail for hit in literal.search_text(query, as_of=TODAY) for why in hit.reasons]
    assert not any(word in said for word in disguised for said in literally)


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


SENTENCES = [f"Day {number} brought rain, a walk and some talk about trains." for number in range(2000)]


@pytest.mark.parametrize("share", [0.0, 0.013, 0.25, 0.5, 0.777, 1.0])
def test_no_place_in_twenty_thousand_words_hides_the_decisive_sentence(share: float) -> None:
    at = int(share * len(SENTENCES))
    text = " ".join([*SENTENCES[:at], DECISIVE, *SENTENCES[at:]])
    assert len(text.split()) > 20_000
    found = retriever().search(text, {}, as_of=TODAY, limit=6)
    assert found[0].passage.source == "ADDRESS@1"
    assert {"similar", "words"} <= kinds(found[0])


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
