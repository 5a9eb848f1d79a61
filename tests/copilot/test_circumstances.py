"""Circumstances: what they name, and what never counts among them."""

from __future__ import annotations

import pytest

from copilot.cases import Case
from copilot.detectors.circumstances import circumstances
from tests.copilot.stand_ins import finding

TOLD = {
    "id": "c1",
    "received_at": "2026-01-05T00:00:00Z",
    "surface": "chat",
    "language": "en",
    "parties": [
        {"id": "a", "kind": "account", "role": "subject"},
        {"id": "r", "kind": "person", "role": "reporter"},
    ],
    "parts": [
        {"id": "p1", "role": "user", "party": "a", "text": "One thing."},
        {"id": "p2", "role": "report", "party": "r", "text": "Another."},
        {"id": "p3", "role": "note", "text": "A third."},
    ],
    "signals": [{"kind": "counterfeit", "value": "yes", "source": "desk", "basis": "staff_review"}],
}


def told(**changed: object) -> Case:
    return Case.model_validate({**TOLD, **changed})


def test_who_wrote_who_is_there_and_on_what_a_signal_rests() -> None:
    assert circumstances(told(), ()) == {
        "2 parties",
        "3 parts",
        "a party: subject",
        "a party: reporter",
        "a party's kind: account",
        "a party's kind: person",
        "written: user",
        "written: user, by: subject",
        "written: report",
        "written: report, by: reporter",
        "written: note",
        "written: note, by: nobody known",
        "a signal's basis: staff_review",
    }


@pytest.mark.parametrize("viewed", [True, False])
def test_a_file_and_whether_anybody_looked_at_it(viewed: bool) -> None:
    seen = {"person": "reviewer 1", "at": "2026-01-06T00:00:00Z", "saw": "A hat"} if viewed else None
    file = {"id": "f1", "role": "user", "party": "a", "media": {"kind": "image", "viewed": seen}}
    held = circumstances(told(parts=[*TOLD["parts"], file]), ())  # type: ignore[misc]
    assert "a file: image" in held
    assert ("a file that was looked at" in held, "a file that nobody looked at" in held) == (viewed, not viewed)


def test_what_is_found_and_what_is_only_suspected_are_two_things() -> None:
    sure, unsure = finding("counterfeit", "yes"), finding("parody", "no", suspected=True)
    assert circumstances(told(), (sure, unsure)) - circumstances(told(), ()) == {
        "found: counterfeit: yes",
        "suspected: parody: no",
    }


def test_neither_words_nor_their_language_nor_the_surface_are_circumstances() -> None:
    parts = [{**part, "text": "Etwas ganz anderes, und viel mehr davon. " * 9} for part in TOLD["parts"]]  # type: ignore[attr-defined]
    assert circumstances(told(parts=parts, language="de", surface="forum"), ()) == circumstances(told(), ())


def test_more_than_so_many_parts_and_parties_count_alike() -> None:
    parts = [{"id": f"p{n}", "role": "user", "party": "a", "text": "One."} for n in range(9)]
    parties = [{"id": "a", "kind": "account", "role": "subject"},
               *({"id": f"b{n}", "kind": "account", "role": "bystander"} for n in range(5))]  # fmt: skip
    held = circumstances(told(parts=parts, parties=parties), ())
    assert {"5 parts", "3 parties"} <= held
    assert not {"9 parts", "6 parties"} & held
