"""Reading: a text as a query, with a second reading of what is disguised or misspelt in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np

from policy_corpus import Pack, Passage
from retrieval.nearness import Nearness, Query
from retrieval.spelling import Spelling, spread
from retrieval.unmasking import unmasked
from retrieval.words import words

_MOST_READ = 2000
"""About how many precedents the known words are taken from: more would add rare words and seconds."""


class Reader:
    """Makes queries of texts. The words are always searched as written, too; other readings only add to them.

    Args:
        literal: without other readings.
    """

    def __init__(self, pack: Pack, nearness: Nearness, *, literal: bool = False) -> None:
        self._pack = pack
        self._nearness = nearness
        self._literal = literal

    def over(self, pack: Pack, nearness: Nearness) -> Reader:
        """The same over another state of the pack, with the words that are known already."""
        made = Reader(pack, nearness, literal=self._literal)
        if "_spelling" in self.__dict__:
            made.__dict__["_spelling"] = self._spelling
        return made

    def read(self, text: str) -> Query | None:
        """The text as a query; none when nothing in it can be seen."""
        ready = self._nearness.read(text)
        if ready is None or self._literal:
            return ready
        plain = self._plain(ready)
        return self._mended(_beside(ready, plain) if plain else ready, plain or ready)

    def _plain(self, ready: Query) -> Query | None:
        """The disguised windows in plain letters; none where no window is disguised."""
        plain = dict.fromkeys(unmasked(one) for one in ready.windows if _disguised(one))
        return self._nearness.read("\n".join(plain)) if plain else None

    def _mended(self, held: Query, read: Query) -> Query:
        """With misspelt words put right. A short query is embedded again; in a long one they only count as words."""
        meant = self._spelling.meant(" ".join(read.windows))
        if not meant:
            return held
        if len(read.windows) > 1:
            return replace(held, windows=(*held.windows, " ".join(meant.values())))
        again = self._nearness.read(" ".join(meant.get(word, word) for word in words(read.windows[0])))
        return _united(held, again) if again else held

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(spread(f"{passage.title} {passage.text}" for passage in _sample(self._pack)))


def _sample(pack: Pack) -> Iterator[Passage]:
    """Passages to learn words from: all clauses', and of very many precedents an even share."""
    for clause in pack.clauses:
        yield from clause.passages()
    for precedent in pack.precedents[:: 1 + len(pack.precedents) // _MOST_READ]:
        yield from precedent.passages()


def _disguised(window: str) -> bool:
    return unmasked(window) != window


def _beside(ready: Query, plain: Query) -> Query:
    """Both readings by their words; by meaning only the plain one, as a model reads noise into disguised letters."""
    if len(ready.windows) != len(ready.vectors):
        return _united(ready, plain)
    telling = [at for at, window in enumerate(ready.windows) if not _disguised(window)]
    return _united(replace(ready, vectors=ready.vectors[telling]), plain)


def _united(one: Query, other: Query) -> Query:
    """Both as one query."""
    return replace(one, windows=(*one.windows, *other.windows), vectors=np.vstack((one.vectors, other.vectors)))
