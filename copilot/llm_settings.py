"""Settings of a language model: which one, where it runs, what may be sent to it."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, SecretStr, field_validator

from copilot.base import Strict

PROVIDERS = {"xai": ("https://api.x.ai/v1", "XAI_API_KEY"), "openai": ("https://api.openai.com/v1", "OPENAI_API_KEY")}
"""Providers whose address and key we pass ourselves: a variable of the environment must never redirect a case."""


class ModelSettings(Strict):
    """Which model, where it runs, and what may be sent to it."""

    # A wrong value must not bring the key or a password in an address into an error.
    model_config = ConfigDict(hide_input_in_errors=True)

    model: str
    """`provider:model`, such as `xai:grok-4.6`, or `openai:NAME` with a base URL for any OpenAI-compatible server."""
    base_url: str | None = None
    """An own or contracted endpoint; none for the provider's public one."""
    api_key: SecretStr | None = None
    """None takes the provider's usual variable for its public endpoint; an own endpoint is never sent that one."""
    timeout: float = Field(default=180, gt=0)
    """Seconds for one answer, from first to last byte; reasoning models are slow."""
    patience: float = Field(default=30, ge=0)
    """Seconds that may be spent in all on waiting when the provider says 'too many requests'."""
    max_tokens: int | None = Field(default=None, ge=1)
    effort: str | None = None
    """Reasoning effort, in the provider's words; none leaves its default."""
    temperature: float | None = None
    """None sends none: reasoning models answer 400 to sampling parameters."""
    require_zero_retention: bool = False
    """Refuse to go on unless the provider confirms with every answer that it keeps nothing."""
    send: Literal["text", "findings"] = "text"
    """Whether the text of cases may leave, or only findings in the vocabulary's words."""
    most_text: int = Field(default=60_000, ge=200)
    """Characters of case text in one request; what is left out is named in the draft."""

    @field_validator("model")
    @classmethod
    def _names_its_provider(cls, model: str) -> str:
        provider, _, name = model.partition(":")
        if not provider or not name:
            raise ValueError("write it as provider:model, such as xai:NAME, or openai:NAME with a base URL")
        return model

    @field_validator("base_url")
    @classmethod
    def _carries_no_password(cls, url: str | None) -> str | None:
        if url is not None and (urlsplit(url).username or urlsplit(url).password):
            raise ValueError("an address must not carry a password; give the key as api_key")
        return url

    @property
    def provider(self) -> str:
        return self.model.partition(":")[0]

    @property
    def address(self) -> str | None:
        """Where requests go; none where only the provider's own package knows."""
        return self.base_url or PROVIDERS.get(self.provider, (None, ""))[0]

    def parameters(self) -> dict[str, str]:
        """What is needed to replay an answer, as far as settings go."""
        kept = {
            "model",
            "timeout",
            "max_tokens",
            "effort",
            "temperature",
            "require_zero_retention",
            "send",
            "most_text",
        }
        said = self.model_dump(include=kept, exclude_none=True)
        return {**{key: str(value) for key, value in said.items()}, "address": self.address or ""}
