"""Plans from clauses: each step on the party that the clause is met for, and on nobody else."""

from __future__ import annotations

import asyncio

import pytest

from copilot.cases import Case
from copilot.drafters.assembling import own_content
from policy_corpus import Pack
from tests.copilot.stand_ins import finding, reviewer

PARTIES = [
    {"id": "a", "kind": "account", "role": "subject"},
    {"id": "b", "kind": "account", "role": "subject"},
    {"id": "r", "kind": "person", "role": "reporter"},
]


def case(*parts: dict[str, str]) -> Case:
    return Case.model_validate(
        {"id": "c", "received_at": "2026-03-01T00:00:00Z", "parties": PARTIES, "parts": list(parts)}
    )


def part(id: str, party: str | None, role: str = "user") -> dict[str, str]:
    held = {"id": id, "role": role, "text": f"Words of part {id}."}
    return held if party is None else {**held, "party": party}


def steps(pack: Pack, judged: Case, *found: object) -> list[tuple[str, str]]:
    review = asyncio.run(reviewer(pack).review(judged, found))  # type: ignore[arg-type]
    return [(step.action, step.on) for step in review.drafts[0].draft.plan.steps]


def test_what_one_did_is_no_ground_against_another(small: Pack) -> None:
    fake = finding("counterfeit", "yes", about="a")
    plan = steps(small, case(part("1", "a"), part("2", "b"), part("3", "r")), fake)
    assert plan == [("keep", "case"), ("hide", "1"), ("ban", "a")]


def test_each_party_is_judged_by_its_own_clause(small: Pack) -> None:
    found = [finding("counterfeit", "yes", about=party) for party in ("a", "b")]
    plan = steps(small, case(part("1", "a"), part("2", "b")), *found)
    assert set(plan) == {("keep", "case"), ("hide", "1"), ("hide", "2"), ("ban", "a"), ("ban", "b")}


def test_a_case_is_not_closed_for_one_while_another_is_acted_against(small: Pack) -> None:
    found = [finding("counterfeit", "yes", about=party) for party in ("a", "b")]
    joke = finding("parody", "yes", about="b")
    plan = steps(small, case(part("1", "a"), part("2", "b")), *found, joke)
    assert ("ban", "a") in plan and ("ban", "b") not in plan
    assert ("close", "case") not in plan


@pytest.mark.parametrize(
    ("parts", "own"),
    [
        ([part("1", "a"), part("2", "a", "profile"), part("3", "a", "report"), part("4", "b")], ["1", "2"]),
        ([part("1", "b"), part("2", None)], ["2"]),
        ([part("1", "b"), part("2", "r")], ["1", "2"]),
    ],
)
def test_a_partys_own_content(parts: list[dict[str, str]], own: list[str]) -> None:
    assert [one.id for one in own_content(case(*parts), "a")] == own
