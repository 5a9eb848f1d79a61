"""The words of models and cases: what can't be seen in them, and where a quote stands."""

from __future__ import annotations

import unicodedata

from copilot.cases import Case, Span
from copilot.text import Mapped, folded

JOINERS = frozenset("\u200c\u200d\u200e\u200f\u061c")
"""Invisible characters that honest text needs: joiners of Persian, Indic scripts and emoji, direction marks."""


def clean(text: str) -> str:
    """Free text of a model, safe to show: without controls and without what hides or reorders words."""
    return "".join(character for character in text if not _unsafe(character)).strip()


def visible(text: str) -> str:
    """A text without its invisible characters."""
    return "".join(character for character in text if not _invisible(character))


class Words:
    """The words of one case, prepared once for however many quotes."""

    def __init__(self, case: Case) -> None:
        self._texts = {part.id: part.text for part in case.parts if part.text}
        self._prepared: dict[str, tuple[Mapped, list[int]]] = {}

    def locate(self, quote: str, part: str | None) -> Span | None:
        """Where a quote stands: in the part named, otherwise in the first part that has it."""
        for id in sorted(self._texts, key=lambda id: id != part):
            if place := self._place(quote, id):
                return Span(part=id, start=place[0], end=place[1])
        return None

    def _place(self, quote: str, id: str) -> tuple[int, int] | None:
        """Code points of the original. White space is folded, and what can't be seen doesn't count."""
        needle = folded(visible(quote)).text
        if not needle:
            return None
        if (exact := self._texts[id].find(quote)) >= 0:
            return exact, exact + len(quote)
        prepared, seen = self._prepare(id)
        start = prepared.text.find(needle)
        if start < 0:
            return None
        first, end = prepared.span(start, start + len(needle))
        return seen[first], seen[end - 1] + 1

    def _prepare(self, id: str) -> tuple[Mapped, list[int]]:
        """A part's visible text, folded, and where its visible characters stand in the original."""
        if id not in self._prepared:
            text = self._texts[id]
            seen = [at for at, character in enumerate(text) if not _invisible(character)]
            self._prepared[id] = folded("".join(text[at] for at in seen)), seen
        return self._prepared[id]


def _invisible(character: str) -> bool:
    """Format characters, and the selectors that choose between two looks of one character."""
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"


def _unsafe(character: str) -> bool:
    category = unicodedata.category(character)
    return (category == "Cc" and character not in "\n\t") or (category == "Cf" and character not in JOINERS)
