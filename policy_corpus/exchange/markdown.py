"""Markdown policies as others write them: headings with what stands under each, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policy_corpus.errors import PackError, Problem

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_BULLET = re.compile(r"^[-*+]\s+")


@dataclass(frozen=True)
class Block:
    """A heading and its own text, up to the next heading."""

    titles: tuple[str, ...]
    """The headings above it and its own, the outermost first; empty for text before any heading."""
    line: int
    body: str

    @property
    def title(self) -> str:
        return self.titles[-1] if self.titles else ""


def text_of(path: Path) -> str:
    """The text of a file.

    Raises:
        PackError: it can't be read, or isn't UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(path.name, 1, f"not UTF-8 text (byte {error.start})", "save the file as UTF-8")
    except OSError as error:
        problem = Problem(path.name, 1, f"can't read the file: {error.strerror}", "check name and permissions")
    raise PackError([problem])


def blocks(text: str) -> list[Block]:
    """Every heading with its own text, in order. A `#` within fenced code is no heading."""
    found: list[Block] = []
    above: list[tuple[int, str]] = []
    start, lines, fenced = 1, list[str](), False
    for number, line in enumerate(text.splitlines(), 1):
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        found.append(Block(tuple(title for _, title in above), start, "\n".join(lines).strip()))
        level = len(heading[1])
        above = [(depth, title) for depth, title in above if depth < level] + [(level, heading[2])]
        start, lines = number, []
    found.append(Block(tuple(title for _, title in above), start, "\n".join(lines).strip()))
    return [block for block in found if block.titles or block.body]


def bullets(body: str) -> list[str]:
    """The items of a body that is a list, each with what is indented below it; otherwise the body as it is."""
    lines = body.splitlines()
    starts = [number for number, line in enumerate(lines) if _BULLET.match(line)]
    if len(starts) < 2 or "".join(lines[: starts[0]]).strip():
        return [body] if body.strip() else []
    ends = (*starts[1:], len(lines))
    return ["\n".join(lines[start:end]).strip() for start, end in zip(starts, ends, strict=True)]


def paragraphs(body: str) -> Iterator[str]:
    for part in re.split(r"\n\s*\n", body):
        if part.strip():
            yield part.strip()
