"""Thresholds from a stated error budget: what they promise, and when too few cases were measured."""

from __future__ import annotations

import random

import pytest

from copilot.drafters.error_budget import LIKELIER, NEVER, Scored, fewest, threshold


def scored(score: float, right: bool, *, quiet: bool = False, family: str = "f") -> Scored:
    return Scored(family=family, score=score, right=right, quiet=quiet)


def draws(seed: int, n: int) -> list[Scored]:
    """Drafts whose score says how often they are right."""
    dice = random.Random(seed)
    scores = [dice.random() for _ in range(n)]
    return [scored(score, dice.random() < score) for score in scores]


@pytest.mark.parametrize(("budget", "least"), [(0.05, 19), (0.01, 99), (0.1, 9), (0.5, 1)])
def test_how_many_drafts_a_budget_takes(budget: float, least: int) -> None:
    assert fewest(budget) == least
    right = [scored(0.9, True)] * least
    assert threshold(right, budget, quiet=False).least == LIKELIER
    assert threshold(right[1:], budget, quiet=False).least == NEVER


def test_the_threshold_stands_just_above_the_wrong_draft_that_would_break_the_budget() -> None:
    held = [scored(0.9, True)] * 17 + [scored(0.8, False), scored(0.6, False)]
    found = threshold(held, 0.1, quiet=False)  # one wrong one is within (1 + 1) / 20
    assert 0.6 < found.least < 0.61
    assert threshold(held, 0.05, quiet=False).least > 0.8


def test_over_many_draws_the_budget_is_kept_on_average() -> None:
    spent = []
    for seed in range(300):
        least = threshold(draws(seed, 60), 0.1, quiet=False).least
        fresh = draws(10_000 + seed, 200)
        spent.append(sum(not one.right and one.score >= least for one in fresh) / len(fresh))
    assert 0.06 < sum(spent) / len(spent) <= 0.1


def test_plans_against_nobody_have_a_stricter_budget() -> None:
    held = [scored(number / 100, number % 3 > 0, quiet=quiet) for number in range(100) for quiet in (True, False)]
    assert threshold(held, 0.1, quiet=True).least > threshold(held, 0.1, quiet=False).least
    assert threshold(held, 0.1, quiet=True).budget == 0.05


def test_where_too_few_of_a_kind_were_measured_all_are_taken_together_and_it_says_so() -> None:
    held = [scored(0.5, True)] * 30 + [scored(0.5, True, quiet=True)] * 5
    assert threshold(held, 0.1, quiet=False) == threshold(held[:30], 0.1, quiet=False)
    found = threshold(held, 0.1, quiet=True)
    assert (found.pooled, found.n) == (True, 35)


def test_what_is_likelier_wrong_than_right_is_never_recommended() -> None:
    held = [scored(0.3, number % 10 > 0) for number in range(40)]
    assert threshold(held, 0.2, quiet=False).least == LIKELIER, "the budget alone would let 0.3 pass"
