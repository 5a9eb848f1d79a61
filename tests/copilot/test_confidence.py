"""Confidence: what it is calibrated for, how it abstains, and what an abstention may never take away."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from copilot.detectors import levels
from copilot.detectors.levels import Levels, shipped
from copilot.drafters import confidence
from copilot.drafters.confidence import Calibration, fitting, uncalibrated
from copilot.drafters.error_budget import Scored
from copilot.drafters.forest import LEAF, Forest
from copilot.drafters.precedents import PrecedentDrafter
from copilot.drafters.signs import Signs
from copilot.drafts import Draft
from copilot.rules import rules_of
from policy_corpus import Pack
from policy_corpus.pack import Adoption
from retrieval import HashingEmbedder
from tests.copilot.stand_ins import case, finding, reviewer, tree

NAMES = tuple(Signs.__dataclass_fields__)
MIDDLING = Signs(**{name: 0.5 for name in NAMES})
COIN = tree([(LEAF, 0, 0, 0.5)])


def calibration(pack: Pack, *, right: float = 0.7, forest: Forest = COIN, levels: str = "") -> Calibration:
    """One that gives every draft the same confidence, measured on a hundred drafts of either kind."""
    drafts = [
        Scored(family=f"f{number}", score=0.5, right=number < 100 * right, quiet=quiet)
        for number in range(100)
        for quiet in (True, False)
    ]
    return Calibration(
        pack=pack.id, rules=rules_of(pack), embedder=HashingEmbedder().fingerprint, data_sha256="0", command="test",
        levels=levels, n=200, families=100, cases=200, signs=NAMES, weights={},
        forest=forest.dump(), scored=tuple(drafts), told=((0.5,) * len(NAMES),) * 200,
    )  # fmt: skip


@pytest.fixture
def doubtful(small: Pack, monkeypatch: pytest.MonkeyPatch) -> Pack:
    """The small pack, calibrated so that every draft is a coin's toss."""
    held = calibration(small)
    monkeypatch.setattr(confidence, "calibrations", lambda: {(held.rules, held.embedder): held})
    return small


def draft(pack: Pack, text: str, *, budget: float = 0.1, **more: object) -> Draft:
    made = asyncio.run(reviewer(pack, PrecedentDrafter(pack, budget=budget), **more).review(case(text)))  # type: ignore[arg-type]
    assert made.drafts[0].gate.passed, made.drafts[0].gate.failed
    return made.drafts[0].draft


def test_other_precedents_and_an_adoption_keep_a_calibration_and_another_rule_does_not(small: Pack) -> None:
    fewer = small.with_precedents(small.precedents[:1])
    manifest = small.manifest.model_copy(update={"adoption": Adoption(owner="the council", date=date(2026, 1, 1))})
    content = {name: getattr(small, name) for name in Pack.model_fields}
    adopted = Pack(**{**content, "manifest": manifest})
    other = Pack(**{**content, "clauses": small.clauses[1:]})
    assert rules_of(fewer) == rules_of(adopted) == rules_of(small)
    assert rules_of(other) != rules_of(small)


def test_a_calibration_holds_for_its_own_embedder_only(doubtful: Pack) -> None:
    assert fitting(doubtful, HashingEmbedder().fingerprint) is not None
    assert fitting(doubtful, "another") is None
    assert fitting(doubtful, "") is None


def test_without_a_calibration_it_says_so_and_stays_cautious(small: Pack) -> None:
    made = draft(small, "I offer a fake watch.")
    assert "not calibrated for this pack" in made.summary
    assert made.confidence is not None and 0 < made.confidence <= confidence.MOST_UNCALIBRATED
    assert PrecedentDrafter(small).settings["calibration"] == "none for this pack"


@pytest.mark.parametrize("name", ["by_clauses", "weakest", "agreement", "support"])
def test_the_uncalibrated_score_rises_with_what_speaks_for_a_draft(name: str) -> None:
    less, more = (uncalibrated(replace(MIDDLING, **{name: value})) for value in (0.2, 0.8))
    assert more > less


