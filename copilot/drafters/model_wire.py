"""What a model answers, as it stands on the wire. Field docstrings are part of what the model is told."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from policy_corpus import Reportability

Sentence = Annotated[str, Field(max_length=2_000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class WireWords(Wire):
    part: Name
    """The part that the words stand in, such as part-1."""
    quote: Annotated[str, Field(min_length=1, max_length=2_000)]
    """Copied character by character."""


class WireFinding(Wire):
    fact: Name
    value: Name
    about: Annotated[str, Field(max_length=200)] | None
    """The party that the fact is about, such as party-1; null for the case."""
    evidence: Annotated[tuple[WireWords, ...], Field(max_length=8)]
    """The words that show it."""
    why: Sentence
    """At most one sentence."""


class WireFindings(Wire):
    findings: Annotated[tuple[WireFinding, ...], Field(max_length=300)]


class WireCitation(Wire):
    source: Name
    """The id of a passage."""
    quote: Annotated[str, Field(min_length=1, max_length=4_000)]
    """Copied character by character from that passage."""


class WireClaim(Wire):
    text: Annotated[str, Field(min_length=1, max_length=2_000)]
    """One sentence."""
    citations: Annotated[tuple[WireCitation, ...], Field(max_length=10)]
    evidence: Annotated[tuple[WireWords, ...], Field(max_length=8)]
    """The words of the case that it rests on."""


class WireFlip(Wire):
    fact: Name
    value: Name
    """The value that would change the outcome."""
    about: Annotated[str, Field(max_length=200)] | None
    would: Annotated[str, Field(min_length=1, max_length=2_000)]
    """What would then follow."""


class WireStep(Wire):
    action: Name
    on: Name
    """case, a party such as party-1, or a part such as part-1."""
    because: Annotated[tuple[Name, ...], Field(max_length=20)]
    """Clauses and duties that ask for it."""
    note: Sentence


class WireDraft(Wire):
    # Reasons stand before what follows from them: models write from left to right.
    claims: Annotated[tuple[WireClaim, ...], Field(max_length=40)]
    clauses: Annotated[tuple[Name, ...], Field(max_length=20)]
    opposing: WireCitation | None
    would_flip: Annotated[tuple[WireFlip, ...], Field(max_length=20)]
    missing: Annotated[tuple[Name, ...], Field(max_length=40)]
    steps: Annotated[tuple[WireStep, ...], Field(max_length=40)]
    reportability: Reportability
    reportability_basis: Sentence
    not_checked: Annotated[tuple[Sentence, ...], Field(max_length=20)]
    summary: Annotated[str, Field(min_length=1, max_length=4_000)]
    """What is recommended and why, in two or three sentences."""
    abstained: Sentence
    """Why there is no recommendation; empty where there is one."""
