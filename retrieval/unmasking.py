"""Unmasking: what a text says when its letters are disguised.

People hide words from filters: letters of another script, digits and signs for letters (leetspeak), letters set apart
by blanks or dots, letters repeated, emoji between them. What comes out here is a second reading for search, beside the
text and never instead of it, so a wrong guess costs little.
"""

from __future__ import annotations

import re
import unicodedata

from retrieval.lookalikes import LOOKALIKES
from retrieval.words import visible

_LIKE_LETTERS, _BETWEEN_LETTERS = "013457$@!|€", "*#~^·•"
_SIGNS = frozenset(_LIKE_LETTERS + _BETWEEN_LETTERS)
_LEET = str.maketrans(_LIKE_LETTERS, "oieastsaile")
"""Digits and signs by the letters that they resemble on a keyboard."""

_TOKEN = re.compile(r"[\w@$!|€]+")
_BETWEEN = re.compile(r"[^\W\d_][013457$@!|€]+[^\W\d_]")
_LEADING = re.compile(r"[0134$@][^\W\d_]{3}")
_APART = re.compile(r"(?<![^\W_])[^\W\d_]([ .\-_*·~])[^\W\d_](?:\1[^\W\d_])+(?![^\W_])")
_LONG = re.compile(r"([^\W\d_])\1{2,}")
_STARS = re.compile(rf"(?<=[^\W\d_])[{re.escape(_BETWEEN_LETTERS)}]+(?=[^\W\d_])")
_WORD = re.compile(r"[^\W\d_]+")
_MOSTLY = 0.6
"""Share of the letters of no doubtful script that must be Latin before a word without any is read as Latin."""


def unmasked(text: str) -> str:
    """The visible text with disguised words in plain letters; the visible text itself where none is disguised."""
    plain = visible(text)
    if is_plain(plain):
        return plain
    if not plain.isascii():
        plain = _latin(_without_pictures(plain))
    plain = _APART.sub(lambda found: found.group().replace(found.group(1), ""), plain)
    plain = _TOKEN.sub(_spelled_out, plain)
    return _LONG.sub(r"\1", _STARS.sub("", plain))


def is_plain(text: str) -> bool:
    """Whether no part of a text, if it is visible as it stands, can be disguised: it has no sign that could stand for a
    letter or between two. So much can be told in a fraction of the time of `unmasked`, which says the rest."""
    return text.isascii() and _SIGNS.isdisjoint(text) and _APART.search(text) is None and _LONG.search(text) is None


def in_letters(word: str) -> str:
    """A word with letters for the digits and signs that resemble them."""
    return word.translate(_LEET)


def _without_pictures(text: str) -> str:
    """Emoji and other symbols between two letters go; elsewhere they stay."""
    signs = "".join(char for char in sorted(set(text)) if unicodedata.category(char) in ("So", "Sk"))
    return re.sub(rf"(?<=[^\W\d_])[{re.escape(signs)}]+(?=[^\W\d_])", "", text) if signs else text


def _latin(text: str) -> str:
    """Words with letters that look like Latin ones, in Latin letters; words of another script stay as they are."""
    certain = [_foreign(char) for char in text if char.isalpha() and char not in LOOKALIKES]
    latin = certain.count(False) >= _MOSTLY * len(certain)
    return _WORD.sub(lambda found: _relettered(found.group(), latin), text)


def _relettered(word: str, within_latin: bool) -> str:
    if word.isascii() or not (within_latin or any(char.isascii() for char in word)):
        return word
    made = "".join(LOOKALIKES.get(char, char) for char in word)
    return word if any(_foreign(char) for char in made) else made


def _foreign(char: str) -> bool:
    """Whether a letter belongs to another script than Latin."""
    return not char.isascii() and not unicodedata.name(char, "").startswith("LATIN")


def _spelled_out(found: re.Match[str]) -> str:
    """A word with digits or signs for letters, in letters; words such as `mp3` and addresses keep theirs."""
    if found.group().isalpha():
        return found.group()
    word = found.group().rstrip("!|")
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:2]
    part_of_address = before in ("/", "@", ".", "-") or after[:1] in ("/", "@", "-") or re.fullmatch(r"\.\w", after)
    if part_of_address or not (_BETWEEN.search(word) or _LEADING.match(word)):
        return found.group()
    return in_letters(word) + found.group()[len(word) :]
