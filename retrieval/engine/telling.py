"""The words of a text that tell passages apart: neither the most common English ones nor single letters and digits."""

from __future__ import annotations

from retrieval.words import words

_LUCENE = """
a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was
will with
"""

COMMON = frozenset(_LUCENE.split())
"""The stop words of Lucene's English analyser."""


def telling(text: str) -> list[str]:
    return [word for word in words(text) if word not in COMMON and (len(word) > 1 or not word.isascii())]
