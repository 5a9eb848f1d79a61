"""Whom a part's words are about."""

from __future__ import annotations

import pytest

from copilot.cases import Case
from copilot.detectors.attribution import about

TOLD = {
    "id": "a",
    "parties": [{"id": "s", "role": "subject"}, {"id": "k", "role": "affected_child"}, {"id": "r", "role": "reporter"}],
    "parts": [
        {"id": "by subject", "role": "user", "text": "x", "party": "s"},
        {"id": "by child", "role": "user", "text": "x", "party": "k"},
        {"id": "report", "role": "report", "text": "x", "party": "r"},
        {"id": "log", "role": "tool", "text": "x"},
    ],
}


@pytest.mark.parametrize(
    ("part", "known", "expected"),
    [
        ("by subject", {}, ["s"]),
        ("by subject", {"f user": "subject"}, ["s"]),
        ("by child", {"f user": "author"}, ["s"]),
        ("by child", {"f reporter": "author"}, ["k"]),
        ("report", {"f reporter": "author"}, ["r"]),
        ("report", {"f reporter": "subject"}, ["s"]),
        ("log", {"f tool": "affected"}, ["k"]),
        ("log", {"f tool": "author"}, ["s"]),
        ("log", {"g tool": "affected"}, ["s"]),
    ],
)
def test_whom_words_are_about(part: str, known: dict[str, str], expected: list[str]) -> None:
    made = Case.model_validate(TOLD)
    written = made.part(part)
    assert written is not None
    assert list(about("f", written, made, known)) == expected
