"""When a report is 'not indicated' and when that is 'unknown': by the duties' own conditions."""

from __future__ import annotations

import asyncio

import pytest

from copilot.cases import Case
from copilot.duties import pointing
from copilot.findings import Finding
from policy_corpus import Pack, Reportability
from tests.copilot.stand_ins import case, finding, reviewer


def child_case(**more: object) -> Case:
    return case("Somebody wrote something.", **more)


def test_nothing_points_where_nothing_grave_was_found(child_safety: Pack) -> None:
    age = finding("age_evidence", "minor_stated", about="account")
    assert pointing(child_case(), [age], child_safety) == ()


def test_a_grave_fact_points_to_a_duty_that_an_open_fact_could_complete(child_safety: Pack) -> None:
    advance = finding("sexual_advance", "implied", about="account")
    assert "sexual_advance" in pointing(child_case(), [advance], child_safety)


@pytest.mark.parametrize(("danger", "registered", "points"), [("possible", "yes", True), ("possible", "no", False)])
def test_what_is_ruled_out_points_to_nothing(small: Pack, danger: str, registered: str, points: bool) -> None:
    found = [finding("danger", danger), finding("registered", registered)]
    assert bool(pointing(case("A stall."), found, small)) is points


def test_an_affected_child_and_an_unviewed_file_point_too(child_safety: Pack) -> None:
    parties = [
        {"id": "a", "kind": "account", "role": "subject"},
        {"id": "k", "kind": "person", "role": "affected_child"},
    ]
    parts = [{"id": "f", "role": "user", "party": "a", "media": {"kind": "image"}}]
    held = Case.model_validate({"id": "c", "parties": parties, "parts": parts})
    assert pointing(held, [], child_safety) == ("party k", "unviewed file f")


@pytest.mark.parametrize(
    ("text", "found", "says"),
    [
        ("I offer a fake watch.", (), Reportability.NOT_INDICATED),
        ("zzz qqq xxx", (), Reportability.UNKNOWN),
        ("I offer a fake watch.", (finding("danger", "possible"),), Reportability.COUNSEL),
    ],
    ids=["nothing points", "an abstention clears nothing", "an open fact could complete it"],
)
def test_what_a_draft_says(small: Pack, text: str, found: tuple[Finding, ...], says: Reportability) -> None:
    made = asyncio.run(reviewer(small).review(case(text), found)).drafts[0].draft
    assert made.reportability is says
