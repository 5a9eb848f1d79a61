"""Case files as people write them: one bad line never stops the others, and no message repeats a case's text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from copilot.casefile import LONGEST_LINE, BadLine, read
from copilot.cases import MOST_TEXT, Case
from copilot.errors import CaseError
from policy_corpus import Pack

PART = {"id": "p", "role": "user", "text": "private words"}


def lines(path: Path, *written: object, pack: Pack | None = None) -> list[Case | BadLine]:
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in written]
    path.write_bytes(b"\n".join(raw))
    return list(read(path, pack))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"id": "a", "text": "private words"', "not valid JSON: Expecting ',' delimiter at column 1"),
        (b"[1, 2]", "input should be"),
        (b'{"id": "a", "text": "private \xff"}', "not UTF-8 text (byte 29)"),
        ({"id": "a"}, "parts: is missing; a case needs at least id and text"),
        ({"text": "private words"}, "id: is missing"),
        ({"id": "", "text": "private words"}, "id: string should have at least 1 character"),
        ({"id": "a", "text": ""}, "no text and no media"),
        ({"id": "a", "text": " \n\u200b".replace("\u200b", "")}, "no text and no media"),
        ({"id": "a", "txt": "private words"}, "parts: is missing"),
        ({"id": "a", "text": "private words", "colour": 1}, "colour: unknown key; a case has: format, id"),
        (
            {"id": "a", "text": "x", "received_at": "2026-03-01T10:00:00"},
            "received_at: has no time zone; write RFC 3339",
        ),
        ({"id": "a", "text": "x", "received_at": "yesterday"}, "received_at: input should be a valid datetime"),
        ({"id": "a", "parts": [PART, PART]}, "part id 'p' is used twice"),
        ({"id": "a", "parts": [{**PART, "party": "z"}]}, "part 'p' names party 'z', which is not among the parties"),
        ({"id": "a", "parts": [{"id": "p"}]}, "parts.0: a part needs 'text' or 'media'"),
        ({"id": "a", "parts": [{**PART, "role": "wizard"}]}, "parts.0.role: input should be"),
        ({"id": "a", "parts": [PART], "signals": [{"kind": "k", "about": "z"}]}, "signal 'k' is about 'z'"),
        ({"id": "a", "text": "x" * (MOST_TEXT + 1)}, "more than 2,000,000 characters; split it into several cases"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, line: object, said: str) -> None:
    first, second = lines(tmp_path / "cases.jsonl", line, {"id": "next", "text": "fine"})
    assert isinstance(first, BadLine)
    assert str(first).startswith("cases.jsonl:1: ")
    assert said in str(first)
    assert "private" not in str(first)
    assert isinstance(second, Case)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"signals": [{"kind": "danger", "value": "very"}]}, "signals.0.value: unknown value 'very' of fact 'danger'"),
        ({"signals": [{"kind": "danger", "value": "possible"}]}, ""),
        ({"signals": [{"kind": "score", "value": 0.4}]}, ""),
    ],
)
def test_values_that_the_pack_does_not_know(tmp_path: Path, small: Pack, more: dict[str, object], said: str) -> None:
    (line,) = lines(tmp_path / "cases.jsonl", {"id": "a", "text": "x", **more}, pack=small)
    assert said in str(line)
    assert isinstance(line, BadLine) is bool(said)


def test_fifty_megabytes_in_one_line_are_passed_over_without_being_kept(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    with path.open("wb") as stream:
        stream.write(b'{"id": "big", "text": "')
        for _ in range(50):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"}\n{"id": "small", "text": "fine"}\n')
    big, after = read(path)
    assert str(big) == f"big.jsonl:1: longer than {LONGEST_LINE:,} bytes; split the case into several"
    assert isinstance(after, Case)


@pytest.mark.parametrize("text", ["مرحبا بالعالم", "naïve café 🙂", "a\u200bb\u202ec", "漢字とかな", "\x00 odd"])
def test_any_script_comes_through_as_it_was(tmp_path: Path, text: str) -> None:
    (case,) = lines(tmp_path / "cases.jsonl", {"id": "a", "text": text})
    assert isinstance(case, Case)
    assert case.parts[0].text == text


def test_the_same_id_twice_names_the_first_line(tmp_path: Path) -> None:
    _, second = lines(tmp_path / "c.jsonl", {"id": "a", "text": "x"}, {"id": "a", "text": "y"})
    assert "'a' stands in line 1 already" in str(second)


def test_blank_lines_and_a_byte_order_mark_are_no_errors(tmp_path: Path) -> None:
    found = lines(tmp_path / "c.jsonl", b"\xef\xbb\xbf" + b'{"id": "a", "text": "x"}', b"", b"  ")
    assert [type(line) for line in found] == [Case]


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_a_file_that_cannot_be_read(tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path / "cases")
    with pytest.raises(CaseError, match="can't read 'cases'.*name a JSONL file"):
        list(read(tmp_path / "cases"))


def test_a_new_version_has_another_digest(small: Pack) -> None:
    case = Case.model_validate({"id": "a", "text": "x"})
    assert case.digest != case.model_copy(update={"version": 2}).digest
    assert case.digest == Case.model_validate(case.model_dump()).digest


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ({"conduct_at": "2026-01-02T23:30:00-05:00", "received_at": "2026-02-01T00:00:00Z"}, "2026-01-03"),
        ({"received_at": "2026-02-01T00:00:00Z"}, "2026-02-01"),
    ],
)
def test_clauses_are_judged_by_the_conduct_in_utc(given: dict[str, str], day: str) -> None:
    assert Case.model_validate({"id": "a", "text": "x", **given}).judged_on.isoformat() == day
