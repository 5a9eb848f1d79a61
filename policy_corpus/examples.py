"""Examples: single sentences as they stand in cases, with the facts that they show and those that they only look like.

They teach the light classifiers. Nothing cites them and nothing is decided by them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from policy_corpus.base import Strict
from policy_corpus.criteria import UNKNOWN

LONGEST = 600
"""Characters of an example's text: a sentence or two."""

Voice = Literal["user", "assistant", "tool", "reporter", "reviewer"]
About = Literal["author", "subject", "affected", "case"]


class ExampleFact(Strict):
    """A value of a fact that the words don't show, although they look like it."""

    fact: str
    value: str


class Shown(ExampleFact):
    """A value of a fact that the words show, and about whom."""

    about: About = "case"
    """Whoever wrote the words, the party under review, the affected child, or the case."""


class Example(Strict):
    """A sentence or two of a case; synthetic, and of nobody."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    text: str = Field(min_length=1, max_length=LONGEST)
    role: Voice
    """Who speaks: a user, an AI system, a tool's log, a reporter, or a reviewer's note."""
    shows: tuple[Shown, ...] = ()
    """Every fact that the words show."""
    looks_like: tuple[ExampleFact, ...] = Field(default=(), alias="not")
    """Written `not`: what a hasty reader would take them to show."""

    @model_validator(mode="after")
    def _is_of_one_mind(self) -> Self:
        if not self.text.strip():
            raise ValueError("the text is empty; write a sentence")
        said_once((one.fact, one.value, one.about) for one in self.shows)
        for denied in self.looks_like:
            if any((denied.fact, denied.value) == (one.fact, one.value) for one in self.shows):
                raise ValueError(f"'{denied.fact}: {denied.value}' is both shown and not shown; decide")
        return self


def said_once(shown: Iterable[tuple[str, str, str]]) -> None:
    """Raises ValueError where something (fact, value, about whom) is shown twice, or shown as unknown."""
    seen = set()
    for one in shown:
        if one[1] == UNKNOWN:
            raise ValueError(f"words can't show '{one[0]}: unknown'; leave it out")
        if one in seen:
            raise ValueError(f"it shows '{one[0]}: {one[1]}' twice; say it once")
        seen.add(one)
