"""A fitted forest of decision trees as a few flat arrays: read in a moment, walked by all trees at once, and no pickle.

Source of the method: Geurts, Ernst, Wehenkel, Extremely Randomized Trees (2006). Whatever fits them, only their splits
and their leaves' shares are kept, so that answering needs no learning library.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

LEAF = -1
"""In place of a sign, for a node that splits no further."""
_KINDS = {"signs": "<i1", "limits": "<f2", "others": "<i2", "shares": "<f2"}


@dataclass(frozen=True, eq=False)
class Forest:
    """Trees one after another, each node before its branches: the branch up to the limit is the next node."""

    signs: npt.NDArray[np.int8]
    """(nodes,): the number of the sign that a node asks for, or `LEAF`."""
    limits: npt.NDArray[np.float16]
    """(nodes,): up to this value it goes on to the next node."""
    others: npt.NDArray[np.int16]
    """(nodes,): beyond it, to the node that many places further."""
    shares: npt.NDArray[np.float16]
    """(nodes,): at a leaf, the share of right drafts (0–1)."""
    starts: npt.NDArray[np.int32]
    """(trees,): each tree's first node."""

    @classmethod
    def of(cls, trees: Sequence[Self]) -> Self:
        """One forest of all these trees."""
        sizes = np.cumsum([0, *(len(tree.signs) for tree in trees[:-1])])
        signs, limits, others, shares = (
            np.concatenate([getattr(tree, name) for tree in trees]) for name in ("signs", "limits", "others", "shares")
        )
        starts = np.concatenate([tree.starts + size for tree, size in zip(trees, sizes, strict=True)])
        return cls(signs, limits, others, shares, starts.astype(np.int32))

    def chance(self, values: Sequence[float]) -> float:
        """The mean over all trees for a draft with these signs (0–1)."""
        held = np.asarray(values, dtype=np.float32)
        at = self.starts.astype(np.int64)
        while True:
            signs = self.signs[at]
            if (signs == LEAF).all():
                return float(self.shares[at].astype(np.float64).mean())
            onward = np.where(held[signs] <= self.limits[at], at + 1, at + self.others[at])
            at = np.where(signs == LEAF, at, onward)

    def dump(self) -> str:
        """As text."""
        head = np.array([len(self.starts), len(self.signs)], dtype="<i4")
        parts = [head, self.starts.astype("<i4"), *(getattr(self, name).astype(kind) for name, kind in _KINDS.items())]
        return base64.b85encode(zlib.compress(b"".join(part.tobytes() for part in parts), 9)).decode()

    @classmethod
    def load(cls, text: str) -> Self:
        """What `dump` wrote.

        Raises:
            ValueError: it is no forest, or not every walk through it ends at a share.
        """
        try:
            held = zlib.decompress(base64.b85decode(text))
        except zlib.error as error:
            raise ValueError(f"not a forest: {error}") from error
        if len(held) < 8:
            raise ValueError("not a forest: it ends too early")
        trees, nodes = (int(count) for count in np.frombuffer(held, dtype="<i4", count=2))
        sizes = {"starts": ("<i4", trees), **{name: (kind, nodes) for name, kind in _KINDS.items()}}
        if trees < 1 or 8 + sum(np.dtype(kind).itemsize * count for kind, count in sizes.values()) != len(held):
            raise ValueError("not a forest: its parts don't fit together")
        parts, place = {}, 8
        for name, (kind, count) in sizes.items():
            parts[name] = np.frombuffer(held, dtype=kind, count=count, offset=place)
            place += np.dtype(kind).itemsize * count
        forest = cls(**parts)
        if not forest._sound():
            raise ValueError("not a forest: a walk through it leaves its tree, never ends, or ends at no share")
        return forest

    def _sound(self) -> bool:
        """Whether every walk goes on within its tree and ends at a share between 0 and 1."""
        nodes, starts = np.arange(len(self.signs)), self.starts.astype(np.int64)
        if starts[0] != 0 or (np.diff(starts) < 1).any() or starts[-1] >= len(nodes):
            return False
        ends = np.append(starts[1:], len(nodes))[np.searchsorted(starts, nodes, side="right") - 1]
        goes_on = (self.others >= 2) & (nodes + self.others < ends) & np.isfinite(self.limits)
        told = (self.shares >= 0) & (self.shares <= 1)
        return bool((self.signs >= LEAF).all() and np.where(self.signs == LEAF, told, goes_on).all())


__all__ = ["LEAF", "Forest"]
