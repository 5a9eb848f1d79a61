"""Passages about couriers, a model that misjudges some of them, and a long text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval import BruteForceIndex
from retrieval.embedders.base import Vectors
from retrieval.nearness import Nearness, Query
from tests.retrieval.corpus import passage

QUOTED = [
    passage(
        f"quoted-{at}@1#rule", f"A {thing} that was left {where} belongs to the sender until it has been signed for."
    )
    for at, (thing, where) in enumerate([("parcel", "in the rain"), ("letter", "at the gate"), ("crate", "on a cart")])
]
OTHERS = [
    passage(f"other-{at}@1#rule", f"The courier of street {at} was late, and the sender of letter {at} waited in vain.")
    for at in range(150)
]
POOL = frozenset(one.id for one in [*QUOTED, *OTHERS])
STORY = [f"On day {at} the courier came to street {at * 7} and the sender waited for a letter." for at in range(30)]


class Misled:
    """A model that finds some passages far from everything that is asked, and all others near."""

    name = fingerprint = "misled"
    dimension, window = 2, 100

    def embed(self, texts: Sequence[str]) -> Vectors:
        far = [any(text.endswith(one.text) for one in QUOTED) for text in texts]
        return np.array([(0.0, 1.0) if is_far else (1.0, 0.0) for is_far in far], dtype=np.float32)


def nearness() -> Nearness:
    index = BruteForceIndex(Misled())
    index.sync([*QUOTED, *OTHERS])
    return Nearness([*QUOTED, *OTHERS], index)


def read(found: Nearness, text: str) -> Query:
    query = found.read(text)
    assert query is not None
    return query
