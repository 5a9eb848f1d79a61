"""What a search is limited to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from policy_corpus import Authority, LegalBasis, Pack, Status
from retrieval import HashingEmbedder, Retriever, jurisdictions
from retrieval.errors import UnknownFilter
from retrieval.indexes import BruteForceIndex
from retrieval.standing import Standings
from retrieval.where import Where
from tests.retrieval.corpus import TODAY, clause, pack, precedent

US = LegalBasis(basis="18 USC 2258A(a)", source="the code")
EU = LegalBasis(basis="Regulation (EU) 2022/2065, Article 18", source="the official journal")

PACK = pack(
    [
        clause("US", "Late parcels are reported.", legal_basis=(US,), area="post"),
        clause("EU", "Late parcels are explained.", legal_basis=(EU,), area="post"),
        clause("HOUSE", "Late parcels are regretted.", area="tone", exceptions=("EU",), criteria={"parcel": ["yes"]}),
    ],
    [
        precedent("P-COUNCIL", "A late parcel.", authority=Authority.POLICY_COUNCIL, clauses=("US@1",), area="post"),
        precedent("P-APPEAL", "A late parcel came.", authority=Authority.APPEAL, clauses=("EU@1",), area="tone"),
        precedent("P-SINGLE", "A late parcel again.", authority=Authority.SINGLE),
        precedent("P-OVER", "A late parcel, burnt.", status=Status.OVERRULED),
        precedent("P-SUPER", "A late parcel, lost.", status=Status.SUPERSEDED, successor="P-SINGLE"),
    ],
)


def retriever(made: Pack = PACK) -> Retriever:
    found = Retriever(made, BruteForceIndex(HashingEmbedder()))
    found.sync()
    return found


LIMITS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "none": ({}, {"US@1", "EU@1", "HOUSE@1", "P-COUNCIL", "P-APPEAL", "P-SINGLE"}),
    "authority": ({"authority": "appeal"}, {"US@1", "EU@1", "HOUSE@1", "P-COUNCIL", "P-APPEAL"}),
    "status": ({"statuses": {"overruled"}, "kinds": {"precedent"}}, {"P-OVER"}),
    "two statuses": ({"statuses": {"overruled", "superseded"}, "kinds": {"precedent"}}, {"P-OVER", "P-SUPER"}),
    "jurisdiction": ({"jurisdictions": {"us"}}, {"US@1", "P-COUNCIL"}),
    "two jurisdictions": ({"jurisdictions": {"us", "eu"}}, {"US@1", "P-COUNCIL", "EU@1", "P-APPEAL"}),
    "no law": ({"jurisdictions": {"house"}}, {"HOUSE@1", "P-SINGLE"}),
    "kind": ({"kinds": {"clause"}}, {"US@1", "EU@1", "HOUSE@1"}),
    "area": ({"areas": {"post"}}, {"US@1", "EU@1", "P-COUNCIL"}),
    "several together": ({"areas": {"post"}, "kinds": {"precedent"}}, {"P-COUNCIL"}),
    "nothing fits": ({"areas": {"tone"}, "jurisdictions": {"us"}}, set()),
}  # fmt: skip


@pytest.mark.parametrize(("limits", "sources"), LIMITS.values(), ids=LIMITS)
def test_a_search_keeps_to_its_limits(limits: dict[str, Any], sources: set[str]) -> None:
    where, searched = Where(**limits), retriever()
    assert {hit.passage.source for hit in searched.search_text("late parcel", as_of=TODAY, where=where)} == sources
    assert {hit.passage.source for hit in searched.search("late parcel", {}, as_of=TODAY, where=where)} == sources


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"areas": {"pots"}}, "has no area 'pots'; did you mean 'post'"),
        ({"areas": {"zzz"}}, "known: post, tone"),
        ({"jurisdictions": {"usa"}}, "has no jurisdiction 'usa'; did you mean 'us'"),
    ],
)
def test_an_unknown_name_is_an_error_with_a_hint(limits: dict[str, Any], said: str) -> None:
    with pytest.raises(UnknownFilter, match=said):
        retriever().search_text("late parcel", as_of=TODAY, where=Where(**limits))


@pytest.mark.parametrize("limits", [{"statuses": {"old"}}, {"authority": "king"}, {"kinds": {"memo"}}, {"place": "x"}])
def test_impossible_limits_are_errors(limits: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Where(**limits)


def test_what_no_longer_stands_says_so() -> None:
    where = Where(statuses=frozenset({Status.OVERRULED, Status.SUPERSEDED}), kinds=frozenset({"precedent"}))
    found = {hit.passage.source: hit for hit in retriever().search_text("late parcel", as_of=TODAY, where=where)}
    assert all("an overruled precedent: its clause changed" in why.detail for why in found["P-OVER"].reasons)
    assert all("a superseded precedent by P-SINGLE: " in why.detail for why in found["P-SUPER"].reasons)


def test_limits_hold_back_no_duty_and_no_exception() -> None:
    where = Where(areas=frozenset({"tone"}))
    given: dict[str, Any] = {"as_of": TODAY, "where": where, "must_include": ["US"]}
    found = retriever().search("late parcel", {"parcel": frozenset({"yes"})}, **given)
    sources = {hit.passage.source for hit in found}
    assert {"HOUSE@1", "EU@1", "US@1", "P-APPEAL"} == sources


def test_days_with_the_same_clauses_share_one_standing() -> None:
    changing = pack([clause("A", "x", effective_until=date(2025, 1, 1)), clause("B", "y")], PACK.precedents)
    standings, where = Standings(changing), Where(authority=Authority.APPEAL)
    first, second, third = (standings.on(date(year, 6, 1), where) for year in (2025, 2026, 2024))
    assert first is second
    assert first.precedent_passages is standings.on(date(2026, 1, 1), where).precedent_passages
    assert set(third.clause_passages) - set(first.clause_passages) == {"A@1#rule"}
    assert standings.on(date(2025, 6, 1)) is not first


FORMS = {
    "18 USC 2258A(a)(1)": {"us"},
    "TAKE IT DOWN Act, PL 119-12": {"us"},
    "United States v. Wilson, 13 F.4th 961 (9th Cir. 2021)": {"us"},
    "Ashcroft v. Free Speech Coalition (2002)": {"us"},
    "Regulation (EU) 2022/2065, Article 17": {"eu"},
    "SI 2026/268 under the Online Safety Act 2023": {"uk"},
    "Crime and Policing Act 2026 (c. 20)": {"uk"},
    "Oversight Board decision 2021-016-FB-FBR": {"other"},
}


@pytest.mark.parametrize(("basis", "orders"), FORMS.items(), ids=FORMS)
def test_a_citation_tells_its_legal_order(basis: str, orders: set[str]) -> None:
    assert jurisdictions.of_basis(LegalBasis(basis=basis, source="read there")) == orders


def test_verdicts_are_those_of_the_criteria_themselves(child_safety: Pack) -> None:
    standing = Standings(child_safety).on(child_safety.manifest.released)
    for earlier in child_safety.precedents[::12]:
        held = earlier.held(None, child_safety.vocabulary)
        expected = {one.id: one.criteria.evaluate(held) for one in standing.in_force if one.criteria.facts()}
        assert standing.verdicts(held) == expected
