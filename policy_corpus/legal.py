"""Where a rule rests in law, with source and how sure we are."""

from __future__ import annotations

from datetime import date
from typing import Literal

from policy_corpus.base import Strict


class LegalBasis(Strict):
    """One legal or contractual ground. Facts only, in our own words; not legal advice."""

    basis: str
    """The provision, such as `18 USC 2258A(a)(1)`."""
    gist: str = ""
    """What it says, in one plain sentence of our own."""
    source: str
    """Where the fact was read."""
    checked: date | None = None
    """When the source was last read."""
    review_by: date | None = None
    """When it must be read again."""
    confidence: Literal["high", "medium", "low", "unverified"] = "unverified"
