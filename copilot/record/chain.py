"""Adds entries to the chain and reads them back, within a transaction that the caller opened."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, Self

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, Row, insert, select, update

from copilot.errors import RecordDamaged, RecordError
from copilot.record.schema import case_keys, entries, head, payloads
from copilot.record.sealing import SALT_BYTES, Sealed, Sealer
from copilot.record.values import Entry, Payload

VERIFY = "run 'record verify' and compare the record with a backup; nothing was added"


AT_ONCE = 500
"""Rows fetched together."""


class End(NamedTuple):
    """Where the chain ends: the last entry's number and keyed digest, or 0 and the record's origin."""

    seq: int
    digest: str


class Stored(NamedTuple):
    """An entry together with what is kept of its payload."""

    entry: Entry
    key_of: str | None
    """Whose key the payload is encrypted under; none when the payload's row is missing."""
    digest: str | None
    sealed: Sealed | None
    """None after a purge."""
    wrapped_key: bytes | None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        entry = Entry.model_validate({name: getattr(row, name) for name in Entry.model_fields})
        emptied = row.nonce is None or row.ciphertext is None
        sealed = None if emptied else Sealed(bytes(row.nonce), bytes(row.ciphertext))
        return cls(entry, row.key_of, row.digest, sealed, row.wrapped_key)

    def opened(self, sealer: Sealer) -> bytes | None:
        """The payload in JSON, or nothing when it can't be decrypted."""
        if self.sealed is None or self.wrapped_key is None or self.key_of is None:
            return None
        return sealer.open(self.wrapped_key, self.key_of, self.sealed, *_bound(self.entry))


STORED = (
    select(entries, payloads.c.case_id.label("key_of"), payloads.c.digest, payloads.c.nonce, payloads.c.ciphertext)
    .add_columns(case_keys.c.wrapped_key)
    .outerjoin_from(entries, payloads, entries.c.payload_id == payloads.c.id)
    .outerjoin(case_keys, payloads.c.case_id == case_keys.c.case_id)
    .order_by(entries.c.seq)
)


@contextmanager
def readable() -> Iterator[None]:
    """RecordDamaged when a row read inside holds a value that an entry can't hold."""
    try:
        yield
    except (TypeError, ValueError):
        raise RecordDamaged("the record holds a value that can't be read", VERIFY) from None


def begin(connection: Connection, master: bytes) -> None:
    """The head of a new record. Two records under one master key still have different keys, by their salt."""
    salt = secrets.token_bytes(SALT_BYTES)
    sealer = Sealer(master, salt)
    signed = _signed(sealer, End(0, sealer.origin))
    connection.execute(insert(head).values(id=1, salt=salt, key_check=sealer.key_check, **signed))


def unlock(connection: Connection, master: bytes) -> Sealer:
    """What encrypts and signs for this record; RecordError when the key is another record's."""
    row = connection.execute(select(head)).one_or_none()
    if row is None:
        raise RecordDamaged("the record has lost its head", "restore it from a backup")
    sealer = Sealer(master, row.salt)
    if not sealer.signed(row.key_check, "key"):
        raise RecordError("the key does not belong to this record", "use the key that was beside the record")
    return sealer


def end(connection: Connection, sealer: Sealer) -> End:
    """Where to add, held until the transaction ends; RecordDamaged when the end was tampered with.

    Adding all the same would sign a chain whose last entries somebody cut off.
    """
    # Row locks are PostgreSQL's; SQLite has locked the whole record by now.
    row = connection.execute(select(head).with_for_update()).one_or_none()
    if row is None or not sealer.signed(row.seal, "head", row.seq, row.keyed_digest):
        raise RecordDamaged("the record's head was changed", VERIFY)
    signed = End(row.seq, row.keyed_digest)
    if last(connection, sealer) != signed:
        raise RecordDamaged(f"the record's last entry is not entry {signed.seq} as it was signed", VERIFY)
    return signed


def last(connection: Connection, sealer: Sealer) -> End:
    """The end as the entries show it, whatever the head says."""
    newest = select(entries.c.seq, entries.c.keyed_digest).order_by(entries.c.seq.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return End(row.seq, row.keyed_digest) if row else End(0, sealer.origin)


def move_head(connection: Connection, sealer: Sealer, new: End) -> None:
    connection.execute(update(head).values(**_signed(sealer, new)))


def add(connection: Connection, sealer: Sealer, after: End, unsaved: tuple[str, str, bytes], key_of: str) -> Entry:
    """One more link. The caller moves the head once all links are added."""
    kind, case_id, plain = unsaved
    payload_id = secrets.token_hex(16)
    sealed = _sealed(connection, sealer, plain, key_of, (payload_id, kind, case_id))
    seq, link = after.seq + 1, (kind, case_id, payload_id)
    keyed = entry_digest(sealer, seq, *link, sealed.digest, after.digest)
    connection.execute(
        insert(payloads).values(id=payload_id, case_id=key_of, digest=sealed.digest, **sealed._asdict()),
    )
    entry = Entry(seq=seq, kind=kind, case_id=case_id, payload_id=payload_id, keyed_digest=keyed, previous=after.digest)
    connection.execute(insert(entries).values(**entry.model_dump()))
    return entry


def entry_digest(sealer: Sealer, seq: int, *fields: str) -> str:
    """Over kind, case id, payload id, the encrypted payload's digest, and the previous keyed digest, in this order."""
    return sealer.sign("entry", seq, *fields)


def encoded(payload: Payload) -> bytes:
    """JSON in ASCII, so that lone surrogates survive too; RecordError without the content when it isn't JSON."""
    try:
        return json.dumps(payload, allow_nan=False, separators=(",", ":")).encode("ascii")
    except (TypeError, ValueError, RecursionError):
        raise RecordError("the payload is not JSON", "give model_dump(mode='json')") from None


def _sealed(connection: Connection, sealer: Sealer, plain: bytes, key_of: str, bound: tuple[str, ...]) -> Sealed:
    wrapped = connection.scalar(select(case_keys.c.wrapped_key).where(case_keys.c.case_id == key_of))
    if wrapped is None:
        wrapped = sealer.new_case_key(key_of)
        connection.execute(insert(case_keys).values(case_id=key_of, wrapped_key=wrapped))
    try:
        return sealer.seal(wrapped, key_of, plain, *bound)
    except (InvalidTag, ValueError):
        raise RecordDamaged(f"the key of case '{key_of}' was changed", VERIFY) from None


def _bound(entry: Entry) -> tuple[str, ...]:
    return entry.payload_id, entry.kind, entry.case_id


def _signed(sealer: Sealer, new: End) -> dict[str, str | int]:
    return {"seq": new.seq, "keyed_digest": new.digest, "seal": sealer.sign("head", new.seq, new.digest)}
