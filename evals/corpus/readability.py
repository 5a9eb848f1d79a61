"""How hard a text is to read: the Automated Readability Index.

E. A. Smith & R. J. Senter, "Automated Readability Index", AMRL-TR-66-220, 1967: about the US school grade that an
English text asks for. It counts characters and words instead of syllables, so it needs no dictionary, whose licence and
upkeep one figure would not be worth. It is made for English; other languages are left unscored.
"""

from __future__ import annotations

import re

LANGUAGE = "en"

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_END = re.compile(r"[.!?…]+(?=[\s\"'”’)\]]|$)|\n+")


def grade(text: str) -> float | None:
    """The school grade; none for a text without words."""
    words: list[str] = _WORD.findall(text)
    if not words:
        return None
    characters = sum(character.isalnum() for word in words for character in word)
    return 4.71 * characters / len(words) + 0.5 * len(words) / _sentences(text) - 21.43


def _sentences(text: str) -> int:
    return max(1, sum(bool(_WORD.search(piece)) for piece in _END.split(text)))
