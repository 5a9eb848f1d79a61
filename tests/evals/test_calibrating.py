"""Calibrating the embedded drafter: nothing is judged by a fit or threshold that has seen its own family."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from copilot.detectors.learned import Learned, LearnedDetector
from copilot.detectors.levels import Levels
from copilot.drafters.confidence import Calibration, calibrations
from copilot.drafters.signs import Signs
from evals.calibrating import Drafted, calibrate, embedded_reviewer, keep, proposals
from evals.embedding import RememberingEmbedder
from evals.errors import RunError
from evals.gold import service
from evals.metrics.calibration import brier
from evals.metrics.intervals import Sampling
from evals.risk import risk_table
from evals.suites import HeldSuite
from policy_corpus import Pack
from retrieval import HashingEmbedder
from tests.evals.small_pack import GOLD, reviewer, small_pack

NAMES = tuple(Signs.__dataclass_fields__)
DRAWN = Sampling(samples=100)


def suite() -> HeldSuite:
    return HeldSuite("board", small_pack(), GOLD, "abc")


def drafted(n: int, *, told: float, seed: int = 7) -> list[Drafted]:
    """Drafts of which six in ten are right; one sign tells as much of it as `told` (0–1) says."""
    dice = random.Random(seed)
    made = []
    for number in range(n):
        right = dice.random() < 0.6
        signs = {name: dice.random() for name in NAMES}
        signs["agreement"] = told * right + (1 - told) * dice.random()
        made.append(Drafted(f"c{number}", f"family {number // 2}", signs, right, number % 2 == 0))
    return made


@pytest.fixture(scope="module")
def telling() -> Calibration:
    return calibrate(drafted(120, told=0.7), 130, reviewer(small_pack()), suite())


def test_a_telling_sign_is_learned_and_makes_held_out_confidence_better_than_the_base_rate(
    telling: Calibration,
) -> None:
    assert max(telling.weights, key=lambda name: telling.weights[name]) == "agreement"
    said = brier([(one.score, float(one.right)) for one in telling.scored])
    rate = sum(one.right for one in telling.scored) / telling.n
    assert said is not None and said < 0.5 * rate * (1 - rate)


def test_signs_that_tell_nothing_give_no_confidence_beyond_the_base_rate() -> None:
    made = calibrate(drafted(120, told=0.0), 120, reviewer(small_pack()), suite())
    said = brier([(one.score, float(one.right)) for one in made.scored])
    assert said is not None and said > 0.22, "held out, so noise that a fit took for a sign does not help it"


def test_the_own_family_never_helps() -> None:
    """One family alone has a sign; its drafts are wrong. Held out, nobody can know that."""
    made = drafted(80, told=0.7)
    odd = [replace(one, family="odd", signs={**one.signs, "found": 9.0}, right=False) for one in made[:20]]
    fitted = calibrate([*odd, *made[20:]], 80, reviewer(small_pack()), suite())
    plain = calibrate(made, 80, reviewer(small_pack()), suite())
    marked = Signs(**{**made[-1].signs, "agreement": 1.0, "found": 9.0})
    assert fitted.confidence(marked) < plain.confidence(marked) - 0.1, "other families' fits know it"
    held_out = [one.score for one in fitted.scored if one.family == "odd"]
    unmarked = [one.score for one in plain.scored[:20]]
    assert held_out == pytest.approx(unmarked, abs=0.25), "its own does not"


def test_a_threshold_lets_through_as_many_new_drafts_as_held_out_ones() -> None:
    made = calibrate(drafted(600, told=0.3), 600, reviewer(small_pack()), suite())
    new = [made.confidence(Signs(**one.signs)) for one in drafted(1000, told=0.3, seed=8)]
    for line in (0.4, 0.6, 0.8):
        held_out = sum(one.score >= line for one in made.scored) / made.n
        assert sum(one >= line for one in new) / 1000 == pytest.approx(held_out, abs=0.05)


def test_the_same_drafts_give_the_same_fit(telling: Calibration) -> None:
    again = calibrate(drafted(120, told=0.7), 130, reviewer(small_pack()), suite())
    assert again == telling
    assert Calibration.model_validate_json(telling.model_dump_json()) == telling


@pytest.mark.parametrize("families", [0, 1])
def test_too_few_families_are_an_error_with_a_hint(families: int) -> None:
    made = [replace(one, family="one") for one in drafted(30 * families, told=0.5)]
    with pytest.raises(RunError, match="nothing to calibrate on") as caught:
        calibrate(made, 30, reviewer(small_pack()), suite())
    assert "two families" in str(caught.value)


def test_what_is_kept_is_what_the_drafter_finds(telling: Calibration, tmp_path: Path) -> None:
    file = keep(telling, tmp_path / "calibrations")
    assert file.name.startswith("library_board-")
    (found,) = calibrations(tmp_path / "calibrations").values()
    assert found == telling and found.digest == telling.digest
    assert keep(telling, tmp_path / "calibrations") == file
    assert [one.name for one in (tmp_path / "calibrations").iterdir()] == [file.name], "nothing half written is left"


def test_a_fit_names_the_levels_that_its_drafts_were_made_with(telling: Calibration) -> None:
    held = Levels(
        pack="library_board", rules="0", embedder="0", data_sha256="0", command="test", n=9,
        folds=({"advert: yes": (1.0, 1.0)},), families={},
    )  # fmt: skip
    detector = LearnedDetector(Learned(levels=held), HashingEmbedder())
    made = calibrate(drafted(20, told=0.7), 20, reviewer(small_pack(), detectors=(detector,)), suite())
    assert (telling.levels, made.levels) == ("", held.digest)


def test_drafts_are_watched_before_their_sureness_is_asked_for() -> None:
    made, cases = proposals(reviewer(small_pack()), suite())
    assert cases == len([one for one in GOLD if one.part == "tune"])
    assert {one.id: one.right for one in made}["g-4"], "the flood is reported"
    assert {one.family for one in made} <= {one.family for one in GOLD}
    assert all(set(one.signs) == set(NAMES) for one in made)


def test_the_risk_table_counts_all_cases_and_keeps_to_its_budgets(telling: Calibration) -> None:
    table = risk_table(telling, (0.001, 0.05, 0.2, 0.4), DRAWN)
    coverage = [row.coverage.value or 0.0 for row in table.rows]
    assert coverage == sorted(coverage) and coverage[0] == 0.0 and coverage[-1] > 0.5
    assert {row.coverage.n for row in table.rows} == {130}
    assert table.rows[0].acting is None and table.rows[0].pooled == ("acting", "quiet")
    assert all((row.spent.value or 0.0) <= row.budget for row in table.rows)
    assert table.rows[0].error.value is None


def test_the_risk_table_as_text_says_what_a_lead_must_know(telling: Calibration) -> None:
    text = risk_table(telling, (0.02, 0.2), DRAWN).to_text()
    assert "130 cases, 120 drafts, 60 families" in text
    assert "may spend 50% of the budget" in text
    assert "too few quiet drafts were measured" in text
    assert [line.split()[0] for line in text.splitlines() if line.strip().startswith(("2%", "20%"))] == ["2%", "20%"]


def test_it_measures_on_the_service_that_gold_takes_for_granted(child_safety: Pack) -> None:
    """Without it no report duty is settled, and every draft that rightly reports would count as wrong."""
    assumed = service(child_safety.id)
    assert assumed
    assert all(child_safety.vocabulary.allows(fact, value) for fact, value in assumed.items())
    made = embedded_reviewer(small_pack(), RememberingEmbedder(HashingEmbedder()), None)
    assert made.service == ()
    named = small_pack().model_copy(
        update={"manifest": small_pack().manifest.model_copy(update={"id": "child_safety"})}
    )
    held = embedded_reviewer(named, RememberingEmbedder(HashingEmbedder()), None).service
    assert {one.fact: one.value for one in held} == assumed
    assert all(one.confirmed for one in held)
