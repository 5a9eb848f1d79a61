"""The record: everything that was decided, in an order that cannot be changed unnoticed.

    with Record.open("var/record.db") as record:
        entry = record.append("decision", case.id, decision.model_dump(mode="json"))
        record.payload(entry)
        record.verify().check()

What an entry says is encrypted under a key of its case; the chain of entries is signed. Purging a case destroys its key
and leaves the chain whole.
"""

from copilot.record.record import Record
from copilot.record.values import JSON, NO_CASE, PURGED, Entry, Payload, Problem, Unsaved, Verified

__all__ = ["JSON", "NO_CASE", "PURGED", "Entry", "Payload", "Problem", "Record", "Unsaved", "Verified"]
