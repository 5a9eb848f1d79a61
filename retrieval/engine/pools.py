"""Pools: the passages that a search may return, worked out once for each set and kept while it is in use."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_KEPT = 64
"""Pools remembered: a day and a filter give a few each."""


class Placed(Protocol):
    """What knows the places of passages."""

    @property
    def places(self) -> Mapping[str, int]: ...


@dataclass(frozen=True, slots=True)
class Pool:
    """A set of passages by their places in a segment."""

    places: NDArray[np.int32]
    """In order."""
    mask: NDArray[np.bool_]

    @property
    def share(self) -> float:
        return len(self.places) / max(1, len(self.mask))


class Pools:
    """Turns sets of passage ids into places. A frozenset that comes again, as the same object, costs nothing."""

    def __init__(self, ids: Placed, count: int) -> None:
        self._ids = ids
        self._count = count
        self._kept: OrderedDict[int, tuple[frozenset[str], Pool]] = OrderedDict()
        self._lock = Lock()
        self._all = Pool(np.arange(count, dtype=np.int32), np.ones(count, dtype=np.bool_))

    def of(self, allowed: Collection[str] | None) -> Pool:
        """The pool of these ids; unknown ones are passed over. None means all."""
        if allowed is None:
            return self._all
        if not isinstance(allowed, frozenset):
            return self._made(allowed)
        # The set is kept beside its pool, so its identity can't be taken over by another one meanwhile.
        with self._lock:
            if found := self._kept.get(id(allowed)):
                self._kept.move_to_end(id(allowed))
                return found[1]
        pool = self._made(allowed)
        with self._lock:
            self._kept[id(allowed)] = (allowed, pool)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return pool

    def _made(self, allowed: Collection[str]) -> Pool:
        places = self._ids.places
        mask = np.zeros(self._count, dtype=np.bool_)
        mask[[at for id in allowed if (at := places.get(id)) is not None]] = True
        return Pool(np.flatnonzero(mask).astype(np.int32), mask)
