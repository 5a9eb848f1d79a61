"""A case: what is under review, in versions."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from copilot.base import Moment, Strict

Role = Literal["subject", "affected_child", "reporter", "bystander", "unknown"]
PartyKind = Literal["account", "person", "organisation"]
PartRole = Literal["user", "assistant", "system", "report", "profile", "note", "tool", "unknown"]

MOST_TEXT = 2_000_000
"""Characters of text that one case may hold; a longer one is refused with a hint to split it."""


class Span(Strict):
    """Words of a case: code points `start` (inclusive) to `end` (exclusive) of a part's stored original text."""

    part: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Party(Strict):
    """Someone in the case. Never carries more about a person than the review needs."""

    id: str
    kind: PartyKind = "account"
    role: Role = "unknown"
    age_evidence: str | None = None
    """What is known of the age, in the vocabulary's values."""


class Attestation(Strict):
    """A named person's statement of having viewed a file; never inferred."""

    person: str
    at: Moment
    saw: str
    """What was seen, in clinical words."""


class Media(Strict):
    """What is known about a file. The file itself never enters."""

    kind: Literal["image", "video", "livestream", "audio", "archive", "model", "other"]
    hashes: dict[str, str] = {}
    match: dict[str, JsonValue] = {}
    """Match metadata as the matcher gave it: list, distance, verification."""
    viewed: Attestation | None = None


class Part(Strict):
    """One piece of the case: text with the role of who wrote it, or a file's metadata."""

    id: str
    role: PartRole = "unknown"
    party: str | None = None
    text: str | None = None
    media: Media | None = None
    at: Moment | None = None
    exposure: int = Field(default=1, ge=0, le=3)
    """How much it may weigh on a reader, 0 (none) to 3 (masked until asked for)."""

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if self.text is None and self.media is None:
            raise ValueError("a part needs 'text' or 'media'")
        return self


class Signal(Strict):
    """Something another system or person observed. A `kind` that is a fact of the vocabulary counts as a finding."""

    kind: str
    value: str | float | bool | None = None
    source: str = ""
    basis: str = ""
    """How it was detected: `verified_list`, `staff_review`, `account_record`, `user_report`, `classifier` …"""
    about: str | None = None


class Places(Strict):
    """Where things happened, as ISO 3166 country codes."""

    conduct: tuple[str, ...] = ()
    party: dict[str, str] = {}
    service: tuple[str, ...] = ()


class Case(Strict):
    """What is under review. New evidence makes a new version."""

    format: int = 1
    id: str = Field(min_length=1, max_length=200)
    version: int = Field(default=1, ge=1)
    received_at: Moment | None = None
    surface: str = ""
    language: str = ""
    places: Places = Places()
    parties: tuple[Party, ...] = ()
    parts: tuple[Part, ...]
    signals: tuple[Signal, ...] = ()
    report: dict[str, JsonValue] = {}
    account: dict[str, JsonValue] = {}
    conduct_at: Moment | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_plain_text(cls, data: object) -> object:
        """`{id, text}` is a case too: one part by one account."""
        if isinstance(data, dict) and "text" in data and "parts" not in data:
            data = dict(data)
            part = {"id": "text", "role": "user", "text": data.pop("text")}
            if not data.get("parties"):
                data["parties"] = [{"id": "account", "kind": "account", "role": "subject"}]
                part["party"] = "account"
            data["parts"] = [part]
        return data

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        _each_once("part", [part.id for part in self.parts])
        _each_once("party", [party.id for party in self.parties])
        parties = {party.id for party in self.parties}
        for part in self.parts:
            if part.party is not None and part.party not in parties:
                raise ValueError(f"part '{part.id}' names party '{part.party}', which is not among the parties")
        for signal in self.signals:
            if signal.about is not None and signal.about not in parties:
                raise ValueError(f"signal '{signal.kind}' is about '{signal.about}', which is not among the parties")
        if not any((part.text or "").strip() or part.media for part in self.parts):
            raise ValueError("the case has no text and no media; there is nothing to review")
        if sum(len(part.text or "") for part in self.parts) > MOST_TEXT:
            raise ValueError(f"the case holds more than {MOST_TEXT:,} characters; split it into several cases")
        return self

    @property
    def judged_on(self) -> date:
        """The day whose clauses apply: of the conduct, otherwise of receipt, otherwise today."""
        moment = self.conduct_at or self.received_at
        return moment.date() if moment else date.today()

    @property
    def digest(self) -> str:
        """SHA-256 of the content, to notice that a stored review is about another version."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def part(self, id: str) -> Part | None:
        return next((part for part in self.parts if part.id == id), None)

    def party(self, id: str) -> Party | None:
        return next((party for party in self.parties if party.id == id), None)

    def subjects(self) -> tuple[Party, ...]:
        """The parties whose conduct is judged; where none is named, everyone whose role is unknown."""
        named = tuple(party for party in self.parties if party.role == "subject")
        return named or tuple(party for party in self.parties if party.role == "unknown")

    def judged(self) -> tuple[str | None, ...]:
        """The ids of the subjects, or one none where the case names nobody: findings are then about the case alone."""
        return tuple(party.id for party in self.subjects()) or (None,)

    def words(self, span: Span) -> str | None:
        """The text under a span, or none where the span doesn't lie within a part's text."""
        part = self.part(span.part)
        if part is None or part.text is None or not span.start < span.end <= len(part.text):
            return None
        return part.text[span.start : span.end]

    @property
    def text(self) -> str:
        """All text, part by part."""
        return "\n".join(part.text for part in self.parts if part.text)


def _each_once(kind: str, ids: list[str]) -> None:
    doubled = next((id for id in ids if ids.count(id) > 1), None)
    if doubled is not None:
        raise ValueError(f"{kind} id '{doubled}' is used twice; give each {kind} its own")
