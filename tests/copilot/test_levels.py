"""Levels: what they make of a chance, whom they hold for, and which fit has not seen a family."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from copilot.detectors import levels as module
from copilot.detectors.circumstances import found
from copilot.detectors.learned import learn
from copilot.detectors.levels import SHIPPED, Levels, Yardstick, dump, levels_for, load, shipped
from copilot.detectors.thresholds import NEVER
from copilot.rules import rules_of
from policy_corpus import Pack
from retrieval import HashingEmbedder

THREAT, AGE, CLEAR = ("threat", "yes"), ("age", "adult"), ("danger", "none")
RAISED, LOWERED = {"threat: yes": (2.0, 1.0)}, {"threat: yes": (-4.0, 1.0)}
EMBEDDER = HashingEmbedder().fingerprint


def levels(*folds: Mapping[str, tuple[float, float]], **more: object) -> Levels:
    held = {"pack": "small", "rules": "0", "embedder": EMBEDDER, "data_sha256": "0", "command": "test", "n": 9}
    return Levels.model_validate({**held, "folds": folds, "families": {}, **more})


def proposed(
    held: Levels | None,
    said: Mapping[tuple[str, str], float],
    learned: float = 0.7,
    family: str | None = None,
    beside: Set[str] = frozenset(),
    told: Set[tuple[str, str]] = frozenset(),
) -> list[tuple[str, str]]:
    """What is proposed of values that the classifiers give these chances; all have the same learned threshold."""
    labels = tuple(said)
    yardstick = Yardstick.of(labels, np.full(len(labels), learned, np.float32), held, family)
    chances = yardstick.chances(np.array(list(said.values()), np.float32), beside, told)
    return [labels[column] for column in yardstick.likeliest(chances)]


@pytest.mark.parametrize(
    ("held", "chance", "expected"),
    [
        (None, 0.3, []),
        (levels(RAISED), 0.3, [THREAT]),
        (None, 0.9, [THREAT]),
        (levels(LOWERED), 0.9, []),
        (levels({"threat: yes": (0.0, 3.0)}), 0.45, []),
        (levels({"threat: yes": (0.0, 1.0)}), 0.55, [THREAT]),
    ],
)
def test_a_value_is_proposed_by_its_levelled_chance(
    held: Levels | None, chance: float, expected: list[tuple[str, str]]
) -> None:
    assert proposed(held, {THREAT: chance}) == expected


def test_a_value_that_clears_must_be_likelier_than_others() -> None:
    held = levels({"danger: none": (0.0, 1.0), "threat: yes": (0.0, 1.0)})
    assert proposed(held, {CLEAR: 0.55, THREAT: 0.55}) == [THREAT]
    assert proposed(held, {CLEAR: 0.65}) == [CLEAR]


def test_with_levels_an_all_clear_is_judged_by_its_own_chance_and_not_by_its_share() -> None:
    said = {CLEAR: 0.45, ("danger", "imminent"): 0.05}
    assert proposed(None, said) == [CLEAR]
    assert proposed(levels({"danger: none": (0.0, 1.0), "danger: imminent": (0.0, 1.0)}), said) == []


def test_what_was_never_precise_enough_may_be_proposed_where_it_was_levelled() -> None:
    said = {THREAT: 0.9, AGE: 0.9}
    assert proposed(levels(RAISED), said, NEVER) == [THREAT]


def test_a_label_that_no_fit_names_goes_by_what_was_learned() -> None:
    held = levels(RAISED)
    assert proposed(held, {AGE: 0.6}, 0.7) == []
    assert proposed(held, {AGE: 0.75}, 0.7) == [AGE]
    said = np.array([0.3, 0.75], np.float32)
    assert Yardstick.of((THREAT, AGE), said, held).chances(said)[1] == pytest.approx(0.75)


def test_of_one_fact_the_likeliest_value_once_levelled_is_proposed() -> None:
    minor = ("age", "minor")
    said = {AGE: 0.8, minor: 0.6}
    assert proposed(None, said, 0.5) == [AGE]
    assert proposed(levels({"age: adult": (-1.0, 1.0), "age: minor": (1.0, 1.0)}), said) == [minor]


@pytest.mark.parametrize("held", [None, levels({"danger: none": (0.0, 1.0), "danger: imminent": (0.0, 1.0)})])
def test_a_value_that_clears_talks_no_other_away(held: Levels | None) -> None:
    grave = ("danger", "imminent")
    assert proposed(held, {CLEAR: 0.9, grave: 0.55}, 0.5) == [grave]
    assert proposed(held, {CLEAR: 0.9, grave: 0.1}, 0.5) == [CLEAR]


def test_for_everybody_the_mean_of_the_fits_holds_and_for_a_known_family_the_one_that_has_not_seen_it() -> None:
    held = levels({"threat: yes": (1.0, 0.5)}, {"threat: yes": (3.0, 1.5)}, families={"mill": 0, "barn": 1})
    for family, expected in ((None, (2.0, 1.0)), ("unknown", (2.0, 1.0)), ("mill", (1.0, 0.5)), ("barn", (3.0, 1.5))):
        level, slope = held.of([THREAT, AGE], family)
        assert (level[0], slope[0]) == expected
        assert (level[1], slope[1]) == (0, 1)


def test_a_family_is_judged_by_the_fit_that_has_not_seen_it() -> None:
    held = levels(LOWERED, RAISED, families={"mill": 0, "barn": 1})
    assert proposed(held, {THREAT: 0.5}, family="mill") == []
    assert proposed(held, {THREAT: 0.5}, family="barn") == [THREAT]


@pytest.mark.parametrize("said", [0.0, 1.0])
def test_a_chance_of_nothing_or_of_everything_stays_a_chance(said: float) -> None:
    yardstick = Yardstick.of((THREAT,), np.ones(1, np.float32), levels({"threat: yes": (9.0, 40.0)}))
    (chance,) = yardstick.chances(np.array([said], np.float32))
    assert chance == pytest.approx(said, abs=1e-6)


def circumstanced(*added: Sequence[Sequence[float]], **more: object) -> Levels:
    """Levels that change nothing, and for each fit what is added for every case, in rain and at night, of each value:
    of `danger: none`, then of `threat: yes`."""
    folds = [{"threat: yes": (0.0, 1.0), "danger: none": (0.0, 1.0)} for _ in added]
    beside = [dump(np.array(one)) for one in added]
    return levels(*folds, circumstances=("rain", "night"), beside=beside, **more)


RAINY = circumstanced([[0, 3, 0], [0, 2, -2]])


@pytest.mark.parametrize(
    ("beside", "expected"),
    [(set(), []), ({"rain"}, [THREAT]), ({"rain", "night"}, []), ({"rain", "snow"}, [THREAT]), ({"snow"}, [])],
)
def test_what_stands_beside_the_words_adds_to_a_value_or_takes_away(
    beside: Set[str], expected: list[tuple[str, str]]
) -> None:
    assert proposed(RAINY, {THREAT: 0.4}, beside=beside) == expected


@pytest.mark.parametrize(
    ("value", "said", "beside", "odds"),
    [
        (THREAT, 0.05, "rain", 2),
        (CLEAR, 0.05, "rain", 2),
        (THREAT, 0.9, "night", -9),
        (CLEAR, 0.9, "night", -9),
    ],
)
def test_circumstances_make_a_value_likelier_so_far_and_no_further(
    value: tuple[str, str], said: float, beside: str, odds: float
) -> None:
    yardstick = Yardstick.of((value,), np.ones(1, np.float32), circumstanced([[0, 9, -9], [0, 9, -9]]))
    (moved,) = yardstick.chances(np.array([said], np.float32), {beside})
    assert np.log(moved / (1 - moved)) == pytest.approx(np.log(said / (1 - said)) + odds, abs=1e-3)


def test_without_any_circumstances_the_words_alone_count() -> None:
    held = circumstanced([[2, 0, 0], [2, 0, 0]])
    assert proposed(held, {THREAT: 0.4}) == []
    assert proposed(held, {THREAT: 0.4}, beside={"snow"}) == [THREAT], "for every case that has any, something is added"


def test_that_others_found_a_value_perhaps_of_somebody_else_makes_it_no_likelier() -> None:
    """Where a child is named as affected, the party that writes to it is no affected child for that."""
    told = found(*THREAT)
    held = levels(
        {"threat: yes": (0.0, 1.0), "age: adult": (0.0, 1.0)}, circumstances=(told, "night"),
        beside=[dump(np.array([[0, 9, 0], [0, 9, 9]]))],
    )  # fmt: skip
    assert proposed(held, {THREAT: 0.4, AGE: 0.4}, beside={told}, told={THREAT}) == [AGE]
    assert proposed(held, {THREAT: 0.4, AGE: 0.4}, beside={told, "night"}, told={THREAT}) == [AGE]
    assert proposed(held, {THREAT: 0.6}, beside={told}, told={THREAT}) == [THREAT], "the words may say it all the same"
    assert proposed(held, {THREAT: 0.4}, beside={"night"}) == [THREAT]


def test_a_value_that_no_fit_names_is_left_alone_by_circumstances() -> None:
    assert proposed(RAINY, {AGE: 0.6}, beside={"rain"}) == []
    assert proposed(RAINY, {AGE: 0.75}, beside={"night"}) == [AGE]


def test_what_circumstances_add_is_the_mean_of_the_fits_or_the_one_that_has_not_seen_the_family() -> None:
    held = circumstanced([[0, 0, 0], [1, 2, 3]], [[0, 0, 0], [3, 6, 5]], families={"mill": 0, "barn": 1})
    for family, expected in ((None, (2, 4, 4)), ("unknown", (2, 4, 4)), ("mill", (1, 2, 3)), ("barn", (3, 6, 5))):
        added = held.added([AGE, THREAT], family)
        assert added[:, 0].tolist() == [0, 0, 0]
        assert added[:, 1].tolist() == pytest.approx(expected)


def test_numbers_come_back_as_they_were_put_away() -> None:
    numbers = np.array([[0.5, -2.25, 0], [100, 0.125, -100]])
    assert load(dump(numbers), (2, 3)).tolist() == numbers.tolist()


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"beside": []}, "every fit needs to say"),
        ({"circumstances": [], "beside": [dump(np.zeros((2, 1)))]}, "every fit needs to say"),
        ({"circumstances": ["rain", "rain"]}, "named twice"),
        ({"circumstances": ["rain"]}, "not so many numbers"),
        ({"beside": [dump(np.full((2, 3), np.nan))]}, "not so many numbers"),
        ({"beside": [dump(np.full((2, 3), 101))]}, "not so many numbers"),
        ({"beside": ["torn"]}, "can't be read"),
        ({"beside": ["§"]}, "ASCII"),
    ],
)
def test_what_says_nothing_usable_of_circumstances_is_refused(broken: Mapping[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Levels.model_validate({**RAINY.model_dump(), **broken})


def test_levels_hold_for_their_own_policy_and_embedder_only(small: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    own = levels(RAISED, rules=rules_of(small))
    monkeypatch.setattr(module, "shipped", lambda: {(own.rules, own.embedder): own})
    other = Pack(**{**{name: getattr(small, name) for name in Pack.model_fields}, "clauses": small.clauses[1:]})
    assert levels_for(small, EMBEDDER) is own
    assert levels_for(small.with_precedents(small.precedents[:1]), EMBEDDER) is own
    assert levels_for(other, EMBEDDER) is None
    assert levels_for(small, "another") is None
    assert learn(small, HashingEmbedder()).levels is own
    assert learn(other, HashingEmbedder()).levels is None


@pytest.mark.parametrize(
    "broken",
    [
        {"format": 1},
        {"folds": []},
        {"folds": [{"threat: yes": [0.0]}]},
        {"folds": [{"threat: yes": ["much", 1.0]}]},
        {"families": {"mill": 1}},
        {"families": {"mill": -1}},
        {"surplus": True},
        {"n": 0},
        {"folds": [{"threat: yes": [0.0, 0.0]}]},
        {"folds": [{"threat: yes": [0.0, -3.0]}]},
        {"folds": [{"threat: yes": [0.0, 1e300]}]},
        {"folds": [{"threat: yes": [-1e300, 1.0]}]},
        {"folds": [{"threat: yes": [5.0, 1.0]}, {}]},
        {"folds": [{"threat: yes": [5.0, 1.0]}, {"threat: no": [5.0, 1.0]}]},
    ],
)
def test_a_damaged_or_foreign_file_is_ignored(broken: Mapping[str, object], tmp_path: Path) -> None:
    content = levels(RAISED).model_dump(mode="json")
    (tmp_path / "good.json").write_text(json.dumps(content), encoding="utf-8")
    (tmp_path / "odd.json").write_text(json.dumps({**content, "rules": "1", **broken}), encoding="utf-8")
    (tmp_path / "torn.json").write_bytes(b'{"format": 2, "pack": "\xff')
    assert shipped(tmp_path) == {("0", EMBEDDER): levels(RAISED)}


def test_a_file_that_cannot_be_used_is_named_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "odd.json").write_text(levels(RAISED).model_dump_json().replace('"n":9', '"n":-3'), encoding="utf-8")
    assert shipped(tmp_path) == {}
    (told,) = caplog.records
    assert told.levelname == "WARNING"
    assert f"{tmp_path.name}/odd.json is not used" in told.getMessage() and "(n: " in told.getMessage()


def test_other_numbers_have_another_digest_and_what_is_read_again_has_the_same() -> None:
    held = levels(RAISED, {"threat: yes": (0.1 + 0.2, 1 / 3)}, families={"mill": 1, "barn": 0})
    assert Levels.model_validate_json(held.model_dump_json()).digest == held.digest
    assert Levels.model_validate(json.loads(json.dumps(held.model_dump(mode="json"), indent=1))).digest == held.digest
    others = [levels(RAISED), levels(LOWERED), levels(RAISED, n=8), levels(RAISED, families={"mill": 0})]
    assert len({one.digest for one in (held, *others)}) == 5


def test_a_number_that_is_none_is_damage(tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text(levels(RAISED).model_dump_json().replace("2.0", "NaN"), encoding="utf-8")
    assert shipped(tmp_path) == {}


def test_all_that_ships_can_be_read_and_every_family_has_a_fit() -> None:
    held = shipped()
    assert len(held) == len(list(SHIPPED.glob("*.json")))
    for one in held.values():
        assert set(one.families.values()) == set(range(len(one.folds)))
        assert all(slope > 0 for fit in one.folds for _, slope in fit.values()), "a likelier value stays a likelier one"
