"""The shapes that measuring shares."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

Progress = Callable[[int, int, str], None]
"""Told how many of how many are done, and what is being worked on."""


def silent(done: int, of: int, what: str) -> None:
    """The progress callback that tells nobody."""


class Strict(BaseModel):
    """A frozen record whose unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")
