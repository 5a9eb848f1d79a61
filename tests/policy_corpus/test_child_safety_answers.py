"""What the shipped child-safety pack answers where its clauses and facts once left two readings open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from policy_corpus import Outcome, Pack, Reading
from policy_corpus.deciding import Decider

ON = date(2026, 8, 1)
BEFORE = date(2026, 6, 1)
ADULT_THREATENED = {"threat": "exposure", "age_evidence": "adult_verified", "user_role": "actor"}
REPORTS = {
    "us_2258a_enticement",
    "us_2258a_imagery",
    "us_extortion_voluntary",
    "us_planned_voluntary",
    "uk_osa_66_report",
    "eu_dsa_18_suspicion",
}
ASKING = {
    "solicitation": "yes",
    "sexual_advance": "explicit",
    "minor_contact": "real_minor",
    "age_evidence": "minor_stated",
    "user_role": "actor",
}


def _held(facts: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {fact: frozenset({value}) for fact, value in facts.items()}


def _answers(facts: Mapping[str, str], pack: Pack, on: date = ON) -> list[str]:
    return [clause.ref for clause in Decider(pack.in_force(on), pack).deciding(_held(facts))]


def _possible(facts: Mapping[str, str], pack: Pack) -> set[str]:
    trees = {id: duty.possible_when or duty.criteria for id, duty in pack.duties.items()}
    return {id for id, tree in trees.items() if tree.evaluate(_held(facts), Reading.MOST).outcome is Outcome.MEETS}


@pytest.mark.parametrize("age", ["adult_verified", "adult_stated"])
def test_a_threatened_adult_is_handed_over_without_a_report(age: str, child_safety: Pack) -> None:
    facts = {**ADULT_THREATENED, "age_evidence": age}
    assert _answers(facts, child_safety) == ["CS-SXT-06@1", "CS-EVI-01@1"]
    assert _possible(facts, child_safety) & REPORTS == set()
    assert {"min_preserve_first", "min_second_person"} <= _possible(facts, child_safety)


@pytest.mark.parametrize(
    "more",
    [
        {"age_evidence": "unknown"},
        {"age_evidence": "ambiguous"},
        {"age_evidence": "minor_stated"},
        {"minor_contact": "believed_minor"},
    ],
)
def test_an_open_age_or_a_believed_minor_keeps_the_report_possible(more: dict[str, str], child_safety: Pack) -> None:
    possible = _possible({**ADULT_THREATENED, **more}, child_safety)
    assert {"us_2258a_enticement", "uk_osa_66_report", "eu_dsa_18_suspicion"} <= possible


def test_violence_is_alerted_at_any_age_and_is_an_adults_case_only_beyond_that(child_safety: Pack) -> None:
    adult = {**ADULT_THREATENED, "threat": "harm"}
    assert {"min_imminent_escalation", "eu_dsa_18_suspicion"} <= _possible(adult, child_safety)
    assert _answers(adult, child_safety) == ["CS-SXT-06@1", "CS-EVI-01@1"]
    for age in ("minor_indicated", "unknown"):
        assert _answers({**adult, "age_evidence": age}, child_safety)[0] == "CS-END-05@2"


def test_asking_a_minor_leads_over_the_open_approach_and_stops_the_account(child_safety: Pack) -> None:
    assert _answers(ASKING, child_safety) == ["CS-SOL-01@2", "CS-EVI-01@1"]
    assert _answers(ASKING, child_safety, BEFORE)[:2] == ["CS-GRM-01@1", "CS-SOL-01@1"]
    clause = child_safety.clause("CS-SOL-01@2")
    assert clause is not None
    assert {"suspend_account", "minor_user_pathway"} <= {step.action for step in clause.default_plan}


def test_an_adults_incomplete_removal_request_gets_a_list_and_a_possible_minors_a_removal(child_safety: Pack) -> None:
    facts = {"complaint_type": "removal_request_ncii", "request_complete": "no", "age_evidence": "adult_stated"}
    assert _answers(facts, child_safety) == ["CS-APP-06@1"]
    assert _answers({**facts, "user_role": "reporter"}, child_safety) == ["CS-APP-06@1"]
    for age in ("ambiguous", "minor_indicated"):
        assert _answers({**facts, "age_evidence": age}, child_safety) == ["CS-APP-04@2"]


@pytest.mark.parametrize(
    "sign",
    [
        {"victim_identified": "yes"},
        {"minor_exposed": "yes"},
        {"dangerous_challenge": "yes", "sexualisation": "sexualised"},
        {"processing_request": "sexualising_edit", "age_evidence": "ambiguous"},
    ],
)
def test_an_item_with_a_grave_sign_goes_out_of_view_while_a_specialist_looks(
    sign: dict[str, str], child_safety: Pack
) -> None:
    assert _answers(sign, child_safety) == ["CS-EVI-06@1", "CS-EVI-05@2"]
    assert _answers(sign, child_safety, BEFORE) == ["CS-EVI-05@1"]


def test_an_intruders_demand_is_answered_by_the_rule_on_hijacked_accounts_alone(child_safety: Pack) -> None:
    facts = {"account_authenticity": "hijacked", "payment_demand": "yes", "age_evidence": "minor_stated"}
    assert _answers(facts, child_safety) == ["CS-ACC-01@1"]


def test_adult_content_sent_to_a_minor_may_be_reported_and_is_held(child_safety: Pack) -> None:
    facts = {"minor_exposed": "yes", "user_age": "adult", "user_role": "actor", "age_evidence": "minor_verified"}
    assert _answers(facts, child_safety)[0] == "CS-END-04@2"
    assert {"us_1470_voluntary", "min_preserve_first"} <= _possible(facts, child_safety)
    assert _possible(facts, child_safety) & REPORTS == set()


def test_a_match_on_an_unverified_list_is_first_of_all_that(child_safety: Pack) -> None:
    facts = {"hash_match": "exact_match", "hash_list_source": "shared_unverified", "knowledge": "signal_only"}
    answers = _answers(facts, child_safety)
    assert [ref for ref in answers if ref.startswith(("CS-KNO", "CS-EVI-02"))] == ["CS-KNO-03@1", "CS-EVI-02@2"]


def test_a_child_who_suffered_took_part_and_told_is_never_punished(child_safety: Pack) -> None:
    facts = {"user_role": "affected_and_actor", "user_age": "minor_indicated", "threat": "pressure"}
    answers = _answers(facts, child_safety)
    assert "CS-MUL-02@1" in answers
    assert not any(ref.startswith("CS-MUL-03") for ref in answers)
