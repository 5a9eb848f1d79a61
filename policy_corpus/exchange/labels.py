"""What the headings and answers of somebody else's policy say: which rules violate, which don't, what is an example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from policy_corpus.exchange.markdown import Block, bullets

Kind = Literal["violation", "safe", "example", "note"]

NAMED = re.compile(r"^([A-Z][A-Z0-9]*-[A-Z0-9-]*[A-Z0-9])[:.]?\s+(.+)$")
"""A heading that gives a rule's id before its title."""

_SAFE = re.compile(
    r"\b(safe|allowed|exclude[sd]?|exceptions?|permitted|non-|not)\b|[(:]\s*0\)?|\bvalid\b|[a-z]0\b", re.I
)
_VIOLATION = re.compile(
    r"\b(violat\w*|include[sd]?|prohibited|disallowed|invalid)\b|[(:]\s*[1-9]\d*\)?|[A-Z]+[1-9]\b", re.I
)
_NOTE = re.compile(r"definition|instruction|interpret|goal|overview|format|guidance", re.I)
_EXAMPLES = re.compile(r"^examples?\b", re.I)


def kind_of(block: Block) -> Kind:
    """What a block's headings say it holds; the innermost heading that says anything decides."""
    for title in reversed(block.titles[1:] or block.titles):
        if NAMED.match(title):
            continue
        if _EXAMPLES.match(title):
            return "example"
        if _NOTE.search(title):
            return "note"
        if is_label(title):
            return "safe" if _SAFE.search(title) else "violation"
    return "note"


def is_label(title: str) -> bool:
    """Whether a heading says of what stands below that it violates or that it doesn't."""
    return not NAMED.match(title) and bool(_SAFE.search(title) or _VIOLATION.search(title))


@dataclass(frozen=True)
class Example:
    """Something that was or would be judged, and how."""

    text: str
    verdict: str
    violates: bool | None
    """None: it doesn't say."""
    clause: str = ""
    area: str = ""


def examples(block: Block, area: str) -> Iterator[Example]:
    """The examples of a block, each beginning with `Example` and a number or being an item of a list."""
    numbered = re.match(r"Example \d+", block.title)
    body = f"{block.title}\n{block.body}" if numbered else block.body
    starts = [match.start() for match in re.finditer(r"^\W*Example \d+", body, re.M)]
    if starts:
        pieces = [body[: starts[0]], *(body[a:b] for a, b in zip(starts, (*starts[1:], len(body)), strict=True))]
    else:
        pieces = bullets(body)
    for piece in (piece.strip() for piece in pieces):
        if piece:
            yield _example(piece, area)


def _example(piece: str, area: str) -> Example:
    parts = re.split(r"^\W*(?:Answer|Label|Output|Verdict)\W*:\W*?", piece, maxsplit=1, flags=re.M | re.I)
    text, verdict = (parts[0].strip(), parts[1].strip()) if len(parts) == 2 else (piece, "")
    clause = re.search(r'"(?:policy_category|category)":\s*"([^"]+)"', verdict)
    return Example(text, verdict, verdict_of(f"{text.splitlines()[0]}\n{verdict}"), clause[1] if clause else "", area)


def verdict_of(text: str) -> bool | None:
    """Whether a label says that something violates; none where it doesn't say."""
    if re.search(r'"violation":\s*1|\bINVALID\b|\((?:violation|1)\)|label\W+1|^\W*1\W*$', text, re.I | re.M):
        return True
    if re.search(r'"violation":\s*0|\bVALID\b|\((?:safe|0)\)|label\W+0|^\W*0\W*$', text, re.I | re.M):
        return False
    coded = re.search(r"^[A-Z]+(\d)[.\w]*$", text.strip())
    return None if coded is None else coded[1] != "0"
