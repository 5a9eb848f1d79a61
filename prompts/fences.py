"""Fences: what marks case content as data, in a way that the content can't end."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Fenced:
    """Content between two lines that carry a code which the content can't contain."""

    code: str
    """32 hex digits, derived from the content: replaying a case gives the same request, and no author of a text can
    write the code of that very text into it."""
    block: str
    """The opening line, the content, the closing line."""


def fence(content: str) -> Fenced:
    """The content, fenced in as data."""
    code = _code(content)
    return Fenced(code=code, block=f"<<<CASE {code}\n{content}\nEND OF CASE {code}>>>")


def _code(content: str) -> str:
    """The first digest of the content that doesn't stand in it."""
    round = 0
    while (code := hashlib.sha256(f"{round}\x1f{content}".encode()).hexdigest()[:32]) in content:
        round += 1
    return code