def test_the_uncalibrated_score_falls_with_graver_clauses_that_are_open() -> None:
    settled = replace(MIDDLING, open_beside_action=0.0, open_beside_quiet=0.0)
    assert uncalibrated(replace(settled, open_beside_quiet=0.9)) < uncalibrated(settled)
    assert uncalibrated(replace(settled, open_beside_action=0.9)) < uncalibrated(settled)


def test_what_is_not_sure_enough_is_held_back_with_the_reason(doubtful: Pack) -> None:
    made = draft(doubtful, "I offer a fake watch.")
    assert "within 10.0% of cases" in made.abstained and "measured on 100 drafts like it" in made.abstained
    assert made.confidence is None
    assert made.claims and made.clauses == ("T-1@1",), "what it rests on stays to be read"


def test_a_wider_budget_lets_it_be_given(doubtful: Pack) -> None:
    made = draft(doubtful, "I offer a fake watch.", budget=0.4)
    assert (made.abstained, made.confidence) == ("", 0.5)
    assert "calibrated on 200 cases" in made.summary


def test_what_is_likelier_wrong_than_right_is_held_back_however_wide_the_budget(
    small: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = calibration(small, forest=tree([(LEAF, 0, 0, 0.25)]))
    monkeypatch.setattr(confidence, "calibrations", lambda: {(held.rules, held.embedder): held})
    made = draft(small, "I offer a fake watch.", budget=0.9)
    assert made.abstained == "its confidence is 0.25, and what is likelier wrong than right is never recommended"


def test_an_abstention_keeps_preservation(doubtful: Pack) -> None:
    made = draft(doubtful, "I offer a fake watch.")
    assert [(step.action, step.on) for step in made.plan.steps] == [("keep", "case")]


def test_an_abstention_keeps_every_duty_and_its_steps(doubtful: Pack) -> None:
    registered = finding("registered", "yes", kind="service", confirmed=True)
    text = "And the stall is burning right now"
    held_back = draft(doubtful, text, service=(registered,))
    given = draft(doubtful, text, service=(registered,), budget=0.4)
    assert held_back.abstained and not given.abstained
    owed = {(step.action, step.on) for step in given.plan.steps if step.from_duty}
    assert owed and owed <= {(step.action, step.on) for step in held_back.plan.steps}
    assert held_back.reportability is given.reportability


def test_a_confidence_goes_by_the_sign_that_the_forest_asks_for(small: Pack) -> None:
    asking = tree([(NAMES.index("agreement"), 0.5, 2, 0), (LEAF, 0, 0, 0.2), (LEAF, 0, 0, 0.9)])
    held = calibration(small, forest=asking)
    said = [held.confidence(replace(MIDDLING, agreement=value)) for value in (0.1, 0.9)]
    assert said == pytest.approx([0.2, 0.9], abs=1e-3)


def test_a_forest_that_asks_for_signs_that_nobody_named_is_refused(small: Pack) -> None:
    with pytest.raises(ValidationError, match="more signs than are named"):
        calibration(small, forest=tree([(len(NAMES), 0.5, 2, 0), (LEAF, 0, 0, 0.2), (LEAF, 0, 0, 0.9)]))


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param({"signs": ["nonsense", *NAMES[1:]]}, id="a sign nobody knows"),
        pytest.param({"signs": [NAMES[1], *NAMES[1:]]}, id="a sign twice"),
        pytest.param({"forest": tree([(0, 0.5, 0, 0), (LEAF, 0, 0, 0.5)]).dump()}, id="a walk without end"),
        pytest.param({"forest": tree([(LEAF, 0, 0, 7)]).dump()}, id="a share above 1"),
        pytest.param({"score": float("nan")}, id="a score that is no number"),
        pytest.param({"score": 9.0}, id="a score above 1"),
        pytest.param({"score": -1.0}, id="a score below 0"),
        pytest.param({"told": [[float("nan")] * len(NAMES)] * 200}, id="a sign's value that is no number"),
        pytest.param({"told": [[0.5] * len(NAMES)] * 199}, id="a draft without signs"),
        pytest.param({"n": -3}, id="less than no draft"),
        pytest.param({"n": 199}, id="drafts counted wrongly"),
        pytest.param({"cases": 199}, id="more drafts than cases"),
        pytest.param({"n": 0, "scored": [], "told": []}, id="no draft"),
        pytest.param({"levels": None}, id="levels that are none"),
    ],
)
def test_a_damaged_calibration_costs_the_calibration_and_nothing_else(
    damage: dict[str, Any],
    small: Pack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    content = calibration(small).model_dump(mode="json")
    if "score" in damage:
        damage = {"scored": [*content["scored"][:-1], {**content["scored"][-1], **damage}]}
    (tmp_path / "odd.json").write_text(json.dumps({**content, **damage}), encoding="utf-8")
    monkeypatch.setattr(confidence, "calibrations", partial(confidence.calibrations, tmp_path))
    made = draft(small, "I offer a fake watch.")
    assert "not calibrated for this pack" in made.summary and not made.abstained
    (told,) = caplog.records
    assert told.levelname == "WARNING" and f"{tmp_path.name}/odd.json is not used" in told.getMessage()


def test_a_calibration_holds_with_the_levels_it_was_fitted_with_only(
    small: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder, fits = HashingEmbedder().fingerprint, ({"fake: yes": (0.0, 1.0)}, {"fake: yes": (0.5, 1.0)})
    held = [
        Levels(
            pack=small.id, rules=rules_of(small), embedder=embedder, data_sha256="0", command="test", n=9,
            folds=(fit,), families={},
        )
        for fit in fits
    ]  # fmt: skip
    in_use: dict[tuple[str, str], Levels] = {}
    monkeypatch.setattr(levels, "shipped", lambda: in_use)
    for digest, expected in (("", (True, False, False)), (held[0].digest, (False, True, False))):
        fitted = calibration(small, levels=digest)
        monkeypatch.setattr(confidence, "calibrations", lambda fitted=fitted: {(fitted.rules, embedder): fitted})
        for one, holds in zip((None, *held), expected, strict=True):
            in_use.clear()
            in_use.update({} if one is None else {(one.rules, one.embedder): one})
            assert (fitting(small, embedder) is fitted) is holds


def test_a_review_says_which_fit_its_confidence_is_by(small: Pack) -> None:
    fits = [calibration(small), calibration(small, right=0.9), calibration(small, levels="f" * 64)]
    said = [PrecedentDrafter(small, calibration=one).settings["calibration"] for one in fits]
    assert len(set(said)) == 3
    assert said[0] == f"200 drafts, data 0, fit {fits[0].digest[:12]}, no levels"
    assert said[2].endswith(f"levels {'f' * 12}")


def test_the_last_bits_of_a_sign_change_no_confidence(small: Pack) -> None:
    asking = tree([(NAMES.index("support"), 0.5, 2, 0), (LEAF, 0, 0, 0.25), (LEAF, 0, 0, 0.75)])
    held = calibration(small, forest=asking)
    assert [held.confidence(replace(MIDDLING, support=value)) for value in (0.50004, 0.5001)] == [0.25, 0.75]


def test_what_ships_can_be_read_and_gives_a_probability() -> None:
    assert confidence.calibrations()
    for held in confidence.calibrations().values():
        assert held.signs == NAMES and set(held.weights) == set(NAMES)
        assert 0 < held.confidence(MIDDLING) < 1
        assert held.n == len(held.scored) <= held.cases
        assert held.levels == shipped()[held.rules, held.embedder].digest


def test_a_damaged_file_costs_its_own_calibration_and_no_other(small: Pack, tmp_path: Path) -> None:
    held = calibration(small)
    (tmp_path / "good.json").write_text(held.model_dump_json(), encoding="utf-8")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    (tmp_path / "other.json").write_text(held.model_dump_json().replace('"format":2', '"format":1'), encoding="utf-8")
    assert confidence.calibrations(tmp_path) == {(held.rules, held.embedder): held}
