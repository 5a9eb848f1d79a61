from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from copilot.errors import RecordDamaged
from copilot.record import Entry, Problem, Record, Verified

SWAP = """
UPDATE entries SET seq = 99 WHERE seq = 2;
UPDATE entries SET seq = 2 WHERE seq = 3;
UPDATE entries SET seq = 3 WHERE seq = 99;
"""

COPY_TAIL = """
INSERT INTO payloads SELECT 'x', case_id, nonce, ciphertext, digest FROM payloads
  WHERE id = (SELECT payload_id FROM entries WHERE seq = 5);
INSERT INTO entries SELECT 6, kind, case_id, 'x', keyed_digest, keyed_digest FROM entries WHERE seq = 5;
"""

# Entries 1 to 5: a, b, a, b, and the tombstone of b.
TAMPERED: dict[str, tuple[str, list[str]]] = {
    "kind": ("UPDATE entries SET kind = 'other' WHERE seq = 3", ["entry 3: was changed"]),
    "case": ("UPDATE entries SET case_id = 'b' WHERE seq = 1", ["entry 1: was changed"]),
    "digest": (
        "UPDATE entries SET keyed_digest = 'x' WHERE seq = 3",
        ["entry 3: was changed", "entry 4: does not follow the entry before it"],
    ),
    "previous": (
        "UPDATE entries SET previous = 'x' WHERE seq = 3",
        ["entry 3: does not follow the entry before it", "entry 3: was changed"],
    ),
    "removed first": ("DELETE FROM entries WHERE seq = 1", ["entry 2: entries 1 to 1 before it are missing"]),
    "removed": ("DELETE FROM entries WHERE seq IN (2, 3)", ["entry 4: entries 2 to 3 before it are missing"]),
    "cut off": ("DELETE FROM entries WHERE seq = 5", ["entry 5: missing, with all up to entry 5"]),
    "emptied": ("DELETE FROM entries", ["entry 1: missing, with all up to entry 5"]),
    "reordered": (
        SWAP,
        [
            "entry 2: does not follow the entry before it",
            "entry 2: was changed",
            "entry 3: does not follow the entry before it",
            "entry 3: was changed",
            "entry 4: does not follow the entry before it",
        ],
    ),
    "before the first": ("UPDATE entries SET seq = 0 WHERE seq = 1", ["entry 0: comes before the first entry"]),
    "forged end": (COPY_TAIL, ["entry 6: was changed", "its signed end is entry 5"]),
    "head": ("UPDATE head SET seq = 4", ["its head was changed"]),
    "cut off with its head": (
        """UPDATE head SET seq = 4, keyed_digest = (SELECT keyed_digest FROM entries WHERE seq = 4);
        DELETE FROM entries WHERE seq = 5""",
        ["its head was changed"],
    ),
    "seal": ("UPDATE head SET seal = 'é'", ["its head was changed"]),
    "no head": ("DELETE FROM head", ["its head was changed"]),
    "payload": (
        "UPDATE payloads SET ciphertext = zeroblob(40) WHERE id = (SELECT payload_id FROM entries WHERE seq = 3)",
        ["entry 3: its payload was changed"],
    ),
    "payload digest": (
        "UPDATE payloads SET digest = 'x' WHERE id = (SELECT payload_id FROM entries WHERE seq = 2)",
        ["entry 2: was changed"],
    ),
    "payload emptied": (
        "UPDATE payloads SET ciphertext = NULL WHERE id = (SELECT payload_id FROM entries WHERE seq = 3)",
        ["entry 3: its payload is missing, and no tombstone says why"],
    ),
    "payload removed": (
        "DELETE FROM payloads WHERE id = (SELECT payload_id FROM entries WHERE seq = 3)",
        ["entry 3: its payload is missing"],
    ),
    "payload of a purged case removed": (
        "DELETE FROM payloads WHERE id = (SELECT payload_id FROM entries WHERE seq = 2)",
        ["entry 2: its payload is missing"],
    ),
    "payload put back": (
        "UPDATE payloads SET ciphertext = x'00', nonce = x'00' WHERE case_id = 'b'",
        ["entry 4: was purged, but its payload is still there"],
    ),
    "payload moved": (
        "UPDATE payloads SET case_id = '' WHERE id = (SELECT payload_id FROM entries WHERE seq = 1)",
        ["entry 1: its payload can't be decrypted"],
    ),
    "key removed": (
        "DELETE FROM case_keys WHERE case_id = 'a'",
        ["entry 1: its payload can't be decrypted", "entry 3: its payload can't be decrypted"],
    ),
    "key changed": (
        "UPDATE case_keys SET wrapped_key = x'00' WHERE case_id = ''",
        ["entry 5: its payload can't be decrypted"],
    ),
    "tombstone removed": (
        "DELETE FROM entries WHERE seq = 5",
        ["entry 2: its payload is missing, and no tombstone says why"],
    ),
    "tombstone forged": ("UPDATE entries SET kind = 'purged' WHERE seq = 1", ["entry 1: was changed"]),
    "tombstone emptied": (
        "UPDATE payloads SET ciphertext = NULL WHERE case_id = ''",
        ["entry 5: its payload is missing, and no tombstone says why"],
    ),
    "impossible value": (
        "UPDATE entries SET kind = x'ff' WHERE seq = 3",
        ["entry 3: can't be read; nothing after it was verified"],
    ),
    "impossible payload": (
        "UPDATE payloads SET nonce = 'text' WHERE id = (SELECT payload_id FROM entries WHERE seq = 3)",
        ["entry 3: can't be read; nothing after it was verified"],
    ),
    "loose payload": (
        "INSERT INTO payloads VALUES ('x', 'a', NULL, NULL, 'x')",
        ["payloads that belong to no entry: 1"],
    ),
}


