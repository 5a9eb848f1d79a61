"""Passages: the citable spans of clauses and precedents."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Literal

from policy_corpus.base import Strict


class Passage(Strict):
    """A span that may be quoted, with a hash that changes when its text does."""

    kind: Literal["clause", "precedent"]
    source: str
    """`CLAUSE@version` or a precedent's id."""
    section: str
    """Which part of the source: `rule`, `exceptions`, `facts`, `rationale` …"""
    title: str
    text: str

    @property
    def id(self) -> str:
        return f"{self.source}#{self.section}"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of id, title and text: equal digests mean that nothing needs indexing again."""
        return hashlib.sha256("\x1f".join((self.id, self.title, self.text)).encode()).hexdigest()
