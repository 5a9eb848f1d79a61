"""Which of what was found comes back, and why."""

from __future__ import annotations

import pytest

from policy_corpus import Duty, PlannedStep
from tests.retrieval.corpus import TODAY, clause, pack, precedent
from tests.retrieval.parcels import (
    LATE,
    NEW_FEES,
    NO,
    OLD_FEES,
    PACK,
    STORM,
    YES,
    detail,
    find,
    kinds,
    precedents,
    retriever,
)


@pytest.mark.parametrize("limit", [3, 6, 12])
def test_clauses_and_precedents_are_balanced(limit: int) -> None:
    many = [precedent(f"Q-{number:03}", f"A late parcel, number {number}.", "limit") for number in range(300)]
    wide = retriever(PACK.with_precedents((*PACK.precedents, *many)))
    for query in ("a late parcel", "parcels that arrive late are refunded"):
        found = wide.search(query, {}, as_of=TODAY, limit=limit)
        counts = [sum(hit.passage.kind == kind for hit in found) for kind in ("clause", "precedent")]
        assert min(counts) >= limit // 3


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
