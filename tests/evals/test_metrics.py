"""Figures against known answers, and against the standard libraries where they have the same."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, f1_score

from evals.answers import Answer, SaidFinding
from evals.metrics.acting import auprc
from evals.metrics.calibration import bins, brier, expected_calibration_error, risk_coverage, risk_coverage_area
from evals.metrics.citations import citation_figures
from evals.metrics.clauses import _macro_f1, clause_figures, finding_figures, source_figures
from evals.metrics.duties import duty_figures, lost
from evals.metrics.figure import Figure, mean_figure, statistic_figure
from evals.metrics.intervals import Sampling, mean_interval
from evals.metrics.paired import cases_needed, cases_to_show, holm, mcnemar
from evals.metrics.plans import Costs, cost, missed, plan_acceptable, plan_figures, protected_actioned, wrong_party
from evals.metrics.ranking import by_query, first_within, weighted_recall
from evals.rankings import Choice, best_of_groups, learn, standardised
from evals.rows import Row, Sheet
from policy_corpus import Reportability, Tier
from tests.evals.small_pack import GOLD, small_pack

QUICK = Sampling(samples=200)
BY_ID = {one.id: one for one in GOLD}


def row(id: str, **answer: Any) -> Row:
    return Row(BY_ID[id], Answer(**answer), small_pack())


def sheet(*rows: Row) -> Sheet:
    return Sheet(rows, QUICK)


def figure(figures: list[Figure], name: str) -> Figure:
    return next(one for one in figures if one.name == name)


def test_an_unscored_row_is_neither_right_nor_wrong() -> None:
    found = mean_figure("x", [1.0, 0.0, None, 1.0], ["a", "b", "c", "d"], sampling=QUICK)
    assert found.value == pytest.approx(2 / 3) and (found.n, found.unscored) == (3, 1)
    nothing = mean_figure("x", [None], ["a"], sampling=QUICK)
    assert (nothing.value, nothing.n, nothing.low) == (None, 0, None)


def test_intervals_are_the_same_each_time_and_hold_the_value() -> None:
    draw = random.Random(1)
    values = [draw.random() for _ in range(60)]
    names = [str(n) for n in range(60)]
    low, high = mean_interval(values, names, Sampling())
    assert (low, high) == mean_interval(values, names, Sampling())
    assert low is not None and high is not None and low < sum(values) / 60 < high


def test_differences_that_are_all_nought_leave_the_doubt_of_a_small_sample() -> None:
    """None of 10 families moved: by Clopper and Pearson up to 1 − .025^(1/10) = .31 of them may."""
    found = mean_figure("d", [0.0] * 10, list("abcdefghij"), sampling=QUICK, share=False, difference=True)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 10)) and found.low == -found.high
    moved = mean_figure("d", [0.0, 1.0] * 5, list("abcdefghij"), sampling=QUICK, share=False, difference=True)
    assert moved.low is not None and 0 < moved.low < 0.5


def test_clusters_that_agree_make_intervals_wider() -> None:
    values = [float(n % 2) for n in range(10) for _ in range(10)]
    apart = mean_interval(values, [str(n) for n in range(100)], Sampling())
    together = mean_interval(values, [str(n // 10) for n in range(100)], Sampling())
    assert apart[0] is not None and together[0] is not None and together[0] < apart[0]


def test_one_cluster_gives_no_interval() -> None:
    assert mean_interval([1.0, 0.0], ["a", "a"], Sampling()) == (None, None)
    assert statistic_figure("x", lambda at: float(len(at)), ["a", "a"], sampling=QUICK).low is None


def test_the_statistic_interval_of_a_mean_is_the_mean_interval() -> None:
    values, names = [0.0, 1.0, 1.0, 0.0, 1.0], list("abcde")
    found = statistic_figure("m", lambda at: sum(values[i] for i in at) / len(at), names, sampling=QUICK)
    low, high = mean_interval(values, names, QUICK)
    assert found.low == pytest.approx(low) and found.high == pytest.approx(high)


def test_macro_f1_is_scikit_learns() -> None:
    draw = random.Random(3)
    truth, said = ([draw.choice("abcd") for _ in range(50)] for _ in range(2))
    said[:5] = ["z"] * 5
    expected = f1_score(truth, said, average="macro", labels=sorted(set(truth)), zero_division=0)
    assert _macro_f1(truth, said) == pytest.approx(expected)


def test_average_precision_and_brier_are_scikit_learns() -> None:
    draw = random.Random(4)
    judged = [(draw.random() < 0.4, False, round(draw.random(), 1)) for _ in range(60)]
    truth, scores = [one[0] for one in judged], [one[2] for one in judged]
    assert auprc(judged) == pytest.approx(average_precision_score(truth, scores))
    assert brier([(s, float(t)) for t, s in zip(truth, scores, strict=True)]) == pytest.approx(
        brier_score_loss(truth, scores)
    )


def test_calibration_by_hand() -> None:
    pairs = [(0.9, 1.0), (0.9, 0.0), (0.1, 0.0), (0.1, 0.0)]
    assert [(one.confidence, one.right, one.n) for one in bins(pairs, 2)] == [(0.1, 0.0, 2), (0.9, 0.5, 2)]
    assert expected_calibration_error([(1.0, 1.0)] * 5) == 0.0
    assert expected_calibration_error([(1.0, 0.0)] * 5) == 1.0
    assert risk_coverage(pairs) == [(0.5, 0.5), (1.0, 0.75)]
    assert risk_coverage_area(pairs) == pytest.approx(0.5 * 0.5 + 0.5 * 0.75)
    assert risk_coverage_area([(0.9, 1.0), (0.8, 0.0)]) == pytest.approx(0.25)
    assert expected_calibration_error([]) is None and risk_coverage_area([]) is None


def test_ranking_by_trec_definitions() -> None:
    found = by_query({"q": ["a", "b"], "none": [], "silent": ["a"]}, {"q": ["x", "a", "y"]}, ("R@5", "RR"))
    assert found["R@5"] == {"q": 0.5, "none": None, "silent": 0.0}
    assert found["RR"] == {"q": 0.5, "none": None, "silent": 0.0}
    assert weighted_recall(["a", "b"], ["a"], 5, {"a": 1.0, "b": 3.0}.__getitem__) == 0.25
    assert first_within(["b"], ["a", "b"], 1) == 0.0 and first_within([], ["a"], 1) is None


@pytest.mark.parametrize(
    ("id", "answer", "acceptable", "actioned", "miss", "priced"),
    [
        ("g-1", {"tier": Tier.ENFORCE, "steps": (("take_down", "text"),)}, 1.0, None, 0.0, 0.0),
        ("g-1", {"tier": Tier.NONE, "steps": (("leave", "case"),)}, 0.0, None, 1.0, 6.0),
        ("g-5", {"tier": Tier.NONE, "steps": (("leave", "case"),)}, 1.0, 0.0, None, 0.0),
        ("g-5", {"tier": Tier.ENFORCE, "steps": (("take_down", "text"),)}, 0.0, 1.0, None, 3.0),
        ("g-5", {"abstained": True}, None, 0.0, None, 1.0),
        ("g-4", {"abstained": True}, None, None, 0.0, 11.0),
        ("g-4", {"abstained": True, "duties": ("tell_board",)}, None, None, 0.0, 1.0),
    ],
)
def test_a_plan_is_scored(
    id: str, answer: dict[str, Any], acceptable: float | None, actioned: float | None, miss: float | None, priced: float
) -> None:
    one = row(id, **answer)
    assert plan_acceptable(one) == acceptable
    assert protected_actioned(one) == actioned
    assert missed(one) == miss
    assert cost(one, Costs()) == priced


def test_a_step_against_the_wrong_party() -> None:
    assert wrong_party(row("g-1", tier=Tier.ENFORCE, steps=(("bar_account", "account"),))) == 1.0
    assert wrong_party(row("g-1", tier=Tier.ENFORCE, steps=(("take_down", "text"),))) == 0.0


def test_coverage_is_stated_beside_accuracy() -> None:
    found = plan_figures(sheet(row("g-1", tier=Tier.ENFORCE), row("g-5", abstained=True), row("g-6", tier=Tier.NONE)))
    assert figure(found, "coverage").value == pytest.approx(2 / 3)
    accuracy = figure(found, "plan tier accuracy")
    assert (accuracy.value, accuracy.n, accuracy.unscored) == (1.0, 2, 1)
    assert figure(found, "plan tier accuracy, abstaining is wrong").value == pytest.approx(2 / 3)


def test_lost_reports_are_listed() -> None:
    rows = (row("g-4", tier=Tier.NONE), row("g-7", tier=Tier.REPORT, duties=("tell_board",)), row("g-1", duties=()))
    assert [(one.case_id, one.duty) for one in lost(rows)] == [("g-4", "tell_board")]
    found = duty_figures(sheet(*rows))
    assert figure(found, "report duty recall").value == 0.5
    assert figure(found, "report duty precision").value == 1.0


def test_report_on_the_table_by_case() -> None:
    rows = (row("g-4", reportability=Reportability.OBLIGED), row("g-1", reportability=Reportability.COUNSEL))
    found = duty_figures(sheet(*rows))
    assert figure(found, "report on the table recall").value == 1.0
    assert figure(found, "report on the table precision").value == 0.5
    assert figure(found, "reportability accuracy").value == 0.0


def test_clauses_and_findings() -> None:
    said = (SaidFinding(fact="advert", value="yes", about="account"), SaidFinding(fact="flood", value="yes"))
    found = sheet(row("g-1", clauses=("LB-1",), findings=said), row("g-2", clauses=("LB-3", "LB-1")))
    clauses = clause_figures(found)
    assert figure(clauses, "main clause accuracy").value == 0.5
    assert figure(clauses, "main clause in the first three").value == 1.0
    findings = finding_figures(found)
    assert figure(findings, "findings precision").value == 1.0  # what gold doesn't speak of is no mistake
    assert figure(findings, "findings recall").value == 0.5
    assert figure(findings, "findings F1").value == pytest.approx(2 / 3)


def test_sources_are_ranked_within_their_kind() -> None:
    gold = BY_ID["g-1"].model_copy(update={"expected": BY_ID["g-1"].expected.model_copy(update={"sources": ("P-2",)})})
    one = Row(gold, Answer(sources=("LB-1", "LB-2", "P-2")), small_pack())
    assert figure(source_figures(Sheet((one,), QUICK)), "sources RR").value == 1.0
    assert source_figures(sheet(row("g-1"))) == []


def test_expected_clauses_are_looked_for_among_the_clauses_that_came_back() -> None:
    found = source_figures(
        sheet(row("g-1", sources=("P-1", "LB-2", "LB-1")), row("g-4", sources=("P-1", "P-2", "LB-2")), row("g-5"))
    )
    assert figure(found, "clauses found RR").value == pytest.approx((0.5 + 1 + 0) / 3)
    assert figure(found, "clauses found R@5").value == pytest.approx(2 / 3)
    assert {one.n for one in found} == {3}


def test_citations_against_gold_and_gate() -> None:
    one = row(
        "g-1", tier=Tier.ENFORCE, claims=2, uncited=1, verdicts={"verbatim": 1, "altered": 1}, cited=("LB-1", "P-1")
    )
    found = citation_figures(sheet(one))
    assert figure(found, "gate passed").value == 0.0
    assert figure(found, "citations altered").value == 0.5
    assert figure(found, "claims without citation").value == 0.5
    assert figure(found, "expected clauses cited").value == 1.0
    assert figure(found, "cited clauses expected").value == 1.0


def test_paired_tests_by_hand() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(0, 10) == pytest.approx(2 * 0.5**10)
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert cases_needed(5, 5, 100) is None
    few, many = cases_needed(5, 25, 100), cases_needed(10, 15, 100)
    assert few is not None and many is not None and few < 100 < many


def test_cases_to_show_a_difference_that_was_asked_about() -> None:
    """By Connor's formula at 80 % power and 5 %: (1.96·√.2 + .8416·√(.2−.01))² / .01 = 155 for .10 of .20."""
    assert cases_to_show(0.1, 0.2) == 155
    assert cases_to_show(0.05, 0.2) > 4 * 150
    assert cases_to_show(0.3, 0.1) == cases_to_show(0.3, 0.3)  # a tenth that differs can't make up three tenths


def test_learned_weights_prefer_what_told_the_right_one() -> None:
    choices = [Choice(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), (0,)) for _ in range(5)]
    telling, misleading = learn(choices, 2, ridge=0.05, start=0.5)
    assert telling > 0.5 > misleading
    assert learn([], 2, ridge=0.05, start=0.5).tolist() == [0.5, 0.5]


def test_evidence_is_made_comparable() -> None:
    assert standardised(np.array([1.0, 1.0])).tolist() == [0.0, 0.0]
    assert standardised(np.array([1.0, 3.0])).tolist() == [-1.0, 1.0]
    assert best_of_groups(np.array([1.0, 3.0, 2.0]), np.array([0, 0, 1]), 3, 2).tolist() == [2.0, 2.0, 0.0]
