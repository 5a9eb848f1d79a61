"""Lexical search: BM25 over passages, for the words that meaning alone would blur."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

import numpy as np

from policy_corpus import Passage
from retrieval.words import words


class LexicalIndex:
    """Passages by their words, in memory. Titles count as text."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        import bm25s

        self._ignored = frozenset(bm25s.stopwords.STOPWORDS_EN)
        self._words = {passage.id: self._telling(f"{passage.title} {passage.text}") for passage in passages}
        self._ids = tuple(self._words)
        self._spread = Counter(word for found in self._words.values() for word in set(found))
        self._bm25 = bm25s.BM25()
        if self._spread:
            self._bm25.index(list(self._words.values()), show_progress=False)

    def search(self, texts: Sequence[str], k: int, allowed: frozenset[str] | None = None) -> list[tuple[str, float]]:
        """The `k` best passages for any of the texts: ids with BM25 scores above zero, best first, ties by id."""
        best = np.zeros(len(self._ids), dtype=np.float32)
        for text in texts:
            if known := [word for word in self._telling(text) if word in self._spread]:
                best = np.maximum(best, self._bm25.get_scores(known))
        scored = ((id, round(float(score), 5)) for id, score in zip(self._ids, best, strict=True) if score > 0)
        within = (pair for pair in scored if allowed is None or pair[0] in allowed)
        return sorted(within, key=lambda pair: (-pair[1], pair[0]))[:k]

    def shared(self, text: str, passage: str, most: int = 4) -> tuple[str, ...]:
        """The words that the text and the passage share, rarest first."""
        both = set(self._telling(text)) & set(self._words.get(passage, ()))
        return tuple(sorted(both, key=lambda word: (-self._rarity(word), word))[:most])

    def weight(self, text: str) -> float:
        """How much the text says in words that few passages have: what is searched first when not all can be."""
        return sum(self._rarity(word) for word in set(self._telling(text)))

    def _telling(self, text: str) -> list[str]:
        return [word for word in words(text) if word not in self._ignored]

    def _rarity(self, word: str) -> float:
        count = self._spread.get(word, 0)
        return log(1 + len(self._ids) / count) if count else 0.0
