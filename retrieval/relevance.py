"""Relevance: how near a text must be to the corpus before anything is called relevant to it.

A nearest passage always exists; whether it has anything to do with the text is another question. The line is a cosine,
measured for each model between texts that the corpus is about and texts that it isn't (`python -m
evals.relevance`). For a model that was not measured there is no line, and everything counts as relevant.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from retrieval.near import Near

LINES = Path(__file__).with_name("relevance.json")
NEAR_MISSES = 3
"""How many of the nearest are offered when none is relevant."""


class Line(BaseModel):
    """Where relevance begins for one model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    short: float
    """The least cosine of the nearest passage (-1 to 1) for a text of one window, about three sentences."""
    long: float
    """The same for longer texts, whose many windows give chance more tries."""
    measured: str = ""
    """What the line was chosen on, with sizes and error rates."""

    def admits(self, cosine: float, windows: int) -> bool:
        return cosine >= (self.short if windows <= 1 else self.long)


@cache
def lines() -> dict[str, Line]:
    """All measured lines by the model's fingerprint."""
    held = json.loads(LINES.read_text(encoding="utf-8"))
    return {fingerprint: Line(**line) for fingerprint, line in held["lines"].items()}


def nearest_cosine(near: Sequence[Near]) -> float:
    """The cosine of the nearest passage; -1 where none is close in meaning."""
    return max((one.cosine for one in near if one.cosine is not None), default=-1.0)
