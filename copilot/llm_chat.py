"""The small Protocol that the rest sees of a language model: messages in, one answer in a JSON schema out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from pydantic import Field, JsonValue

from copilot.base import Strict


class Message(Strict):
    """One message to a model."""

    # Representations end up in logs; the text of a case must not.
    role: Literal["system", "user", "assistant"]
    text: str = Field(repr=False)


class Usage(Strict):
    """Tokens, as the provider counted them."""

    input: int = 0
    cached: int = 0
    output: int = 0
    reasoning: int = 0


class Answer(Strict):
    """What came back, and what there is to record about it."""

    text: str = Field(repr=False)
    model: str = ""
    """The id that answered, which can differ from the one that was asked for."""
    fingerprint: str = ""
    usage: Usage = Usage()
    zero_retention: bool | None = None
    """Whether the provider confirmed that it keeps nothing; none where it said nothing."""


class ChatModel(Protocol):
    """A language model that answers in a JSON schema."""

    @property
    def id(self) -> str:
        """`provider:model`."""
        ...

    async def answer(self, messages: Sequence[Message], schema: dict[str, JsonValue]) -> Answer:
        """One answer.

        Raises:
            ModelUnavailable: not reachable, not in time, not authorised, or too busy.
            ModelRefused: the provider's safety check stopped the request.
            ModelNonsense: what came back is no answer at all.
        """
        ...
