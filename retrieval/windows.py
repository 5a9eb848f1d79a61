"""Windows: pieces of a text that a model reads whole, so that no sentence is cut off or drowned.

A model reads a limited number of tokens and drops the rest in silence, and one vector for a long text hides a single
decisive sentence among many others. Lengths here are *units*: an upper estimate of tokens that needs no tokenizer
(four letters of a word, or any other character, count as one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from retrieval.words import visible

QUERY_UNITS = 60
"""Units of a query's window: three or four sentences. Even at one token a character that stays below 256 tokens."""

_SENTENCE = re.compile(r"(?<=[.!?…。！？؟।])\s+|[\r\n\u2028\u2029]+")
_PIECE = re.compile(r"[A-Za-z]+|[^\sA-Za-z]")
_ASCII = bytes(ord("a" if chr(code).isalpha() else " " if chr(code).isspace() else "1") for code in range(128)).ljust(
    256
)
"""Each ASCII code as a letter, a blank, or anything else."""


def units(text: str) -> int:
    """How long the text is, in units."""
    if not text.isascii():
        return sum((len(piece) + 3) // 4 for piece in _PIECE.findall(text))
    # The same, twenty times as fast: every four letters, then what is left of each word, as one sign.
    signs = text.encode().translate(_ASCII)
    for letters in (b"aaaa", b"aaa", b"aa", b"a"):
        signs = signs.replace(letters, b"1")
    return signs.count(b"1")


def windows(text: str, limit: int) -> tuple[str, ...]:
    """The visible text in pieces of at most `limit` units: whole sentences where they fit; in order, each once."""
    return tuple(dict.fromkeys(_packed(_sentences(text, limit), limit)))


def query_windows(text: str, longest: int) -> tuple[str, ...]:
    """A query's small windows, led by the whole of it where that is at most `longest` units."""
    parts = windows(text, QUERY_UNITS)
    whole = " ".join(parts)
    return (whole, *parts) if len(parts) > 1 and units(whole) <= longest else parts


def led_by_whole(parts: tuple[str, ...]) -> bool:
    """Whether a query's windows are led by the whole of it, or there is only one."""
    return len(parts) < 2 or units(parts[0]) > QUERY_UNITS


_Sized: TypeAlias = tuple[str, int]
"""A piece, and how long it is in units."""


def _sentences(text: str, limit: int) -> Iterator[_Sized]:
    for raw in _SENTENCE.split(text):
        sentence = visible(raw)
        size = units(sentence)
        if size <= limit:
            yield sentence, size
        else:
            yield from ((piece, units(piece)) for piece in _packed(_short_words(sentence, limit), limit))


def _short_words(sentence: str, limit: int) -> Iterator[_Sized]:
    for word in sentence.split(" "):
        for start in range(0, len(word), limit):
            piece = word[start : start + limit]
            yield piece, units(piece)


def _packed(pieces: Iterator[_Sized], limit: int) -> Iterator[str]:
    """Neighbouring pieces joined as long as they fit."""
    held: list[str] = []
    room = limit
    for piece, size in pieces:
        if held and size > room:
            yield " ".join(held)
            held, room = [], limit
        if piece:
            held.append(piece)
            room -= size
    if held:
        yield " ".join(held)
