"""What the record takes and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self, TypeAlias

from copilot.base import Strict
from copilot.errors import RecordDamaged

JSON: TypeAlias = "None | bool | int | float | str | Sequence[JSON] | Mapping[str, JSON]"
Payload: TypeAlias = "Mapping[str, JSON]"
"""What an entry says. Its times are inside, as RFC 3339 in UTC."""

Unsaved: TypeAlias = tuple[str, str, Payload]
"""Kind, case id and payload of an entry to be."""

NO_CASE = ""
"""The case id of entries that belong to no case, such as promoted precedents. They cannot be purged."""

PURGED = "purged"
"""The kind of the tombstone that a purge leaves behind. Only `Record.purge` writes it."""

SHOWN = 5
"""How many problems an error message names."""


class Entry(Strict):
    """One link of the chain. What it says is its payload, kept apart."""

    seq: int
    """1, 2, 3, … without gaps."""
    kind: str
    case_id: str
    """Stored in the clear, so it must be a number or name that tells nothing about a person."""
    payload_id: str
    keyed_digest: str
    """HMAC-SHA256 over everything else here and the digest of the encrypted payload, in hexadecimal."""
    previous: str
    """The keyed digest of the entry before this one."""


class Problem(Strict):
    """Something that does not verify."""

    seq: int | None
    """The entry that it is about, or none for the record as a whole."""
    what: str

    def __str__(self) -> str:
        return self.what if self.seq is None else f"entry {self.seq}: {self.what}"


class Verified(Strict):
    """What a verification found."""

    entries: int
    head: str
    """The last entry's keyed digest. Written down elsewhere, it lets `verify(expected_head=…)` find a cut-off end."""
    problems: tuple[Problem, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.problems

    def check(self) -> Self:
        """Itself when nothing was found; RecordDamaged otherwise."""
        if self.passed:
            return self
        named = ", ".join(str(problem) for problem in self.problems[:SHOWN])
        more = len(self.problems) - SHOWN
        raise RecordDamaged(
            f"the record does not verify: {named}" + (f", and {more} more" if more > 0 else ""),
            "keep this file as it is and compare it with a backup",
        )
