"""Model settings and connecting: clear about what is missing, silent about what is secret."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from copilot.errors import SettingsError
from copilot.llm import ModelSettings, connect

KEY = "key-for-tests-9931"


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XAI_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "XAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "settings, hint",
    [
        ({"model": "xai:grok-test"}, "set XAI_API_KEY"),
        ({"model": "openai:some"}, "set OPENAI_API_KEY"),
        ({"model": "cohere:some"}, "pip install langchain-cohere"),
        ({"model": "nobody:some"}, "check provider, name and key"),
    ],
)
def test_what_is_missing_is_named(settings: dict[str, Any], hint: str) -> None:
    with pytest.raises(SettingsError) as raised:
        connect(ModelSettings.model_validate(settings))
    assert hint in str(raised.value)
    assert raised.value.__context__ is None


@pytest.mark.parametrize(
    "settings",
    [{"model": "grok"}, {"model": "xai:"}, {"model": "xai:grok", "base_url": f"https://user:{KEY}@host/v1"}, {}],
)
def test_impossible_settings_are_refused_without_repeating_them(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as raised:
        ModelSettings.model_validate({**settings, "api_key": KEY})
    assert KEY not in str(raised.value)


def test_the_key_never_shows() -> None:
    settings = ModelSettings.model_validate({"model": "xai:grok-test", "api_key": KEY})
    chat = connect(settings)
    assert (
        KEY not in f"{settings!r} {settings} {settings.model_dump_json()} {settings.parameters()} {chat!r} {vars(chat)}"
    )


def test_an_own_endpoint_never_gets_the_providers_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    chat: Any = connect(ModelSettings(model="openai:local", base_url="http://127.0.0.1:1/v1"))
    assert chat._model.openai_api_key.get_secret_value() == "none"


@pytest.mark.parametrize("name, variable", [("xai:grok", "XAI_API_BASE"), ("openai:some", "OPENAI_BASE_URL")])
def test_the_environment_can_not_redirect_a_case(name: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "https://elsewhere.example/v1")
    monkeypatch.setenv("LANGSMITH_GATEWAY", "true")
    settings = ModelSettings.model_validate({"model": name, "api_key": KEY})
    chat: Any = connect(settings)
    assert str(chat._model.root_async_client.base_url).rstrip("/") == settings.address


def test_importing_is_cheap() -> None:
    heavy = "('langchain', 'langchain_core', 'langchain_openai', 'langchain_xai', 'openai', 'langsmith')"
    code = f"import sys, copilot.llm, copilot.drafters.model; sys.exit(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
