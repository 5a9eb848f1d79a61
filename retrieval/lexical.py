"""Lexical search: BM25 over passages, for the words that meaning alone would blur. Titles count as text.

A word's rarity is ln(1 + (N − n + ½) / (n + ½)) for n of N passages; the constants are in `retrieval.engine.postings`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import log

import numpy as np

from policy_corpus import Passage
from retrieval.engine.layers import Layers
from retrieval.engine.segment import made
from retrieval.engine.telling import telling


class LexicalIndex:
    """Passages by their words."""

    def __init__(self, layers: Layers) -> None:
        self._layers = layers

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> LexicalIndex:
        """In memory, for an index that keeps vectors only."""
        held = list({passage.id: passage for passage in passages}.values())
        blank = (np.zeros(1, dtype=np.float32),)
        return cls(Layers.of(made(held, dict.fromkeys((one.id for one in held), blank), 1)))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word that a passage holds, but for the most common English ones."""
        return frozenset(word for layer in self._layers.layers for word in layer.segment.vocabulary)

    def search(self, texts: Sequence[str], k: int, allowed: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The `k` best passages for any of the texts: ids with BM25 scores above zero, best first, ties by id."""
        return next(self.ranked(self.asked(texts), k, [allowed]))

    def asked(self, texts: Sequence[str], parts: int = 0) -> list[dict[str, float]]:
        """For each text its words with their factors. After the first `parts` texts, one whose words all stand in the
        first text adds nothing and is left out."""
        counts = [Counter(telling(text)) for text in texts]
        wanted = [count for at, count in enumerate(counts) if at < max(1, parts) or not count <= counts[0]]
        rarity = self._rarities([word for count in wanted for word in count])
        return [{word: times * rarity[word] for word, times in count.items() if word in rarity} for count in wanted]

    def ranked(
        self,
        asked: Sequence[Mapping[str, float]],
        k: int,
        pools: Sequence[Collection[str] | None],
        weights: Sequence[float] = (),
    ) -> Iterator[list[tuple[str, float]]]:
        """As `search`, in each of the pools, for texts that were made ready; with a weight for each text, in each pool
        once more by the weighted sum of their scores, for which alone the weights must be known."""
        return self._layers.worded(asked, k, pools, weights)

    def rarest(self, text: str) -> list[str]:
        """The text's words that some passage holds, rarest first."""
        rarity = self._rarities(telling(text))
        return sorted(rarity, key=lambda word: (-rarity[word], word))

    def weight(self, text: str) -> float:
        """How much the text says in words that few passages have: what is searched first when not all can be."""
        return sum(self._rarities(telling(text)).values())

    def _rarities(self, words: Collection[str]) -> Mapping[str, float]:
        """How rare each of the words is that some passage holds."""
        asked = list(dict.fromkeys(words))
        total = self._layers.count
        spread = self._layers.spread(asked)
        return {
            # Passages that are gone count for a word, too, and must not make it say less than nothing.
            word: log(1 + (max(0, total - found) + 0.5) / (found + 0.5))
            for word, found in zip(asked, spread, strict=True)
            if found
        }
