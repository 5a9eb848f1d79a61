"""Fitting levels: what is put into made-up chances is found again, and no family moves its own fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from copilot.detectors.circumstances import found
from copilot.detectors.learned import LearnedDetector, learn
from copilot.detectors.lessons import Label
from copilot.detectors.levels import Levels, log_odds, shipped
from evals.calibrating import keep
from evals.errors import RunError
from evals.figures import lookup
from evals.gold import Expected, GoldCase
from evals.levelling import FOLDS, LEAST_SLOPE, fit, publish
from evals.metrics.intervals import Sampling
from evals.said import ALONE, WITH, WITHOUT, Said, chances_of, measure
from evals.suites import HeldSuite
from policy_corpus import PrecedentFinding
from retrieval import HashingEmbedder
from tests.evals.small_pack import GOLD, PRECEDENTS, WordDetector, case, precedent, reviewer, small_pack

THREAT, AGE, CLEAR = ("threat", "yes"), ("age", "adult"), ("danger", "none")
SUITE = HeldSuite("board", small_pack(), GOLD, "abc")
DRAWN = Sampling(samples=50)


def said(
    number: int,
    chances: dict[Label, float],
    shown: Sequence[Label],
    *,
    family: str = "",
    threshold: float = 0.7,
    beside: Collection[str] = (),
    otherwise: Collection[Label] = (),
) -> Said:
    """A case of which the classifiers say this and gold that."""
    findings = tuple(PrecedentFinding(fact=fact, value=value) for fact, value in shown)
    gold = GoldCase(
        case=case(f"c{number}", "Text."), expected=Expected(findings=findings), family=family or f"f{number}"
    )
    limits = np.full(len(chances), threshold, np.float32)
    told = np.array(list(chances.values()), np.float32)
    return Said(gold, tuple(chances), told, limits, frozenset(otherwise), frozenset(beside))


def drawn(label: Label, level: float, slope: float, cases: int, *, silent: bool = False) -> list[Said]:
    """Cases whose label is right as often as the level and slope say; gold names the fact in each, or only there."""
    dice = np.random.default_rng(5)
    made = []
    for number in range(cases):
        chance = float(dice.uniform(0.02, 0.98))
        odds = level + slope * float(log_odds(np.array(chance)))
        right = dice.random() < 1 / (1 + np.exp(-odds))
        other = () if silent else ((label[0], "unknown"),)
        made.append(said(number, {label: chance}, (label,) if right else other))
    return made


def fitted(cases: Sequence[Said]) -> Levels:
    return fit(cases, reviewer(small_pack()), SUITE)


def own(levels: Levels, label: Label, family: str | None = None) -> tuple[float, float]:
    level, slope = levels.of([label], family)
    return float(level[0]), float(slope[0])


@pytest.mark.parametrize(("label", "level", "slope"), [(THREAT, -1.5, 1.0), (THREAT, 1.0, 0.6), (CLEAR, -1.0, 1.8)])
def test_a_shift_that_was_put_in_is_found(label: Label, level: float, slope: float) -> None:
    levels = fitted(drawn(label, level, slope, 3000))
    assert own(levels, label) == pytest.approx((level, slope), abs=0.2)
    assert len(levels.folds) == FOLDS
    assert (levels.n, levels.data_sha256, len(levels.families)) == (3000, "abc", 3000)


def test_a_case_of_which_gold_says_nothing_speaks_less_against_a_value() -> None:
    named, silent = (own(fitted(drawn(THREAT, -1.0, 1.0, 600, silent=still)), THREAT)[0] for still in (False, True))
    assert named == pytest.approx(-1, abs=0.4)
    assert silent == pytest.approx(named + np.log(10), abs=0.5), "a silent case counts a tenth"


def test_no_family_moves_the_fit_that_judges_it() -> None:
    cases = drawn(THREAT, 0.0, 1.0, 60)
    turned = said(0, {THREAT: 0.9}, [] if THREAT in cases[0].shown else [THREAT])
    changed = replace(turned, gold=turned.gold.model_copy(update={"family": cases[0].gold.family}))
    before, after = fitted(cases), fitted([changed, *cases[1:]])
    assert before.families == after.families
    assert own(before, THREAT, cases[0].gold.family) == own(after, THREAT, cases[0].gold.family)
    assert own(before, THREAT) != own(after, THREAT)


def test_cases_of_one_family_share_a_fit() -> None:
    cases = [replace(one, gold=one.gold.model_copy(update={"family": f"f{n // 3}"}))
             for n, one in enumerate(drawn(THREAT, 0.0, 1.0, 90))]  # fmt: skip
    levels = fitted(cases)
    assert set(levels.families) == {f"f{n}" for n in range(30)}
    assert set(levels.families.values()) == set(range(FOLDS))


def test_a_rare_value_goes_by_those_of_its_kind_and_not_by_the_other_kind() -> None:
    rare = [said(1000 + n, {AGE: 0.5}, [AGE]) for n in range(2)]
    levels = fitted([*drawn(THREAT, -2.0, 1.0, 1000), *rare, *_numbered(drawn(CLEAR, 2.0, 1.0, 1000), 2000)])
    assert own(levels, THREAT)[0] == pytest.approx(-2, abs=0.3)
    assert own(levels, CLEAR)[0] == pytest.approx(2, abs=0.3)
    assert own(levels, AGE)[0] < -1, "two cases for it don't make it likely"
    many = [said(1000 + n, {AGE: 0.5}, [AGE]) for n in range(200)]
    assert own(fitted([*drawn(THREAT, -2.0, 1.0, 1000), *many]), AGE)[0] > 1, "two hundred do"


def _numbered(cases: Sequence[Said], start: int) -> list[Said]:
    return [replace(one, gold=one.gold.model_copy(update={"family": f"f{start + n}"})) for n, one in enumerate(cases)]


def test_a_classifier_that_does_not_know_a_value_says_nothing_against_it() -> None:
    cases = drawn(THREAT, 2.0, 0.2, 400)
    strangers = [said(1000 + n, {AGE: 0.5}, [THREAT, AGE]) for n in range(400)]
    without, beside = fitted(cases), fitted([*cases, *strangers])
    assert own(beside, THREAT) == pytest.approx(own(without, THREAT), abs=0.3)


@pytest.mark.parametrize("turned", [1.0, 6.0])
def test_a_value_that_is_right_where_it_looks_unlikely_keeps_a_slope_above_nothing(turned: float) -> None:
    """What tells the wrong way round tells nothing: then only how often it is right counts."""
    cases = drawn(THREAT, 0.0, -turned, 400)
    level, slope = own(fitted(cases), THREAT)
    rate = float(np.mean([THREAT in one.shown for one in cases]))
    assert slope == pytest.approx(LEAST_SLOPE)
    assert level == pytest.approx(np.log(rate / (1 - rate)), abs=0.05)


def test_a_value_leaves_the_least_slope_that_others_of_its_kind_have_where_its_own_cases_say_so() -> None:
    cases = [*drawn(THREAT, 0.0, -3.0, 2000), *_numbered(drawn(AGE, 0.0, 1.5, 600), 2000)]
    levels = fitted(cases)
    assert own(levels, THREAT)[1] == pytest.approx(LEAST_SLOPE)
    assert 1 < own(levels, AGE)[1] < 1.8


def rainy(cases: int, *, turned: int | None = None) -> list[Said]:
    """Cases of which the words say all the same: in rain the value is right, otherwise another, but for one case."""
    return [
        said(number, {THREAT: 0.5}, [THREAT if (number % 3 == 0) is (number != turned) else ("threat", "no")],
             beside=["rain", "every day"] if number % 3 == 0 else ["every day"])
        for number in range(cases)
    ]  # fmt: skip


def test_a_circumstance_that_tells_right_from_wrong_is_found() -> None:
    levels = fitted(rainy(200))
    assert levels.circumstances == ("rain",), "what stands beside every case tells nothing"
    always, rain = levels.added([THREAT])[:, 0]
    assert always < -1 < 1 < rain
    for one in rainy(200)[:20]:
        assert one.proposed(levels, one.beside) == ({THREAT} if "rain" in one.beside else set())
        assert one.proposed(levels) == set()


def test_cases_in_which_others_found_a_value_say_nothing_of_what_circumstances_add_to_it() -> None:
    told = [
        replace(one, beside=one.beside | {found(*THREAT)}, otherwise=frozenset({THREAT}))
        for one in _numbered(rainy(60, turned=0), 500)
    ]
    both = fitted([*rainy(60), *told])
    assert found(*THREAT) in both.circumstances
    place = 1 + both.circumstances.index(found(*THREAT))
    assert both.added([THREAT])[place, 0] == 0


def test_an_alarm_makes_no_all_clear_likelier() -> None:
    """Where a grave value was found, gold may still say the opposite; that is no reason to expect it."""
    pack, clears, other = small_pack(), ("advert", "no"), ("flood", "yes")
    facts = {
        **pack.vocabulary.facts,
        "advert": pack.vocabulary.facts["advert"].model_copy(update={"raises_severity": ("yes",)}),
    }
    grave = pack.model_copy(update={"vocabulary": pack.vocabulary.model_copy(update={"facts": facts})})
    alarm = found("advert", "yes")
    cases = [
        said(number, {clears: 0.5, other: 0.5}, [clears, other] if number % 2 else [("advert", "yes"), ("flood", "no")],
             beside={alarm} if number % 2 else {"rain"})
        for number in range(60)
    ]  # fmt: skip
    for one, expected in ((pack, True), (grave, False)):
        levels = fit(cases, reviewer(one), SUITE)
        added = levels.added([clears, other])[1 + levels.circumstances.index(alarm)]
        assert bool(added[0] > 0.5) is expected
        assert added[1] > 0.5, "of another value it may say what it likes"


def test_a_rare_circumstance_counts_for_nothing() -> None:
    rare = [said(number, {THREAT: 0.5}, [THREAT], beside=["comet"]) for number in range(1000, 1004)]
    assert fitted([*rainy(60), *rare]).circumstances == ("rain",)
    assert "comet" in fitted([*rainy(60), *rare, replace(rare[0], gold=_of_family(rare[0], "f9"))]).circumstances


def test_of_a_value_that_hardly_any_case_shows_circumstances_say_nothing() -> None:
    rare = [said(number, {AGE: 0.5}, [AGE] if number < 1002 else [], beside=["rain"]) for number in range(1000, 1010)]
    levels = fitted([*rainy(60), *rare])
    assert levels.added([AGE]).tolist() == [[0], [0], [0]]


def test_no_family_moves_what_circumstances_add_where_it_is_judged() -> None:
    before, after = fitted(rainy(60)), fitted(rainy(60, turned=4))
    assert before.added([THREAT], "f4").tolist() == after.added([THREAT], "f4").tolist()
    assert before.added([THREAT]).tolist() != after.added([THREAT]).tolist()


def _of_family(one: Said, family: str) -> GoldCase:
    return one.gold.model_copy(update={"family": family})


@pytest.mark.parametrize("cases", [[], [said(1, {THREAT: 0.5}, [THREAT], family="one")]])
def test_too_few_families_are_an_error_with_a_hint(cases: list[Said]) -> None:
    with pytest.raises(RunError, match="nothing to fit levels on") as caught:
        fitted(cases)
    assert "two families" in str(caught.value)


def test_what_is_written_is_what_the_classifiers_find(tmp_path: Path) -> None:
    levels = fitted(drawn(THREAT, -1.0, 1.0, 60))
    file = keep(levels, tmp_path / "levels")
    assert file.name.startswith("library_board-")
    assert shipped(tmp_path / "levels") == {(levels.rules, levels.embedder): levels}
    assert keep(levels, tmp_path / "levels") == file
    assert [one.name for one in (tmp_path / "levels").iterdir()] == [file.name]


def test_what_was_measured_can_be_quoted(tmp_path: Path) -> None:
    cases = rainy(60)
    levels = fitted(cases)
    file = publish(study := measure(cases, levels, DRAWN), levels, tmp_path)
    assert file.name.startswith("levels-library_board-")
    held = lookup(file, f"levels: {WITH}", "recall, other values")
    expected = study.figure(WITH, "recall, other values")
    assert expected is not None
    assert (held["value"], held["n"]) == (expected.value, expected.n) == (1, 20)


def test_a_value_that_gold_calls_unknown_is_asked_for_and_not_shown() -> None:
    one = said(1, {THREAT: 0.9}, [("threat", "unknown")])
    assert not one.shown
    assert one.asked == {"threat"}


def test_the_table_counts_what_is_found_without_levels_and_with_them() -> None:
    """Without levels the limit is .7: of `threat` nothing is found, of `age` all, though gold never says anything.

    So many cases are silent of it that with levels, of whichever slope, nothing is found of it any more.
    """
    chances = {THREAT: 0.4, AGE: 0.8, CLEAR: 0.8}
    cases = [said(n, chances, [THREAT, CLEAR] if n % 4 else [("danger", "high")]) for n in range(240)]
    study = measure(cases, fitted(cases), DRAWN)
    held = {(column, one.name): one for column, figures in study.columns.items() for one in figures}
    value = {place: one.value for place, one in held.items()}
    assert (value[WITHOUT, "recall, other values"], value[WITH, "recall, other values"]) == (0, 1)
    assert value[WITHOUT, "precision, other values"] is None
    assert value[WITH, "precision, other values"] == 1
    assert (value[WITHOUT, "beyond gold, other values"], value[WITHOUT, "beyond gold, clearing values"]) == (1, 0)
    assert value[WITH, "beyond gold, other values"] == pytest.approx(0.25), "of `threat` where gold is silent"
    assert value[WITHOUT, "recall, clearing values"] == 1
    assert value[WITHOUT, "precision, clearing values"] == 0.75
    assert held[WITH, "recall, other values"].n == 180
    assert value[ALONE, "recall, other values"] == 1, "these cases have no circumstances"
    assert held[WITHOUT, "beyond gold, other values"].n == 240


def test_the_table_tells_what_circumstances_change_and_leaves_out_what_others_find() -> None:
    found = [replace(one, otherwise=frozenset({THREAT})) for one in rainy(40)]
    cases = [*rainy(200), *_numbered(found, 500)]
    study = measure(cases, fitted(cases), DRAWN)
    held = {(column, one.name): one for column, figures in study.columns.items() for one in figures}
    recall = {column: held[column, "recall, other values"] for column in (WITHOUT, ALONE, WITH)}
    assert [one.value for one in recall.values()] == [0, 0, 1]
    assert {one.n for one in recall.values()} == {67}
    assert held[WITH, "precision, other values"].value == 1


def test_a_case_is_read_by_classifiers_that_do_not_know_its_family() -> None:
    shown = (PrecedentFinding(fact="advert", value="yes"),)
    made = [precedent(f"A-{n}", f"An advert sells thing number {n}.", "LB-1", [("take_down", "items")])
            for n in range(6)]  # fmt: skip
    made += [precedent(f"F-{n}", "An advert sells quagga lamps.", "LB-1", [("take_down", "items")], "lamps")
             for n in range(3)]  # fmt: skip
    pack = small_pack((*PRECEDENTS, *(one.model_copy(update={"findings": shown}) for one in made)))
    embedder = HashingEmbedder(128)
    learned = learn(pack, embedder)
    whole = LearnedDetector(learned, embedder)
    levels = Levels(
        pack=pack.id, rules="0", embedder="0", data_sha256="0", command="test", n=1,
        folds=({"advert: yes": (9.0, 0.01)},), families={},
    )  # fmt: skip
    levelled = LearnedDetector(replace(learned, levels=levels), embedder)
    whole_reviewer = reviewer(pack, detectors=(WordDetector(), levelled))
    found = {one.gold.id: one for one in chances_of(whole_reviewer, replace(SUITE, pack=pack))}
    assert set(found) == {"g-1", "g-2", "g-3", "g-4", "g-5", "g-6"}, "the part that is kept for reports is never read"
    for id, same in (("g-1", True), ("g-2", False)):
        read = whole.read(found[id].gold.case)
        assert read is not None
        assert bool(np.allclose(found[id].chances, read.chances, atol=1e-6)) is same, "and levels play no part in it"
    advert = found["g-1"]
    assert advert.otherwise == {("advert", "yes")}
    assert {"found: advert: yes", "a party: subject"} <= advert.beside
