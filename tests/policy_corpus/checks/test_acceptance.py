"""What a team accepts is set aside with its reason, still shown, and told when it fits nothing any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_corpus import PackError
from policy_corpus.checks import lint
from tests.policy_corpus.checks.faults import ON
from tests.policy_corpus.checks.small_pack import changed, write

UNPRIORITISED = ("clauses/C-01.md", "outranks: [C-04]\n", "")


def _accepting(text: str) -> dict[str, str]:
    return changed(UNPRIORITISED, ("lint.yaml", "", f"format: 1\naccepted:\n{text}"))


def test_an_accepted_issue_is_counted_and_shown_with_its_reason(tmp_path: Path) -> None:
    accepted = "  - check: opposed-clauses\n    subjects: [C-01@1, C-04@1]\n    reason: Decided case by case.\n"
    report = lint(write(tmp_path, _accepting(accepted)), on=ON)
    assert report.clean
    assert "accepted [opposed-clauses] 'C-04@1'" in str(report)
    assert str(report).endswith("Decided case by case.\n0 errors, 0 warnings, 1 accepted")


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (
            "  - {check: opposed-clauses, subjects: [C-01@2, C-04@1], reason: R}\n",
            "take it out, or correct its subjects",
        ),
        ("  - {check: opposed-clause, subjects: [C-01@1], reason: R}\n", "did you mean 'opposed-clauses'?"),
    ],
)
def test_an_acceptance_that_fits_nothing_is_told(entry: str, told: str, tmp_path: Path) -> None:
    report = lint(write(tmp_path, _accepting(entry)), on=ON)
    assert [issue.check for issue in report.issues] == ["opposed-clauses", "unused-acceptance"]
    assert told in str(report)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('  - {check: gap, subjects: [a], reason: " "}\n', "small/lint.yaml:3: accepted.0.reason: an acceptance needs"),
        ("  - {check: gap, subjects: [a]}\n", "small/lint.yaml:3: 'accepted.0.reason' is missing"),
        ("  - {check: [gap\n", "can't read this as YAML"),
    ],
)
def test_a_wrong_list_of_acceptances_is_an_error_with_its_place(entry: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        lint(write(tmp_path, _accepting(entry)), on=ON)
    assert told in str(caught.value)
