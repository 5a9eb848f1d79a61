"""Training cases: short whole cases as they arrive, with the facts that they show.

They teach the light classifiers what only the whole of a case shows. Nothing cites them and nothing is decided by them:
they are no precedents.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from policy_corpus.base import Strict
from policy_corpus.examples import ExampleFact, Voice, said_once

LONGEST = 2_000
"""Characters of one part."""

Writer = Literal["subject", "affected", "reporter", "bystander", "professional"]


class TrainingPart(Strict):
    """One message, post, log line or note."""

    role: Voice
    by: Writer | None = None
    """Who wrote it; none of a system's or a service's own words."""
    text: str = Field(min_length=1, max_length=LONGEST)


class TrainingFact(ExampleFact):
    """A value of a fact that the whole case shows, and about whom."""

    about: Literal["subject", "affected", "reporter", "case"] = "case"


class TrainingCase(Strict):
    """A whole short case; synthetic, and of nobody."""

    id: str = Field(min_length=1)
    surface: str = ""
    """Where it happened, as a case names it."""
    parts: tuple[TrainingPart, ...] = Field(min_length=1)
    shows: tuple[TrainingFact, ...] = ()
    """Every fact that a careful reader of the whole would state."""

    @model_validator(mode="after")
    def _is_of_one_mind(self) -> Self:
        for number, part in enumerate(self.parts, 1):
            if not part.text.strip():
                raise ValueError(f"part {number} is empty; write what it says")
        said_once((one.fact, one.value, one.about) for one in self.shows)
        return self
