"""Growing the forest: what was measured without a family can be had again, and other families stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from copilot.drafters.confidence import Calibration
from copilot.drafters.leaning_drafter import LeaningDrafter
from copilot.drafters.precedents import PrecedentDrafter
from copilot.drafters.signs import Signs
from evals.calibrating import calibrate
from evals.growing import FITS, fold_of, unaware_of, without
from evals.nearest import NearestDrafter
from evals.systems import ReviewerSystem
from policy_corpus import Tier
from tests.copilot.stand_ins import Scripted, silent
from tests.evals.small_pack import GOLD, gold, reviewer, small_pack
from tests.evals.test_calibrating import drafted, suite

if TYPE_CHECKING:
    from copilot.drafters.leaning import Leaning

DRAFTS = drafted(120, told=0.5)


@pytest.fixture(scope="module")
def fitted() -> Calibration:
    return calibrate(DRAFTS, 120, reviewer(small_pack()), suite())


def test_without_its_fold_a_draft_gets_the_confidence_that_was_measured(fitted: Calibration) -> None:
    for draft, scored in list(zip(DRAFTS, fitted.scored, strict=True))[::10]:
        number = fold_of(fitted, draft.family)
        assert number is not None
        assert without(fitted, number).confidence(Signs(**draft.signs)) == pytest.approx(scored.score, abs=0.01)


def test_a_fold_takes_its_families_away_and_no_other(fitted: Calibration) -> None:
    gone = set()
    for number in range(FITS):
        left = without(fitted, number)
        missing = {one.family for one in fitted.scored} - {one.family for one in left.scored}
        assert missing and all(fold_of(fitted, family) == number for family in missing)
        assert left.n == len(left.scored) == fitted.n - sum(one.family in missing for one in fitted.scored)
        gone |= missing
    assert gone == {one.family for one in DRAFTS}


def test_another_calibration_with_the_same_forest_is_asked_for_itself(fitted: Calibration) -> None:
    turned = [one.model_copy(update={"right": not one.right}) for one in fitted.scored]
    other = Calibration.model_validate({**fitted.model_dump(), "scored": [one.model_dump() for one in turned]})
    assert other.forest == fitted.forest
    for number in range(2):
        mine, theirs = without(fitted, number), without(other, number)
        assert [one.right for one in theirs.scored] == [not one.right for one in mine.scored]


def test_a_family_that_was_not_measured_has_no_fold(fitted: Calibration) -> None:
    assert fold_of(fitted, "another") is None


def test_whoever_drafts_is_asked_for_a_confidence_that_has_not_seen_the_family(fitted: Calibration) -> None:
    plain, family = PrecedentDrafter(small_pack(), calibration=fitted), DRAFTS[0].family
    number = cast("int", fold_of(fitted, family))
    for drafter in (plain, NearestDrafter(plain), LeaningDrafter(plain, leaning=cast("Leaning", None))):
        unaware = unaware_of(drafter, family)
        assert type(unaware) is type(drafter)
        inner = unaware if isinstance(unaware, PrecedentDrafter) else unaware.inner  # type: ignore[attr-defined]
        assert inner.fitted is without(fitted, number)
        assert unaware_of(drafter, "another") is drafter


def test_a_drafter_that_nothing_was_fitted_for_stays(fitted: Calibration) -> None:
    for drafter in (PrecedentDrafter(small_pack()), Scripted(silent())):
        assert unaware_of(drafter, DRAFTS[0].family) is drafter


def test_a_system_asks_the_drafter_that_has_not_seen_the_cases_family(fitted: Calibration) -> None:
    whole = replace(reviewer(small_pack()), drafters=(PrecedentDrafter(small_pack(), calibration=fitted),))
    system = ReviewerSystem("copilot", whole)
    seen = gold("g-9", "An advert.", "LB-1", Tier.ENFORCE, family=DRAFTS[0].family)
    (drafter,) = system.reviewer_for(seen).drafters
    assert isinstance(drafter, PrecedentDrafter) and drafter.fitted is not None
    assert DRAFTS[0].family not in {one.family for one in drafter.fitted.scored}
    (other,) = system.reviewer_for(GOLD[0]).drafters
    assert isinstance(other, PrecedentDrafter) and other.fitted is fitted
