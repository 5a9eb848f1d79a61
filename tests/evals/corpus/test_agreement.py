"""Second labels are read with the line of what is wrong, and agreement is what statistics say it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import cohen_kappa_score

from evals.corpus import SecondLabel, agreement, second_labels
from evals.corpus.kappa import kappa
from evals.errors import DataError
from evals.gold import Expected
from evals.metrics.intervals import Sampling
from policy_corpus import Tier
from tests.evals.small_pack import GOLD, small_pack

LABEL: dict[str, Any] = {"case": "g-1", "labeller": "second", "expected": {"tier": "enforce"}}


def _file(tmp_path: Path, *labels: object) -> Path:
    path = tmp_path / "library_board.jsonl"
    path.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in labels))
    return path


def _label(case: str, **more: Any) -> SecondLabel:
    gold = next(one for one in GOLD if one.id == case)
    expected = Expected.model_validate({**gold.expected.model_dump(), **more})
    return SecondLabel(case=case, labeller="second", expected=expected)


def test_labels_come_back_as_they_were_written(tmp_path: Path) -> None:
    settled = {"expected": {"tier": "none"}, "why": "the rule names goods only", "clause": "LB-1"}
    file = _file(tmp_path, LABEL, "", {**LABEL, "case": "g-2", "adjudicated": settled})
    first, second = second_labels(small_pack(), GOLD, file)
    assert (first.case, first.expected.tier, first.adjudicated) == ("g-1", Tier.ENFORCE, None)
    assert second.adjudicated is not None
    assert second.adjudicated.clause == "LB-1"


def test_a_pack_without_second_labels_has_none() -> None:
    assert second_labels(small_pack(), GOLD) == ()


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("{", "library_board.jsonl:2: not valid JSON"),
        ({**LABEL, "case": "g-x"}, "library_board.jsonl:2: there is no gold case 'g-x'; did you mean"),
        (LABEL, "library_board.jsonl:2: 'second' labelled 'g-1' twice; first in line 1"),
        ({**LABEL, "labeller": ""}, "library_board.jsonl:2: labeller"),
        ({**LABEL, "colour": 1}, "library_board.jsonl:2: unknown key 'colour'"),
        ({**LABEL, "expected": {}}, "library_board.jsonl:2: the label expects nothing; give at least"),
        ({**LABEL, "expected": {"tier": "enforced"}}, "library_board.jsonl:2: unknown value 'enforced'"),
        ({**LABEL, "expected": {"clauses": ["LB-9"]}}, "library_board.jsonl:2: unknown clause 'LB-9'"),
        ({**LABEL, "expected": {"duties": ["tell"]}}, "library_board.jsonl:2: unknown duty 'tell'"),
        (
            {**LABEL, "expected": {"acceptable_plans": [[{"action": "fly", "on": "case"}]]}},
            "library_board.jsonl:2: unknown action 'fly'",
        ),
        (
            {**LABEL, "expected": {"findings": [{"fact": "member", "value": "yes", "about": "x"}]}},
            "library_board.jsonl:2: unknown party 'x'",
        ),
        (
            {**LABEL, "expected": {"findings": [{"fact": "advert", "value": "blue"}]}},
            "library_board.jsonl:2: 'advert: blue' is not in the vocabulary",
        ),
        ({**LABEL, "adjudicated": {"why": "", "expected": None}}, "library_board.jsonl:2: adjudicated.why"),
        ({**LABEL, "adjudicated": {"why": "so", "clause": "LB-9"}}, "library_board.jsonl:2: unknown clause 'LB-9'"),
        (
            {**LABEL, "adjudicated": {"why": "so", "expected": {"duties": ["tell"]}}},
            "library_board.jsonl:2: unknown duty 'tell'",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, label: object, says: str) -> None:
    with pytest.raises(DataError) as error:
        second_labels(small_pack(), GOLD, _file(tmp_path, LABEL, label))
    assert says in str(error.value)


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "labels.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"labels.jsonl:1: can't read the file"):
        second_labels(small_pack(), GOLD, path)


@pytest.mark.parametrize(
    ("first", "second", "order"),
    [
        ("aabbab", "ababab", ""),
        ("abcabc", "abccba", "abc"),
        ("aaaa", "aabb", ""),
        ("aaaa", "bbbb", "ab"),
        ("abcd", "abcd", "abcd"),
    ],
)
def test_kappa_is_what_scikit_learn_finds(first: str, second: str, order: str) -> None:
    labels = list(order) or sorted({*first, *second})
    expected = cohen_kappa_score(list(first), list(second), labels=labels, weights="linear" if order else None)
    assert kappa(list(first), list(second), list(order)) == pytest.approx(expected)


@pytest.mark.parametrize(("first", "second"), [("", ""), ("aa", "aa")])
def test_kappa_is_not_defined_without_two_answers(first: str, second: str) -> None:
    assert kappa(list(first), list(second)) is None


def test_agreement_counts_what_both_said(quick: Sampling) -> None:
    pack = small_pack()
    labels = [
        _label("g-1"),
        _label("g-2", tier="limit", findings=None),
        _label("g-3", clauses=None),
        _label("g-4", duties=(), tier="enforce"),
        _label("g-5", acceptable_plans=[[{"action": "take_down", "on": "items"}]], tier="enforce", protected=False),
    ]
    found = agreement(GOLD, labels, pack, sampling=quick)

    def value(name: str) -> tuple[float | None, int, int]:
        figure = found.figure(name)
        assert figure is not None, name
        return figure.value, figure.n, figure.unscored

    assert value("tier: raw") == (0.4, 5, 0)
    assert value("main clause: raw") == (1.0, 4, 1)
    assert value("duties: raw") == (0.8, 5, 0)
    assert value("best plan acceptable to the other: raw") == (0.8, 5, 0)
    assert value("fact advert: raw") == (1.0, 4, 1)
    assert value("fact advert: kappa") == (1.0, 4, 1)
    assert found.figure("fact flood: raw") is None, "nobody said anything of it"
    order = [str(tier) for tier in Tier]
    tiers = cohen_kappa_score(
        ["enforce", "enforce", "none", "report", "none"],
        ["enforce", "limit", "none", "enforce", "enforce"],
        labels=order,
        weights="linear",
    )
    assert value("tier: kappa")[0] == pytest.approx(tiers)
    figure = found.figure("tier: kappa")
    assert figure is not None
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low <= tiers <= figure.high
    assert [(one.case, one.what, one.first, one.second) for one in found.disagreements] == [
        ("g-2", "tier", "enforce", "limit"),
        ("g-4", "duties", "tell_board", "none"),
        ("g-4", "tier", "report", "enforce"),
        ("g-5", "protected", "yes", "no"),
        ("g-5", "tier", "none", "enforce"),
    ]
    assert "5 disagreements\ng-2: tier: enforce / limit; open" in found.to_text()


def test_what_was_settled_is_shown(tmp_path: Path, quick: Sampling) -> None:
    settled = {"expected": None, "why": "the advert sells", "clause": "LB-1"}
    label = {**LABEL, "expected": {"tier": "none"}, "adjudicated": settled}
    labels = second_labels(small_pack(), GOLD, _file(tmp_path, label))
    found = agreement(GOLD, labels, small_pack(), sampling=quick)
    assert "g-1: tier: enforce / none; settled: the advert sells (LB-1)" in found.to_text()
    assert json.loads(found.to_json())["labellers"] == ["second"]


def test_a_gold_case_that_was_corrected_agrees_no_more_than_its_first_label_did(quick: Sampling) -> None:
    label = _label("g-1", tier="none")
    corrected = [one.model_copy(update={"expected": label.expected}) if one.id == "g-1" else one for one in GOLD]
    first = next(one for one in GOLD if one.id == "g-1").expected
    figure = agreement(corrected, [label], small_pack(), sampling=quick).figure("tier: raw")
    kept = label.model_copy(update={"first": first})
    figure_kept = agreement(corrected, [kept], small_pack(), sampling=quick).figure("tier: raw")
    assert figure is not None
    assert figure_kept is not None
    assert (figure.value, figure_kept.value) == (1.0, 0.0)


def test_no_labels_are_no_error(quick: Sampling) -> None:
    found = agreement(GOLD, (), small_pack(), sampling=quick)
    assert found.to_text().startswith("second labels: 0 by nobody")
