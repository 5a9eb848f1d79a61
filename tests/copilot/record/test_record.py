from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import copilot.record
from copilot.errors import RecordDamaged, RecordError
from copilot.record import NO_CASE, PURGED, Record
from copilot.record.chain import AT_ONCE

PAYLOADS: list[dict[str, Any]] = [
    {},
    {"text": "an abstract note", "at": "2025-01-01T00:00:00Z"},
    {"nested": {"list": [1, 2.5, None, True, "x"]}, "empty": ""},
    {"text": "emoji 🧭, ‏عربي‏, zero\u200bwidth, NUL \0, lone surrogate \ud800"},
    {"text": "long " * 100_000},
]


def test_the_public_names() -> None:
    assert copilot.record.__all__ == sorted(copilot.record.__all__, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(copilot.record, name) for name in copilot.record.__all__)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_comes_back_as_it_was_also_after_a_restart(path: Path, payload: dict[str, Any]) -> None:
    with Record.open(path) as record:
        entry = record.append("review", "case-1", payload)
        assert record.payload(entry) == payload
    with Record.open(path) as record:
        assert list(record.entries()) == [entry]
        assert record.payload(entry) == payload
        assert record.append("review", "case-1", {}).previous == entry.keyed_digest
        assert record.verify().check().entries == 2


def test_entries_are_chosen_by_case_kind_and_number(record: Record) -> None:
    kinds = [("review", "a"), ("review", "b"), ("decision", "a"), ("revision", NO_CASE), ("decision", "a")]
    added = record.append_all([(kind, case_id, {}) for kind, case_id in kinds])
    assert [entry.seq for entry in added] == [1, 2, 3, 4, 5]

    def numbers(**choice: Any) -> list[int]:
        return [entry.seq for entry in record.entries(**choice)]

    assert numbers() == [1, 2, 3, 4, 5]
    assert numbers(case_id="a") == [1, 3, 5]
    assert numbers(kind="review") == [1, 2]
    assert numbers(case_id="a", kind="decision", after=3) == [5]
    assert numbers(case_id=NO_CASE) == [4]
    assert numbers(case_id="c") == []
    assert record.latest("decision", "a") == added[4]
    assert record.latest("decision", "b") is None


def test_iteration_goes_on_past_one_fetch_and_allows_appends(record: Record) -> None:
    record.append_all([("note", "a", {"number": number}) for number in range(AT_ONCE + 1)])
    seen = 0
    for entry in record.entries():
        seen += 1
        if entry.seq == 1:
            record.append("note", "b", {})
    assert seen == AT_ONCE + 2
    assert record.verify().check().entries == AT_ONCE + 2


def test_all_or_none_are_added(record: Record) -> None:
    with pytest.raises(RecordError, match="not JSON"):
        record.append_all([("note", "a", {}), ("note", "a", {"x": math.nan})])
    assert list(record.entries()) == []
    assert record.append_all([]) == ()


@pytest.mark.parametrize(
    ("kind", "case_id", "payload", "message"),
    [
        ("note", "a", {"x": object()}, "the payload is not JSON"),
        ("note", "a", {"x": math.inf}, "the payload is not JSON"),
        (PURGED, "a", {}, "'purged' is the kind of tombstones"),
        ("", "a", {}, "an entry's kind is a short printable ASCII word"),
        ("no\nte", "a", {}, "an entry's kind is a short printable ASCII word"),
        ("note", "a\0", {}, "a case id holds a character that can't be stored"),
        ("note", "a\ud800", {}, "a case id holds a character that can't be stored"),
    ],
)
def test_what_cannot_be_an_entry(record: Record, kind: str, case_id: str, payload: Any, message: str) -> None:
    with pytest.raises(RecordError) as caught:
        record.append(kind, case_id, payload)
    assert caught.value.message == message
    assert caught.value.hint
    assert list(record.entries()) == []


def test_a_purge_takes_the_case_and_leaves_the_chain(path: Path, record: Record) -> None:
    kept, gone = record.append_all([("review", "a", {"text": "kept"}), ("review", "b", {"text": "gone"})])
    tombstone = record.purge("b", "lead-1", "retention period over")
    assert (tombstone.kind, tombstone.case_id) == (PURGED, "b")
    for opened in (record, Record.open(path)):
        with opened:
            assert opened.payload(gone) is None
            assert opened.payload(kept) == {"text": "kept"}
            said = opened.payload(tombstone)
            assert said is not None and (said["who"], said["why"]) == ("lead-1", "retention period over")
            assert opened.verify().check().entries == 3


def test_a_purged_case_may_come_back_and_be_purged_again(record: Record) -> None:
    first = record.append("review", "a", {"round": 1})
    tombstone = record.purge("a", "lead-1", "retention period over")
    second = record.append("review", "a", {"round": 2})
    assert record.payload(first) is None
    assert record.payload(second) == {"round": 2}
    record.verify().check()
    record.purge("a", "lead-2", "retention period over again")
    assert record.payload(second) is None
    assert (record.payload(tombstone) or {})["who"] == "lead-1"
    record.verify().check()


@pytest.mark.parametrize(
    ("case_id", "who", "why", "message"),
    [
        ("b", "lead-1", "over", "the record holds nothing about case 'b'"),
        (NO_CASE, "lead-1", "over", "what belongs to no case can't be purged"),
        ("a", " ", "over", "a purge needs a person and a reason"),
        ("a", "lead-1", "", "a purge needs a person and a reason"),
    ],
)
def test_a_purge_that_is_refused_changes_nothing(
    record: Record, case_id: str, who: str, why: str, message: str
) -> None:
    entries = record.append_all([("review", "a", {"x": 1}), ("revision", NO_CASE, {"y": 2})])
    with pytest.raises(RecordError) as caught:
        record.purge(case_id, who, why)
    assert caught.value.message == message
    assert [record.payload(entry) for entry in entries] == [{"x": 1}, {"y": 2}]
    assert record.verify().check().entries == 2


def test_an_entry_of_another_record_has_no_payload_here(tmp_path: Path, record: Record) -> None:
    record.append("review", "a", {"x": 1})
    with Record.open(tmp_path / "other.db") as other:
        foreign = other.append("review", "a", {"x": 1})
    with pytest.raises(RecordDamaged, match="entry 1 is not in the record as it was read"):
        record.payload(foreign)


def test_threads_share_a_record(path: Path) -> None:
    with Record.open(path, patience=20) as record, ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: record.append("note", f"case-{number % 3}", {"number": number}), range(60)))
        assert [entry.seq for entry in record.entries()] == list(range(1, 61))
        assert sorted((record.payload(entry) or {})["number"] for entry in record.entries()) == list(range(60))  # type: ignore[type-var]
        record.verify().check()
