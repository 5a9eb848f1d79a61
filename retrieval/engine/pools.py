"""Pools: the passages that a search may return, worked out once for each set and kept while it is in use."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.subsets import Listing, Subset

_KEPT = 64
"""Pools remembered: a day and a filter give a few each."""

_LISTINGS = 4
"""Listings whose places are remembered: one for each state of a pack that is in use."""


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
    """Turns sets of passage ids into places. A frozenset or subset that comes again, as the same object, costs nothing;
    nor do the ids of a listing of which another subset came."""

    def __init__(self, ids: Placed, count: int) -> None:
        self._ids = ids
        self._count = count
        self._kept: OrderedDict[int, tuple[Collection[str], Pool]] = OrderedDict()
        self._listed: OrderedDict[int, tuple[Listing, NDArray[np.int32]]] = OrderedDict()
        self._lock = Lock()
        self._all = Pool(np.arange(count, dtype=np.int32), np.ones(count, dtype=np.bool_))

    def of(self, allowed: Collection[str] | None) -> Pool:
        """The pool of these ids; unknown ones are passed over. None means all."""
        if allowed is None:
            return self._all
        if not isinstance(allowed, frozenset | Subset):
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
        mask = np.zeros(self._count + 1, dtype=np.bool_)
        if isinstance(allowed, Subset):
            mask[self._places(allowed.listing)[allowed.mask]] = True
        else:
            places = self._ids.places
            mask[[places.get(id, self._count) for id in allowed]] = True
        # The last one stands for all that are unknown.
        return Pool(np.flatnonzero(mask[:-1]).astype(np.int32), mask[:-1])

    def _places(self, listing: Listing) -> NDArray[np.int32]:
        """The place of each id of the listing; one beyond the last for those that are unknown."""
        with self._lock:
            if found := self._listed.get(id(listing)):
                self._listed.move_to_end(id(listing))
                return found[1]
        places = self._ids.places
        made = np.fromiter((places.get(id, self._count) for id in listing.ids), np.int32, len(listing.ids))
        with self._lock:
            self._listed[id(listing)] = (listing, made)
            while len(self._listed) > _LISTINGS:
                self._listed.popitem(last=False)
        return made
