"""Contents: postings turned round, so that chosen passages are scored by what they hold, whatever else holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.engine.postings import Postings


@dataclass(frozen=True, slots=True)
class Contents:
    """For each passage its words and how much each says there."""

    postings: Postings
    passages: Any
    """A sparse matrix of weights (passages, words), words by their number among the postings' words."""

    @classmethod
    def of(cls, postings: Postings) -> Contents:
        """Takes 8 bytes a posting, and two seconds for a million passages of sixty words."""
        number = np.int32 if len(postings.places) <= np.iinfo(np.int32).max else np.int64
        by_word = (postings.weights, postings.places, postings.starts.astype(number))
        return cls(postings, _sparse().csc_array(by_word, shape=(postings.count, len(postings.hashes))).tocsr())

    def scores(self, places: NDArray[np.int32], queries: Sequence[Mapping[str, float]]) -> NDArray[np.float32]:
        """The scores of these passages for each query (word to its factor): (passages, queries)."""
        names = {word: number for number, word in enumerate(dict.fromkeys(word for one in queries for word in one))}
        numbers, there = self.postings.numbers(list(names))
        # The last row stands for all words that no query has.
        factors = np.zeros((len(names) + 1, len(queries)))
        for at, query in enumerate(queries):
            factors[[names[word] for word in query], at] = list(query.values())
        known = np.full(len(self.postings.hashes), len(names), dtype=np.int32)
        known[numbers[there]] = np.flatnonzero(there)
        held = self.passages[places]
        asked = (held.data, known[held.indices], held.indptr)
        sums: NDArray[np.float64] = _sparse().csr_array(asked, shape=(len(places), len(factors))) @ factors
        return sums.astype(np.float32)


def _sparse() -> Any:
    """Slow to import, and needed for large indexes only."""
    return import_module("scipy.sparse")