def tamper(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def fill(record: Record) -> list[Entry]:
    for case_id in ("a", "b", "a", "b"):
        record.append("note", case_id, {"text": "an abstract note"})
    record.purge("b", "lead-1", "retention period over")
    return list(record.entries())


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_tampered_with_is_found(path: Path, record: Record, name: str) -> None:
    fill(record)
    record.verify().check()
    script, expected = TAMPERED[name]
    tamper(path, script)
    verified = record.verify()
    found = [str(problem) for problem in verified.problems]
    assert [want for want in expected if not any(problem.startswith(want) for problem in found)] == [], found
    with pytest.raises(RecordDamaged, match="the record does not verify: "):
        verified.check()


@pytest.mark.parametrize("name", ["cut off", "emptied", "forged end", "head", "seal", "no head"])
def test_nothing_is_added_after_an_end_that_was_tampered_with(path: Path, record: Record, name: str) -> None:
    fill(record)
    tamper(path, TAMPERED[name][0])
    before = record.verify()
    with pytest.raises(RecordDamaged, match="nothing was added"):
        record.append("note", "c", {})
    assert record.verify() == before


@pytest.mark.parametrize(
    "name", ["payload", "payload emptied", "payload removed", "key removed", "kind", "impossible payload"]
)
def test_a_lost_payload_is_never_taken_for_a_purged_one(path: Path, record: Record, name: str) -> None:
    entry = fill(record)[2]
    tamper(path, TAMPERED[name][0])
    with pytest.raises(RecordDamaged):
        record.payload(entry)


def test_a_lost_tombstone_is_never_taken_for_a_purged_one(path: Path, record: Record) -> None:
    tombstone = fill(record)[-1]
    record.append("note", "b", {})
    record.purge("b", "lead-1", "retention period over")
    tamper(path, TAMPERED["tombstone emptied"][0])
    with pytest.raises(RecordDamaged, match="what entry 5 says is lost"):
        record.payload(tombstone)


def test_a_changed_key_takes_no_new_entries(path: Path, record: Record) -> None:
    record.append("note", "a", {})
    tamper(path, "UPDATE case_keys SET wrapped_key = zeroblob(60)")
    with pytest.raises(RecordDamaged, match="the key of case 'a' was changed"):
        record.append("note", "a", {})


def test_an_impossible_value_is_damage_when_read(path: Path, record: Record) -> None:
    fill(record)
    tamper(path, TAMPERED["impossible value"][0])
    with pytest.raises(RecordDamaged, match="a value that can't be read"):
        list(record.entries())


def test_a_record_without_its_head_does_not_open(path: Path, record: Record) -> None:
    tamper(path, "DELETE FROM head")
    with pytest.raises(RecordDamaged, match="lost its head"):
        Record.open(path)


def test_an_older_copy_is_found_by_a_head_that_was_written_down(tmp_path: Path, path: Path) -> None:
    with Record.open(path) as record:
        empty = record.verify().head
        record.append("note", "a", {})
        early = record.verify().head
    shutil.copy(path, tmp_path / "copy.db")
    with Record.open(path) as record:
        record.append("note", "a", {})
        late = record.verify().head
        for head in (empty, early, late):
            record.verify(expected_head=head).check()
    with Record.open(tmp_path / "copy.db", key_file=f"{path}.key") as copy:
        copy.verify(expected_head=early).check()
        (problem,) = copy.verify(expected_head=late).problems
        assert problem.seq is None and problem.what.startswith("the expected head is not in it")


def test_an_error_names_the_first_problems_and_counts_the_rest() -> None:
    problems = tuple(Problem(seq=seq, what="was changed") for seq in range(1, 8))
    with pytest.raises(RecordDamaged) as caught:
        Verified(entries=7, head="x", problems=problems).check()
    assert caught.value.message.startswith("the record does not verify: entry 1: was changed, entry 2: was changed, ")
    assert caught.value.message.endswith("entry 5: was changed, and 2 more")
    assert caught.value.hint
