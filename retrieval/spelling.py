"""Spelling: misspelt words by the words that the corpus knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from retrieval.ordinary import is_ordinary
from retrieval.unmasking import in_letters
from retrieval.words import words

_SHORTEST = 5
"""Letters below which a word has too many neighbours to guess at."""
_FAR = 8
"""Letters from which two slips are believed."""
_LONGEST = 16
"""Letters of the longest word that is looked for in words run together."""
_PIECE = 3
"""Letters of the shortest one: shorter words stand inside most others."""
_MOST = 40
"""Words of one text that are looked up: enough for any disguise, and bounded for texts in another language."""


class Spelling:
    """Finds known words near unknown ones.

    Args:
        counts: how many passages have each word; the commoner one wins among equally near ones.
        ordinary: words that stay as they are although no passage has them, as do their regular forms; and that a slip
            may be meant for, after those that passages have.
    """

    def __init__(self, counts: Mapping[str, int], ordinary: Collection[str] = frozenset()) -> None:
        self._counts = counts
        self._ordinary = ordinary
        self._by_start: dict[tuple[int, str], list[tuple[int, str]]] = {}
        for at, word in enumerate((*counts, *(one for one in ordinary if one not in counts))):
            if len(word) >= 3 and word.isalpha():
                self._by_start.setdefault((len(word), word[0]), []).append((at, word))
        self._nearest = lru_cache(maxsize=4096)(self._look_up)

    def meant(self, text: str) -> dict[str, str]:
        """The unknown words of a text with what they were probably meant to be: one word, or several run together."""
        unknown = [word for word in dict.fromkeys(words(text)) if word not in self._counts and self._is_odd(word)]
        found = ((word, self._nearest(word)) for word in unknown[:_MOST])
        return {word: meant for word, meant in found if meant}

    def _is_odd(self, word: str) -> bool:
        if not word.isascii() or word.isdigit():
            return False
        if not word.isalpha():
            return len(word) >= _PIECE
        return len(word) >= _SHORTEST and not is_ordinary(word, self._ordinary)

    def _look_up(self, word: str) -> str:
        if not word.isalpha():
            plain = in_letters(word)
            return plain if plain in self._counts or plain in self._ordinary else ""
        return self._parted(word) or self._misspelt(word)

    def _parted(self, word: str) -> str:
        """The known words that were written as one: the fewest, and of those the ones whose rarest is commonest."""
        best: list[tuple[int, int, str] | None] = [(0, 0, "")]
        for end in range(1, len(word) + 1):
            ways = [self._with(best[start], word[start:end]) for start in range(max(0, end - _LONGEST), end)]
            best.append(min((way for way in ways if way is not None), default=None))
        return best[-1][2] if best[-1] is not None else ""

    def _with(self, before: tuple[int, int, str] | None, piece: str) -> tuple[int, int, str] | None:
        """Pieces so far, the rarest one's count (negative, so that less is better), and the words."""
        if before is None or piece not in self._counts or len(piece) < _PIECE:
            return None
        rarest = max(before[1], -self._counts[piece]) if before[2] else -self._counts[piece]
        return before[0] + 1, rarest, f"{before[2]} {piece}".strip()

    def _misspelt(self, word: str) -> str:
        """The nearest known word: one slip away, or two in a long word; transposed neighbours are one slip.

        Distance: optimal string alignment (Boytsov 2011, "Indexing methods for approximate dictionary searching").
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = 2 if len(word) >= _FAR else 1
        near = [one for length in range(len(word) - most, len(word) + most + 1) for one in self._of(length, word)]
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=most, limit=5)
        ranked = sorted(found, key=lambda one: (one[1], -self._counts.get(one[0], 0), one[0]))
        return str(ranked[0][0]) if ranked else ""

    def _of(self, length: int, word: str) -> Iterator[str]:
        """Known words of that length that begin with one of the first two letters of the word, in their order."""
        held = [pair for start in set(word[:2]) for pair in self._by_start.get((length, start), ())]
        return (one for _, one in sorted(held))


def spread(texts: Iterable[str]) -> dict[str, int]:
    """In how many of the texts each word stands."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in set(words(text)):
            counts[word] = counts.get(word, 0) + 1
    return counts
