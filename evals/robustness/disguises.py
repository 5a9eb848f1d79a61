"""Disguises: ways in which people write past filters, applied by a seed so that every run writes the same."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from retrieval.lookalikes import LOOKALIKES

_WORD = re.compile(r"[A-Za-z]{4,}")
_LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"}
_PICTURES = "🙂🔥💬⭐"
_CYRILLIC = {latin: letter for letter, latin in LOOKALIKES.items() if "а" <= letter <= "я"}

Disguise = Callable[[str, random.Random], str]


def swap(word: str, chance: random.Random) -> str:
    """Two neighbouring letters inside the word change places."""
    at = chance.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def drop(word: str, chance: random.Random) -> str:
    """One letter inside the word is missing."""
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1 :]


def leet(word: str, chance: random.Random) -> str:
    """Digits for the letters that they resemble."""
    return "".join(_LEET.get(char.lower(), char) for char in word)


def space(word: str, chance: random.Random) -> str:
    """A blank between all letters."""
    return " ".join(word)


def homoglyph(word: str, chance: random.Random) -> str:
    """Cyrillic letters for the Latin ones that they look like."""
    return "".join(_CYRILLIC.get(char, char) for char in word)


def emoji(word: str, chance: random.Random) -> str:
    """A picture inside the word."""
    at = chance.randrange(1, len(word))
    return word[:at] + chance.choice(_PICTURES) + word[at:]


def repeat(word: str, chance: random.Random) -> str:
    """One letter is drawn out."""
    at = chance.randrange(len(word))
    return word[:at] + word[at] * 4 + word[at + 1 :]


DISGUISES: dict[str, Disguise] = {
    "swap": swap, "drop": drop, "leet": leet, "space": space, "homoglyph": homoglyph, "emoji": emoji, "repeat": repeat,
}  # fmt: skip


def disguised(text: str, name: str, *, share: float = 0.5, seed: int = 20) -> str:
    """The text with that share of its words of four letters and more disguised, and at least one of them."""
    chance = random.Random(f"{seed}/{name}/{text}")
    places = list(_WORD.finditer(text))
    if not places:
        return text
    chosen = chance.sample(places, max(1, round(share * len(places))))
    for found in sorted(chosen, key=lambda one: -one.start()):
        text = text[: found.start()] + DISGUISES[name](found.group(), chance) + text[found.end() :]
    return text
