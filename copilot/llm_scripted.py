"""A model that answers from a script: for tests and demonstrations, without a key or a network."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, JsonValue

from copilot.llm_chat import Answer, Message, Usage

Scripted = str | Mapping[str, object] | BaseModel | Exception
"""Raw text, something that becomes JSON, or an error to raise."""


@dataclass(frozen=True)
class Request:
    """What the model was asked."""

    messages: tuple[Message, ...]
    schema: dict[str, JsonValue]

    @property
    def text(self) -> str:
        """All that was sent, to look for what must or must not be in it."""
        return "\n".join(message.text for message in self.messages)


class ScriptedModel:
    """Gives its answers in order and keeps what it was asked."""

    def __init__(self, *answers: Scripted, id: str = "scripted:model", zero_retention: bool | None = None) -> None:
        self._answers = list(answers)
        self._id = id
        self._zero_retention = zero_retention
        self.history: list[Request] = []

    @property
    def id(self) -> str:
        return self._id

    async def answer(self, messages: Sequence[Message], schema: dict[str, JsonValue]) -> Answer:
        self.history.append(Request(tuple(messages), schema))
        if not self._answers:
            raise LookupError(f"the script has no answer for request {len(self.history)}; add one")
        scripted = self._answers.pop(0)
        if isinstance(scripted, Exception):
            raise scripted
        return Answer(
            text=_text(scripted),
            model=self._id,
            fingerprint="scripted",
            usage=Usage(input=sum(len(message.text) for message in messages) // 4),
            zero_retention=self._zero_retention,
        )


def _text(scripted: str | Mapping[str, object] | BaseModel) -> str:
    if isinstance(scripted, str):
        return scripted
    if isinstance(scripted, BaseModel):
        return scripted.model_dump_json()
    return json.dumps(scripted, ensure_ascii=False)
