"""Walks the whole chain and names everything that does not hold.

What this cannot see by itself: an older copy of the whole record put in the place of the newer one. A head that was
written down elsewhere shows it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from copilot.record.chain import AT_ONCE, STORED, End, Stored, entry_digest
from copilot.record.schema import entries, head, payloads
from copilot.record.sealing import Sealer
from copilot.record.values import PURGED, Problem, Verified


def verify(connection: Connection, sealer: Sealer, expected_head: str | None) -> Verified:
    """What holds within this transaction's view of the record."""
    walk = _Walk(sealer, _tombstones(connection), expected_head)
    problems = list(walk.through(connection))
    problems += _end_problems(connection, sealer, walk.end)
    problems += _loose_payloads(connection)
    if not walk.saw_expected:
        what = "the expected head is not in it: its end was cut off, or an older copy was put in its place"
        problems.append(Problem(seq=None, what=what))
    return Verified(entries=walk.count, head=walk.end.digest, problems=tuple(problems))


class _Walk:
    """From the first entry to the last."""

    def __init__(self, sealer: Sealer, tombstones: dict[str, int], expected_head: str | None) -> None:
        self.sealer = sealer
        self.tombstones = tombstones
        self.expected = expected_head
        self.end = End(0, sealer.origin)
        self.count = 0
        self.saw_expected = expected_head in (None, sealer.origin)

    def through(self, connection: Connection) -> Iterator[Problem]:
        rows = connection.execution_options(yield_per=AT_ONCE).execute(STORED)
        try:
            for stored in map(Stored.of, rows):
                yield from (Problem(seq=stored.entry.seq, what=what) for what in self._step(stored))
        except (TypeError, ValueError):
            yield Problem(seq=self.end.seq + 1, what="can't be read; nothing after it was verified")

    def _step(self, stored: Stored) -> Iterator[str]:
        entry = stored.entry
        if entry.seq <= 0:
            yield "comes before the first entry"
        elif entry.seq != self.end.seq + 1:
            yield f"entries {self.end.seq + 1} to {entry.seq - 1} before it are missing"
        elif entry.previous != self.end.digest:
            yield "does not follow the entry before it"
        yield from self._link_problems(stored)
        yield from self._payload_problems(stored)
        self.end = End(entry.seq, entry.keyed_digest)
        self.count += 1
        self.saw_expected |= entry.keyed_digest == self.expected

    def _link_problems(self, stored: Stored) -> Iterator[str]:
        entry = stored.entry
        if stored.digest is None:
            return  # without the payload's row there is nothing to compute the digest from; that is a problem already
        fields = (entry.kind, entry.case_id, entry.payload_id, stored.digest, entry.previous)
        if entry.keyed_digest != entry_digest(self.sealer, entry.seq, *fields):
            yield "was changed"

    def _payload_problems(self, stored: Stored) -> Iterator[str]:
        purged = stored.entry.kind != PURGED and self.tombstones.get(stored.entry.case_id, 0) > stored.entry.seq
        if stored.digest is None:
            yield "its payload is missing"
        elif stored.sealed is None:
            if not purged:
                yield "its payload is missing, and no tombstone says why"
        elif purged:
            yield "was purged, but its payload is still there"
        elif stored.sealed.digest != stored.digest:
            yield "its payload was changed"
        elif stored.opened(self.sealer) is None:
            yield "its payload can't be decrypted"


def _tombstones(connection: Connection) -> dict[str, int]:
    """The last purge of each case. A forged one is found as an entry that was changed."""
    last = select(entries.c.case_id, func.max(entries.c.seq)).where(entries.c.kind == PURGED)
    return {case_id: seq for case_id, seq in connection.execute(last.group_by(entries.c.case_id))}


def _end_problems(connection: Connection, sealer: Sealer, end: End) -> Iterator[Problem]:
    row = connection.execute(select(head)).one_or_none()
    if row is None or not sealer.signed(row.seal, "head", row.seq, row.keyed_digest):
        yield Problem(seq=None, what="its head was changed")
    elif row.seq > end.seq:
        yield Problem(seq=end.seq + 1, what=f"missing, with all up to entry {row.seq}")
    elif End(row.seq, row.keyed_digest) != end:
        yield Problem(seq=None, what=f"its signed end is entry {row.seq}, which is not the last entry as it stands")


def _loose_payloads(connection: Connection) -> Iterator[Problem]:
    used = select(entries.c.seq).where(entries.c.payload_id == payloads.c.id).exists()
    loose = connection.scalar(select(func.count()).select_from(payloads).where(~used)) or 0
    if loose:
        yield Problem(seq=None, what=f"payloads that belong to no entry: {loose}")
