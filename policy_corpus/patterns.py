"""Patterns: plain words that show a fact, as data of the pack.

Shipped patterns name general indicators only. Lists of coded terms don't belong into a pack that others can read; a
deployment keeps its own file in this format and names it in its settings.
"""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import ValidationInfo, model_validator

from policy_corpus.base import Strict

CHECKED = {"expressions": "checked"}
"""Validation context for data that passed this very validation before: compiling hundreds of expressions takes long."""

PartyRole = Literal["subject", "affected_child", "reporter", "bystander", "unknown"]


class Pattern(Strict):
    """Words of a case that show a value of a fact."""

    fact: str
    value: str
    match: str
    """A regular expression over case-folded text with single spaces and no invisible characters."""
    unless: str = ""
    """A regular expression that, found in the same sentence, takes the match back."""
    about: Literal["author", "case", "subject", "affected_child"] = "author"
    """Whom the finding is about: who wrote the part, the case, or whoever holds that role."""
    roles: tuple[str, ...] = ()
    """The part roles it looks at; none means all."""
    by: tuple[PartyRole, ...] = ()
    """The roles of the parties whose parts it looks at, `unknown` for parts of nobody; none means all."""
    beside: tuple[PartyRole, ...] = ()
    """It speaks only in a case with a party in one of these roles; none means any case."""
    surface: str = ""
    """A regular expression that the folded name of the case's surface has to contain; none means any surface."""
    nowhere: str = ""
    """A regular expression that, found in any part of the case, takes the match back."""
    confidence: float = 0.7

    @model_validator(mode="after")
    def _compiles(self, info: ValidationInfo) -> Self:
        if info.context is CHECKED:
            return self
        for expression in (self.match, self.unless, self.surface, self.nowhere):
            try:
                re.compile(expression)
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}; quote it with single quotes") from None
        return self


class Patterns(Strict):
    """`patterns.yaml`, which a pack may have."""

    format: int = 1
    patterns: tuple[Pattern, ...] = ()
