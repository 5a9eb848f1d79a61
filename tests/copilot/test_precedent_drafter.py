"""The embedded drafter: what decides, what it says, and when it says nothing."""

from __future__ import annotations

import asyncio

import pytest

from copilot.drafts import Draft
from policy_corpus import Pack
from tests.copilot.stand_ins import case, finding, reviewer


def draft(pack: Pack, text: str, *corrections: object, **more: object) -> Draft:
    review = asyncio.run(reviewer(pack).review(case(text, **more), corrections))  # type: ignore[arg-type]
    assert review.drafts[0].gate.passed, review.drafts[0].gate.failed
    return review.drafts[0].draft


@pytest.mark.parametrize(
    ("text", "clause", "steps"),
    [
        ("I offer a fake watch.", "T-1@1", [("keep", "case"), ("hide", "text"), ("ban", "account")]),
        ("My stall is burning right now!", "S-1@1", [("keep", "case"), ("call", "case")]),
        ("A fake watch for a star, I am only joking.", "T-2@1", [("close", "case")]),
        ("A fake watch. And the stall is burning right now", "S-1@1", [("keep", "case"), ("call", "case")]),
    ],
)
def test_met_criteria_decide(small: Pack, text: str, clause: str, steps: list[tuple[str, str]]) -> None:
    made = draft(small, text)
    assert made.clauses[0] == clause
    assert [(step.action, step.on) for step in made.plan.steps] == steps
    assert made.claims[0].evidence, "the words of the case that show it"


def test_without_a_settled_clause_the_nearest_precedents_may_decide(small: Pack) -> None:
    made = draft(small, "A stall offered a watch with a copied mark and named it the real thing in three posts.")
    assert made.summary.startswith("No clause is settled; the nearest precedents point to")
    assert made.plan.steps[0].because == ("P-1",)
    assert [(step.action, step.on) for step in made.plan.steps][-1] == ("ban", "account")


def test_it_abstains_with_a_reason_where_nothing_is_near(small: Pack) -> None:
    made = draft(small, "zzz qqq xxx")
    assert made.abstained == "no clause's criteria are met and no precedent is near enough to follow"
    assert made.plan.steps == ()
    assert "Danger to life: not established" in made.not_checked


def test_a_draft_of_no_violation_says_what_was_not_looked_at(small: Pack) -> None:
    made = draft(small, "A fake watch for a star, I am only joking.")
    assert made.not_checked == ("Danger to life: not established",)


@pytest.mark.parametrize(("basis", "settled"), [("classifier", False), ("user_report", True)])
def test_what_is_only_suspected_is_not_established(small: Pack, basis: str, settled: bool) -> None:
    signals = [{"kind": "counterfeit", "value": "yes", "basis": basis, "about": "account"}]
    assert bool(draft(small, "zzz qqq xxx", signals=signals).clauses) is settled


def test_the_other_side_is_shown(small: Pack) -> None:
    made = draft(small, "A stall offered a fake watch with a copied mark, the real thing.")
    assert made.opposing is not None
    assert made.opposing.source.startswith(("P-2", "P-3"))


def test_what_would_flip_it_is_computed(small: Pack) -> None:
    made = draft(small, "I offer a fake watch.")
    assert ("counterfeit", "no") in [(flip.fact, flip.value) for flip in made.would_flip]


def test_a_correction_by_an_analyst_changes_the_outcome(small: Pack) -> None:
    joke = finding("parody", "yes", kind="analyst", about="account", confirmed=True, note="a known comedian")
    assert draft(small, "I offer a fake watch.", joke).clauses == ("T-2@1",)


def test_same_input_same_output(small: Pack) -> None:
    assert draft(small, "I offer a fake watch.") == draft(small, "I offer a fake watch.")
