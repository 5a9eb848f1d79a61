"""Text transformations that keep the way back: every character knows which code point of the original it came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_uppercase

INVISIBLE = frozenset("\u00ad\u034f\u061c\u180e\ufeff") | {
    chr(code) for start, end in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F)) for code in range(start, end + 1)
}
"""Characters that show nothing: zero-width ones and direction marks. They are removed for matching only."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A transformed text with, for each of its characters, the code point of the original where it began."""

    text: str
    origin: tuple[int, ...]
    """One more entry than `text` has characters: the last is where the transformed text ends in the original."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's code points under `text[start:end]`."""
        if start >= end:
            return self.origin[start], self.origin[start]
        return self.origin[start], max(self.origin[end], self.origin[start] + 1)

    def find_all(self, needle: str) -> Iterator[tuple[int, int]]:
        """Where a transformed needle stands, overlapping places too, as spans of the original."""
        for match in re.finditer(f"(?={re.escape(needle)})", self.text):
            yield self.span(match.start(), match.start() + len(needle))


def folded(text: str) -> Mapped:
    """NFC, white space folded to single spaces, none at the ends: what quotes are compared by."""
    if text.isascii():
        return _spaced(text)
    return _one_by_one(text, {}, _composed) or _mapped(text, _composed)


def plain(text: str) -> Mapped:
    """NFKC, case-folded, invisible characters taken out, white space folded: what patterns are matched on."""
    if text.isascii():
        return _spaced(text.lower())
    return _one_by_one(text, _SMALL, _plain) or _mapped(text, _plain)


def _composed(cluster: str) -> str:
    return unicodedata.normalize("NFC", cluster)


def _plain(cluster: str) -> str:
    visible = "".join(character for character in cluster if character not in INVISIBLE)
    return unicodedata.normalize("NFKC", visible).casefold()


_SMALL = {ord(letter): letter.lower() for letter in ascii_uppercase}


def _one_by_one(text: str, in_ascii: Mapping[int, str], transform: Callable[[str], str]) -> Mapped | None:
    """As `_mapped`, where every character stands alone and becomes just one: most text with accents and dashes.

    Args:
        in_ascii: what becomes of the ASCII characters that don't stay as they are.
    """
    made = dict(in_ascii)
    for character in set(text):
        if character.isascii():
            continue
        new = transform(character)
        if _joins(character) or len(new) != 1 or new.isspace() is not character.isspace():
            return None
        made[ord(character)] = new
    return _spaced(text.translate(made))


_WORD = re.compile(r"\S+")


def _spaced(text: str) -> Mapped:
    """With white space folded; ASCII has nothing else to compose, to leave out or to spell otherwise."""
    words = list(_WORD.finditer(text))
    if not words:
        return Mapped("", (0,))
    origin: list[int] = []
    for word in words:
        origin += range(word.start(), word.end() + 1)  # the blank after it stands where white space begins
    return Mapped(" ".join([word.group() for word in words]), tuple(origin))


def _mapped(text: str, transform: Callable[[str], str]) -> Mapped:
    out: list[str] = []
    origin: list[int] = []
    end = 0
    for start, cluster in _clusters(text):
        if cluster.isspace():
            if out and out[-1] != " ":
                out.append(" ")
                origin.append(start)
            continue
        for character in transform(cluster):
            out.append(character)
            origin.append(start)
            end = start + len(cluster)
    if out and out[-1] == " ":
        out.pop()
        origin.pop()
    return Mapped("".join(out), (*origin, end))


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Base characters with their combining marks, so that composing them doesn't lose their place."""
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or not _joins(text[position]):
            yield start, text[start:position]
            start = position


def _joins(character: str) -> bool:
    """Whether it belongs to the character before: a combining mark, or a Hangul vowel or final consonant."""
    return unicodedata.combining(character) > 0 or "\u1160" <= character <= "\u11ff"


_BOUNDARY = re.compile(r"""(?:[.!?。！？؟…]+["'”’)\]]*(?=\s))|\n""")


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of a text's sentences and lines, without the white space around them."""
    edges = [0, *(match.end() for match in _BOUNDARY.finditer(text)), len(text)]
    pieces = ((start, text[start:end]) for start, end in pairwise(edges))
    return [
        (start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))
        for start, piece in pieces
        if piece.strip()
    ]
