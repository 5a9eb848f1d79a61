"""Subsets: sets of passage ids that are parts of one list, so that a filter is an array and no hashing of ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from policy_corpus import Clause, Pack, Precedent


class Listing:
    """Passage ids in a fixed order. What looks them up elsewhere can do so once for all of its subsets."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids = ids

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Where each id stands."""
        return {id: at for at, id in enumerate(self.ids)}


class Subset(Collection[str]):
    """Some ids of a listing, as a mask over it."""

    def __init__(self, listing: Listing, mask: NDArray[np.bool_]) -> None:
        self.listing = listing
        self.mask = mask

    @cached_property
    def _count(self) -> int:
        return int(np.count_nonzero(self.mask))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        ids = self.listing.ids
        return (ids[at] for at in np.flatnonzero(self.mask).tolist())

    def __contains__(self, id: object) -> bool:
        at = self.listing.numbers.get(id) if isinstance(id, str) else None
        return at is not None and bool(self.mask[at])

    @cached_property
    def ids(self) -> frozenset[str]:
        """The same as a set, made once: for asking of very many ids."""
        return frozenset(self)

    def without(self, other: Subset) -> Subset:
        """What the other, of the same listing, doesn't hold."""
        return Subset(self.listing, self.mask & ~other.mask)


class Sources:
    """A pack's clauses and precedents, and the listing of all their passages."""

    def __init__(self, pack: Pack, before: Sources | None = None) -> None:
        """With the sources of an earlier state of the pack, what both share as the same objects is not read again."""
        read = before._read if before else {}
        named: list[tuple[str, Clause | Precedent]] = [(clause.ref, clause) for clause in pack.clauses]
        named += [(precedent.id, precedent) for precedent in pack.precedents]
        self._read: dict[str, _Read] = {}
        for name, source in named:
            known = read.get(name)
            same = known is not None and known[0] is source
            self._read[name] = known if known and same else (source, tuple(one.id for one in source.passages()))
        self._numbers = {name: at for at, name in enumerate(self._read)}
        self._sizes = np.array([len(ids) for _, ids in self._read.values()], dtype=np.int64)
        self._listing = Listing([id for _, ids in self._read.values() for id in ids])

    def passages(self, sources: Iterable[str]) -> Subset:
        """All passages of these sources, by `CLAUSE@version` or a precedent's id."""
        chosen = np.zeros(len(self._sizes), dtype=np.bool_)
        chosen[[self._numbers[source] for source in sources]] = True
        return Subset(self._listing, np.repeat(chosen, self._sizes))


_Read: TypeAlias = tuple[Clause | Precedent, tuple[str, ...]]
"""A source and the ids of its passages."""
