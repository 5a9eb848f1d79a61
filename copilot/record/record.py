"""The record's door: open, add, read, purge, verify."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from sqlalchemy import Connection, Select, delete, select, update

from copilot.base import now
from copilot.errors import RecordDamaged, RecordError
from copilot.record import chain, master_key, revisions, schema, verification
from copilot.record.database import Database, plain_file, url_of
from copilot.record.sealing import Sealer
from copilot.record.values import JSON, NO_CASE, PURGED, Entry, Payload, Unsaved, Verified


class Record:
    """An append-only, chained, encrypted record. One object may be used by many threads, one file by many processes."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        """Use `Record.open`."""
        self._database = database
        self._sealer = sealer

    @classmethod
    def open(
        cls, where: str | Path, *, key: bytes | None = None, key_file: str | Path | None = None, patience: float = 5.0
    ) -> Self:
        """The record at a path or SQLAlchemy URL; a new one where there is none.

        Its master key is 32 bytes, or in a key file; without either, in the file of the same name with ".key" added,
        which is created with a new record. A record of an older version is upgraded. `patience`: seconds to wait for
        other processes. RecordError and its kinds when it can't be opened, and nothing is changed then.
        """
        url = url_of(where)
        if key is None and key_file is None:
            key_file = _beside(plain_file(url))
        database = Database(url, patience)
        try:
            return cls(database, _unlocked(database, key, key_file))
        except BaseException:
            database.close()
            raise

    def append(self, kind: str, case_id: str, payload: Payload) -> Entry:
        """Adds one entry; when this returns, it is on the disk."""
        return self.append_all([(kind, case_id, payload)])[0]

    def append_all(self, unsaved: Iterable[Unsaved]) -> tuple[Entry, ...]:
        """Adds all of them, one after the other, or none."""
        checked = [(_kind(kind), _case_id(case_id), chain.encoded(payload)) for kind, case_id, payload in unsaved]
        with self._database.writing() as connection:
            return self._added(connection, [(new, new[1]) for new in checked])

    def entries(self, case_id: str | None = None, kind: str | None = None, after: int = 0) -> Iterator[Entry]:
        """Entries in order, those after number `after`; ones that are added meanwhile come too.

        No transaction stays open between entries, so the caller may take time or add entries.
        """
        wanted = _of(case_id, kind).order_by(schema.entries.c.seq).limit(chain.AT_ONCE)
        while found := self._found(wanted.where(schema.entries.c.seq > after)):
            yield from found
            after = found[-1].seq

    def latest(self, kind: str, case_id: str) -> Entry | None:
        """The last entry of this kind about this case."""
        found = self._found(_of(case_id, kind).order_by(schema.entries.c.seq.desc()).limit(1))
        return found[0] if found else None

    def payload(self, entry: Entry) -> dict[str, JSON] | None:
        """What the entry says, or none when its case was purged; RecordDamaged when it is lost or was changed."""
        with self._database.reading() as connection, chain.readable():
            row = connection.execute(chain.STORED.where(schema.entries.c.seq == entry.seq)).one_or_none()
            stored = None if row is None else chain.Stored.of(row)
            if stored is None or stored.entry != entry:
                raise RecordDamaged(f"entry {entry.seq} is not in the record as it was read", chain.VERIFY)
            if stored.sealed is None and stored.digest is not None and _purged_after(connection, entry):
                return None
        plain = stored.opened(self._sealer)
        if plain is None:
            raise RecordDamaged(f"what entry {entry.seq} says is lost or was changed", chain.VERIFY)
        return cast("dict[str, JSON]", json.loads(plain))

    def purge(self, case_id: str, who: str, why: str) -> Entry:
        """Destroys all that the record holds about a case, and its key; the tombstone says who did it, why and when.

        The tombstone is the record's own and can't be purged: `why` must not repeat the case. Whether anything obliges
        to keep the case is for the caller to ask first. Backups of the file keep what they hold.
        """
        if case_id == NO_CASE:
            raise RecordError("what belongs to no case can't be purged", "name a case")
        if not who.strip() or not why.strip():
            raise RecordError("a purge needs a person and a reason", "say who purges the case, and why")
        payload = {"who": who, "why": why, "at": now().isoformat()}
        tombstone = PURGED, _case_id(case_id), chain.encoded(payload)
        with self._database.writing() as connection:
            # The tombstone first: adding holds the end of the chain, so nobody adds to the case between the two.
            (entry,) = self._added(connection, [(tombstone, NO_CASE)])
            _destroy(connection, case_id)
        # The purge is done by now. What can't be erased from the log yet goes at its next checkpoint.
        with suppress(RecordError):
            self._database.empty_log()
        return entry

    def verify(self, expected_head: str | None = None) -> Verified:
        """Walks the whole chain; `expected_head` is the head of an earlier verification, which must still be in it."""
        with self._database.reading() as connection:
            return verification.verify(connection, self._sealer, expected_head)

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _added(
        self, connection: Connection, unsaved: Iterable[tuple[tuple[str, str, bytes], str]]
    ) -> tuple[Entry, ...]:
        """The entries of new links, each given with whose key encrypts it."""
        end, added = chain.end(connection, self._sealer), []
        for new, key_of in unsaved:
            added.append(chain.add(connection, self._sealer, end, new, key_of))
            end = chain.End(added[-1].seq, added[-1].keyed_digest)
        chain.move_head(connection, self._sealer, end)
        return tuple(added)

    def _found(self, wanted: Select[tuple[object, ...]]) -> list[Entry]:
        with self._database.reading() as connection, chain.readable():
            return [Entry.model_validate(dict(row)) for row in connection.execute(wanted).mappings()]


def _unlocked(database: Database, key: bytes | None, key_file: str | Path | None) -> Sealer:
    """What encrypts and signs, after creating or upgrading the tables where that is needed."""
    if (key is None) == (key_file is None):
        raise RecordError("the record needs one key", "give either the key or a key file")
    with database.reading() as connection:
        new = revisions.is_new(connection)
        if not new and revisions.is_current(connection):
            return chain.unlock(connection, _master(key, key_file, new))
    # The key is there before the record is: whoever sees a record without a key knows that it was lost.
    master = _master(key, key_file, new)
    with database.writing() as connection:
        # Another process may have been faster.
        new = revisions.is_new(connection)
        if new or not revisions.is_current(connection):
            revisions.upgrade(connection)
        if new:
            chain.begin(connection, master)
        return chain.unlock(connection, master)


def _master(key: bytes | None, key_file: str | Path | None, new: bool) -> bytes:
    return master_key.from_file(Path(key_file or ""), may_create=new) if key is None else master_key.checked(key)


def _beside(file: Path | None) -> Path | None:
    return None if file is None else file.with_name(file.name + ".key")


def _kind(kind: str) -> str:
    if kind == PURGED:
        raise RecordError(f"'{PURGED}' is the kind of tombstones", "use purge()")
    if not kind or not kind.isascii() or not kind.isprintable():
        raise RecordError("an entry's kind is a short printable ASCII word", "for example 'decision'")
    return kind


def _case_id(case_id: str) -> str:
    """Refuses only what a database can't store; the id isn't repeated, since it can't be printed either."""
    if "\0" in case_id or any("\ud800" <= letter <= "\udfff" for letter in case_id):
        raise RecordError("a case id holds a character that can't be stored", "remove NUL and lone surrogates")
    return case_id


def _of(case_id: str | None, kind: str | None) -> Select[tuple[object, ...]]:
    wanted: Select[tuple[object, ...]] = select(schema.entries)
    if case_id is not None:
        wanted = wanted.where(schema.entries.c.case_id == case_id)
    return wanted if kind is None else wanted.where(schema.entries.c.kind == kind)


def _purged_after(connection: Connection, entry: Entry) -> bool:
    if entry.kind == PURGED:
        return False  # tombstones outlive every purge
    tombstones = _of(entry.case_id, PURGED).where(schema.entries.c.seq > entry.seq).limit(1)
    return connection.execute(tombstones).first() is not None


def _destroy(connection: Connection, case_id: str) -> None:
    """The case's key and ciphertext; the rows and digests of its payloads stay for the chain."""
    keys, kept = schema.case_keys, schema.payloads
    if not connection.execute(delete(keys).where(keys.c.case_id == case_id)).rowcount:
        raise RecordError(f"the record holds nothing about case '{case_id}'", "look the case's id up")
    connection.execute(update(kept).where(kept.c.case_id == case_id).values(nonce=None, ciphertext=None))
