"""Reading: a text as a query, with a second reading of what is disguised or misspelt in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np

from policy_corpus import Pack, Passage
from retrieval.nearness import Nearness, Query
from retrieval.ordinary import ordinary_words
from retrieval.spelling import Spelling, spread
from retrieval.unmasking import is_plain, unmasked
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
        plain = {} if is_plain("\n".join(ready.windows)) else _unmasked(ready.windows)
        read = self._nearness.read("\n".join(dict.fromkeys(plain.values()))) if plain else None
        return self._mended(_beside(ready, read, plain) if read else ready, read or ready)

    def _mended(self, held: Query, read: Query) -> Query:
        """With misspelt words put right. A short query is embedded again; in a long one they only count as words.

        So do two known words written as one: most are a compound that the model reads well as it is.
        """
        meant = self._spelling.meant(" ".join(read.windows))
        anew = {word: said for word, said in meant.items() if said.count(" ") != 1}
        again = None
        if anew and len(read.windows) == 1:
            again = self._nearness.read(" ".join(anew.get(word, word) for word in words(read.windows[0])))
        rest = [said for word, said in meant.items() if again is None or word not in anew]
        found = replace(held, windows=(*held.windows, " ".join(rest))) if rest else held
        return _united(found, again) if again else found

    @cached_property
    def _spelling(self) -> Spelling:
        said = (f"{passage.title} {passage.text}" for passage in _sample(self._pack))
        return Spelling(spread(said), ordinary_words())


def _unmasked(windows: Iterable[str]) -> dict[str, str]:
    """The disguised ones in plain letters."""
    return {window: made for window in windows if (made := unmasked(window)) != window}


def _sample(pack: Pack) -> Iterator[Passage]:
    """Passages to learn words from: all clauses', and of very many precedents an even share."""
    for clause in pack.clauses:
        yield from clause.passages()
    for precedent in pack.precedents[:: 1 + len(pack.precedents) // _MOST_READ]:
        yield from precedent.passages()


def _beside(ready: Query, plain: Query, disguised: Collection[str]) -> Query:
    """Both readings by their words; by meaning only the plain one, as a model reads noise into disguised letters."""
    if len(ready.windows) != len(ready.embedded):
        return _united(ready, plain)
    kept = [at for at, window in enumerate(ready.windows) if window not in disguised]
    embedded = tuple(ready.embedded[at] for at in kept)
    return _united(ready.with_vectors(ready.windows, lambda: ready.vectors[kept], embedded), plain)


def _united(one: Query, other: Query) -> Query:
    """Both as one query."""
    before = len(one.windows)
    embedded = (*one.embedded, *(before + at for at in other.embedded))
    windows = (*one.windows, *other.windows)
    return one.with_vectors(windows, lambda: np.vstack((one.vectors, other.vectors)), embedded)
