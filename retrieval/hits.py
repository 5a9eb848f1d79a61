"""What a search gives back: passages with scores, and why each came back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from policy_corpus import Passage

ReasonKind = Literal["similar", "words", "criteria_met", "criteria_undecided", "required", "exception", "opposing"]


class Reason(BaseModel):
    """One reason why a passage came back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ReasonKind
    detail: str
    """In plain words, such as `its criteria are met: contact_with_minor`."""
    score: float | None = None
    """Cosine for `similar`, rank-based for others; none where there is nothing to score."""


class Link(BaseModel):
    """What belongs to a clause and must be read with it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["exception", "duty"]
    """A clause in force that displaces this one when it is met, or a duty that this one carries."""
    name: str
    """`CLAUSE@version`, or a duty's id."""
    title: str


class Hit(BaseModel):
    """A passage that came back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passage: Passage
    score: float
    """Fused; only comparable within one search."""
    reasons: tuple[Reason, ...]
    links: tuple[Link, ...] = ()
    """A clause's exceptions and duties; none on precedents."""
    folded: tuple[str, ...] = ()
    """Ids of further precedents that tell nearly the same story and were decided alike."""


class Found(tuple[Hit, ...]):
    """The hits of one search, best first, and whether anything relevant was among them."""

    relevant: bool
    """Whether something is near enough, met or required. True where no line was measured for the embedder."""
    near_misses: tuple[Hit, ...]
    """What came nearest when nothing was relevant, in a search by text alone: to show apart, never to cite."""

    def __new__(cls, hits: Iterable[Hit] = (), *, relevant: bool = True, near_misses: Iterable[Hit] = ()) -> Self:
        made = super().__new__(cls, tuple(hits))
        made.relevant = relevant
        made.near_misses = tuple(near_misses)
        return made
