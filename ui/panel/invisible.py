"""Characters that nobody sees, made visible as small marks. Offsets are counted in the original, so nothing moves."""

from __future__ import annotations

import unicodedata

from ui.panel.markup import Html, join, tag, text

SHORT = {
    0x00AD: "SHY", 0x034F: "CGJ", 0x061C: "ALM", 0x180E: "MVS", 0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ",
    0x200E: "LRM", 0x200F: "RLM", 0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO",
    0x2060: "WJ", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0xFEFF: "BOM",
}  # fmt: skip
BLANK_LETTERS = frozenset({0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0})
JOINERS = frozenset({"\u200c", "\u200d"})
LAYOUT = frozenset("\n\t\r")


def shown(words: str, start: int = 0, end: int | None = None) -> Html:
    """The words from `start` to `end`, escaped, with a mark in place of each hidden character."""
    stop = len(words) if end is None else end
    parts: list[str] = []
    plain = start
    for at in range(start, stop):
        if is_hidden(words, at):
            parts += [text(words[plain:at]), mark(words[at])]
            plain = at + 1
    return join([*parts, text(words[plain:stop])])


def mark(character: str) -> Html:
    """The mark of one hidden character. The character itself stays out, so it can't reorder what stands beside it."""
    short = SHORT.get(ord(character), f"U+{ord(character):04X}")
    name = unicodedata.name(character, "hidden character").lower()
    return tag("span", short, cls="hidden-char", title=f"hidden character: {name} (U+{ord(character):04X})")


def count(words: str) -> int:
    """How many hidden characters there are."""
    return sum(is_hidden(words, at) for at in range(len(words)))


def is_hidden(words: str, at: int) -> bool:
    """Whether a reader would miss the character. Joiners that shape a script or an emoji are part of writing."""
    character = words[at]
    if character in LAYOUT or character.isascii() and character.isprintable():
        return False
    if character in JOINERS:
        return not (_shapes(words, at - 1) and _shapes(words, at + 1))
    if 0xE0020 <= ord(character) <= 0xE007F:
        return not _in_flag(words, at)
    return ord(character) in BLANK_LETTERS or ord(character) in SHORT or unicodedata.category(character) in ("Cf", "Cc")


def _shapes(words: str, at: int) -> bool:
    """Whether a joiner beside this character does visible work: in emoji and in scripts whose letters join."""
    if not 0 <= at < len(words):
        return False
    character = words[at]
    if unicodedata.category(character) in ("So", "Sk", "Mn", "Mc"):
        return True
    return unicodedata.bidirectional(character) == "AL" or 0x0900 <= ord(character) <= 0x0DFF


def _in_flag(words: str, at: int) -> bool:
    while at > 0 and 0xE0020 <= ord(words[at]) <= 0xE007F:
        at -= 1
    return words[at] == "\U0001f3f4"
