"""Highlighting by code points: any number of spans over one text, overlapping or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ui.panel.invisible import shown
from ui.panel.markup import Html, join, tag


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of a text and the name of what rests on it."""

    start: int
    end: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text under the same marks throughout."""

    start: int
    end: int
    names: tuple[str, ...]


Wrap = Callable[[Html, Stretch], Html]


def stretches(length: int, marks: Iterable[Mark]) -> Iterator[Stretch]:
    """The text cut wherever a mark begins or ends. Marks that lie outside the text are left out."""
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= length]
    edges = sorted({0, length, *(mark.start for mark in inside), *(mark.end for mark in inside)})
    for start, end in zip(edges, edges[1:], strict=False):
        names = dict.fromkeys(mark.name for mark in inside if mark.start <= start and end <= mark.end)
        yield Stretch(start, end, tuple(names))


def highlighted(words: str, marks: Iterable[Mark], wrap: Wrap) -> Html:
    """The whole text, escaped, every marked stretch wrapped."""
    pieces = ((shown(words, stretch.start, stretch.end), stretch) for stretch in stretches(len(words), marks))
    return join(wrap(piece, stretch) if stretch.names else piece for piece, stretch in pieces)


def quoted(words: str, start: int | None, end: int | None) -> Html:
    """A source's text with the quoted words marked, where it is known where they stand."""
    if start is None or end is None:
        return shown(words)
    return highlighted(words, [Mark(start, end, "quote")], lambda piece, _: tag("mark", piece, cls="quote"))
