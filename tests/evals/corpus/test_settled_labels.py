"""What was settled about a gold case is what the case says now, and what it said before is kept beside the reason."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from evals.corpus import SecondLabel, gold_of, second_labels
from evals.corpus.second_labels import FOLDER, load
from evals.gold import Expected, GoldCase
from policy_corpus import Pack

RECHECKED = FOLDER / "rechecked" / "child_safety.jsonl"


@pytest.fixture(scope="module")
def gold(child_safety: Pack) -> tuple[GoldCase, ...]:
    return gold_of(child_safety)


@pytest.fixture(scope="module")
def rechecked(child_safety: Pack, gold: tuple[GoldCase, ...]) -> tuple[SecondLabel, ...]:
    return load(RECHECKED, child_safety, gold)


@pytest.fixture(scope="module")
def settled(
    child_safety: Pack, gold: tuple[GoldCase, ...], rechecked: tuple[SecondLabel, ...]
) -> tuple[SecondLabel, ...]:
    return (*second_labels(child_safety, gold), *rechecked)


def _unmet(settled: Expected, now: Expected) -> list[str]:
    """The fields in which a case doesn't say what was settled; of findings, those that were touched were noted."""
    held = {(one.fact, one.value, one.about) for one in now.findings or ()}
    noted = {(one.fact, one.value, one.about) for one in settled.findings or ()}
    plain = [name for name in settled.model_fields_set - {"findings"} if getattr(settled, name) != getattr(now, name)]
    return [*plain, *(["findings"] if noted - held else [])]


def test_gold_cases_say_what_was_settled(gold: Sequence[GoldCase], settled: Sequence[SecondLabel]) -> None:
    cases = {one.id: one.expected for one in gold}
    noted = {label.case: label.adjudicated.expected for label in settled if label.adjudicated}
    assert {id: wrong for id, one in noted.items() if one and (wrong := _unmet(one, cases[id]))} == {}


def test_a_corrected_case_keeps_its_first_label(gold: Sequence[GoldCase], settled: Sequence[SecondLabel]) -> None:
    cases = {one.id: one.expected for one in gold}
    for label in settled:
        if label.adjudicated and label.adjudicated.expected:
            assert label.first is not None, label.case
            assert label.first != cases[label.case], label.case


def test_rechecked_cases_are_not_in_the_blind_sample(
    child_safety: Pack, gold: tuple[GoldCase, ...], rechecked: Sequence[SecondLabel]
) -> None:
    sample = {label.case for label in second_labels(child_safety, gold)}
    assert rechecked
    assert {label.case for label in rechecked} & sample == set()


def test_a_refuted_match_indicates_no_report(gold: Sequence[GoldCase], rechecked: Sequence[SecondLabel]) -> None:
    cases = {one.id: one.expected for one in gold}
    refuted = [label.case for label in rechecked if label.adjudicated and label.adjudicated.clause == "CS-PRO-13"]
    assert len(refuted) == 3
    for id in refuted:
        duties = set(cases[id].duties or ())
        assert not duties & {"us_2258a_imagery", "us_2258a_open_question", "uk_osa_66_report", "eu_dsa_18_suspicion"}
        assert "min_preserve_first" in duties
