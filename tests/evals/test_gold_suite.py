"""The gold suite end to end, with the embedded drafter on a small pack."""

from __future__ import annotations

import json

import pytest

from evals import gold_suite
from evals.errors import DutyLost
from evals.measuring import SuiteResult, measure, sampled
from evals.metrics.intervals import Sampling
from evals.reference import always_act, always_report
from evals.suites import HeldSuite
from evals.systems import ReviewerSystem
from policy_corpus import Pack
from tests.evals.small_pack import GOLD, reviewer, small_pack


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory, quick: Sampling) -> SuiteResult:
    file = tmp_path_factory.mktemp("gold") / "cases.jsonl"
    file.write_text("".join(one.model_dump_json() + "\n" for one in GOLD))
    return gold_suite.run(reviewer(small_pack()), cases=file, sampling=quick, command="eval gold")


def test_every_system_answers_every_tune_case(result: SuiteResult) -> None:
    assert [len(system.run.records) for system in result.systems] == [6] * len(result.systems)
    assert [system.name for system in result.systems] == [
        "copilot",
        "always escalate",
        "always report",
        "bm25-nearest clause",
        "majority",
        "bm25-nearest precedent",
        "kNN",
        "logistic regression",
        "clauses without precedents",
        "without criteria",
        "without detectors",
        "without duties",
        "with second opinion",
    ]


def test_the_copilot_gets_the_plain_cases_right(result: SuiteResult) -> None:
    accuracy = result.judged.figure("plan tier accuracy")
    recall = result.judged.figure("report duty recall")
    assert accuracy is not None and accuracy.value is not None and accuracy.value > 0.6
    assert recall is not None and recall.value == 1.0 and result.passed


def test_always_reporting_has_full_recall_and_poor_precision(result: SuiteResult) -> None:
    always = next(system for system in result.systems if system.name == "always report")
    recall, precision = always.figure("report on the table recall"), always.figure("report on the table precision")
    assert recall is not None and recall.value == 1.0
    assert precision is not None and precision.value == pytest.approx(1 / 6)
    overreach = always.figure("protected case actioned")
    assert overreach is not None and overreach.value == 1.0


def test_a_lost_report_fails_the_run_and_is_named(quick: Sampling) -> None:
    suite = HeldSuite("library", small_pack(), GOLD)
    blind = ReviewerSystem("blind", reviewer(small_pack(), detectors=()))
    result = measure(suite, [blind], sampling=quick)
    assert not result.passed
    with pytest.raises(DutyLost, match="g-4: tell_board"):
        result.check()
    assert "FAILED" in result.to_table()


def test_a_limit_draws_the_same_cases_in_any_order() -> None:
    drawn = sampled(GOLD, 3)
    assert len(drawn) == 3 and sampled(GOLD, None) == GOLD == sampled(GOLD, 99)
    assert {gold.id for gold in sampled(GOLD[::-1], 3)} == {gold.id for gold in drawn}


@pytest.mark.parametrize("limit", range(1, len(GOLD)))
def test_a_limit_never_parts_a_family(limit: int) -> None:
    drawn = sampled(GOLD, limit)
    assert len(drawn) <= limit and [gold.family for gold in drawn].count("lamps") in (0, 2)


def test_references_put_every_report_on_the_table(result: SuiteResult) -> None:
    for name in ("always escalate", "always report"):
        system = next(system for system in result.systems if system.name == name)
        recall = system.figure("report duty recall")
        assert recall is not None and recall.value == 1.0 and not system.lost


def test_where_nothing_is_reported_one_reference_always_acts() -> None:
    pack = Pack(**{**dict(small_pack()), "duties": {}, "clauses": (), "precedents": ()})
    quiet = Pack(**{**dict(pack), "actions": {k: v for k, v in pack.actions.items() if k != "report_board"}})
    drafter = always_act(quiet)
    assert always_report(quiet) is None and drafter is not None and drafter.actions == ("take_down",)


def test_the_result_renders_without_case_text(result: SuiteResult) -> None:
    held = json.loads(result.to_json())
    assert held["systems"]["copilot"]["manifest"]["pack"] == "library_board"
    assert "umbrella" not in result.to_json()
    assert "plan tier accuracy" in result.to_table()
    page = result.to_html()
    assert "<script" not in page and "http://" not in page and "https://" not in page


def test_without_criteria_no_clause_decides_and_duties_stay(result: SuiteResult) -> None:
    one = next(system for system in result.systems if system.name == "without criteria")
    recall = one.figure("report duty recall")
    assert recall is not None and recall.value == 1.0
    told = {record.case_id: record.answer for record in one.run.records}
    plain = {record.case_id: record.answer for record in result.judged.run.records}
    assert told["g-1"].confidence != plain["g-1"].confidence
