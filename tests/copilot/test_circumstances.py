"""Circumstances: what they name, and what never counts among them."""

from __future__ import annotations

from typing import Any

from copilot.cases import Case
from copilot.detectors.circumstances import circumstances
from copilot.detectors.signals import SignalDetector
from policy_corpus import Pack
from tests.copilot.stand_ins import finding

TOLD: dict[str, Any] = {
    "id": "c1",
    "received_at": "2026-01-05T00:00:00Z",
    "surface": "chat",
    "language": "en",
    "parties": [
        {"id": "a", "kind": "account", "role": "subject"},
        {"id": "r", "kind": "person", "role": "reporter"},
    ],
    "parts": [
        {"id": "p1", "role": "user", "party": "a", "text": "One thing. And one more."},
        {"id": "p2", "role": "report", "party": "r", "text": "Another."},
        {"id": "p3", "role": "note", "text": "A third."},
    ],
    "signals": [
        {"kind": "counterfeit", "value": "yes", "source": "desk", "basis": "staff_review"},
        {"kind": "counterfeit", "value": "no", "source": "desk", "basis": "somebody said so"},
    ],
}


def told(**changed: object) -> Case:
    return Case.model_validate({**TOLD, **changed})


def test_who_wrote_who_is_concerned_and_on_what_a_signal_rests() -> None:
    assert circumstances(told(), ()) == {
        "a party: subject",
        "a party: reporter",
        "written: user, by: subject",
        "written: report, by: reporter",
        "written: note, by: somebody else",
        "a signal's basis: staff_review",
    }


def test_what_other_detectors_found_counts_and_what_they_suspect_does_not() -> None:
    sure, unsure = finding("counterfeit", "yes"), finding("parody", "no", suspected=True)
    assert circumstances(told(), (sure, unsure)) - circumstances(told(), ()) == {"found: counterfeit: yes"}


def test_that_somebody_complains_says_nothing_of_what_he_did() -> None:
    assert circumstances(told(), [finding("complaint_type", "appeal")]) == circumstances(told(), ())


def test_how_a_case_is_cut_up_and_what_lies_beside_it_unread_is_no_circumstance(child_safety: Pack) -> None:
    first, *others = TOLD["parts"]
    split = [{**first, "text": "One thing."}, {**first, "id": "p4", "text": "And one more."}, *others]
    file = {"id": "f1", "role": "user", "party": "a", "media": {"kind": "image"}}
    bystander = {"id": "b", "kind": "organisation", "role": "bystander"}
    plain, signals = told(signals=[]), SignalDetector(child_safety.vocabulary)
    expected = circumstances(plain, signals.find(plain))
    for changed in (
        {"parts": split},
        {"parts": [*TOLD["parts"], file]},
        {"parties": [*TOLD["parties"], bystander]},
        {"language": "de", "surface": "image upload"},
    ):
        other = told(signals=[], **changed)
        assert circumstances(other, signals.find(other)) == expected, changed
