"""Ordinary words: what the general vocabulary knows, so that a word that a pack lacks isn't taken for a slip."""

from __future__ import annotations

import importlib.util
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

from retrieval.embedders.weights import PACKAGED

_ENDINGS = ("s", "es", "d", "ed", "r", "er", "rs", "ers", "ing", "ly")
_SHORTEST = 3


@cache
def ordinary_words() -> frozenset[str]:
    """Whole English words of three letters or more in the packaged model's vocabulary (WordPiece of BERT, 30,522
    pieces); none where the package is missing."""
    spec = importlib.util.find_spec(PACKAGED.replace("-", "_"))
    for place in spec.submodule_search_locations or () if spec else ():
        file = Path(place) / "model" / "vocab.txt"
        if file.is_file():
            pieces = file.read_text(encoding="utf-8").split("\n")
            return frozenset(one for one in pieces if len(one) >= _SHORTEST and one.isascii() and one.isalpha())
    return frozenset()


def is_ordinary(word: str, known: Collection[str]) -> bool:
    """Whether the word or what it is a regular form of is known."""
    return word in known or any(stem in known for stem in _stems(word))


def _stems(word: str) -> Iterator[str]:
    """What the word would be without an English ending, such as `plan` and `plane` for `planing`."""
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < _SHORTEST:
            continue
        yield stem
        if ending in ("ing", "ed", "er", "ers"):
            yield stem + "e"
            if stem[-1] == stem[-2]:
                yield stem[:-1]
        if stem.endswith("i") and ending in ("es", "ed", "er", "ers", "ly"):
            yield stem[:-1] + "y"
