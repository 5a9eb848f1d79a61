"""Language models: the one place that knows LangChain's chat models."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue, SecretStr

from copilot.errors import CopilotError, ModelRefused, ModelUnavailable, SettingsError
from copilot.llm_chat import Answer, ChatModel, Message, Usage
from copilot.llm_failures import explained, pause
from copilot.llm_settings import PROVIDERS, ModelSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

__all__ = ["Answer", "ChatModel", "LangChainChat", "Message", "ModelSettings", "Usage", "connect"]

RETENTION_HEADER = "x-zero-data-retention"
CONVERSATION_HEADER = "x-grok-conv-id"
MOST_WAITS = 3
"""How often a request may be told to wait before it counts as unavailable."""


def connect(settings: ModelSettings) -> LangChainChat:
    """The model that the settings name. Sends nothing yet.

    Raises:
        SettingsError: no such provider, its package is missing, or there is no key.
    """
    from langchain.chat_models import init_chat_model

    failure: SettingsError
    try:
        return LangChainChat(settings, init_chat_model(settings.model, **_options(settings)))
    except ImportError:
        name = settings.provider.replace("_", "-")
        failure = SettingsError(
            f"'{settings.model}' needs another package", f"install it with: pip install langchain-{name}"
        )
    except SettingsError as error:
        failure = error
    except Exception as error:  # every provider has its own; their words could hold the key
        failure = SettingsError(
            f"'{settings.model}' can't be used ({type(error).__name__})", "check provider, name and key"
        )
    # Raised here and not above, so that no foreign error hangs on it as its context.
    raise failure


def _options(settings: ModelSettings) -> dict[str, Any]:
    """What the provider's package is told. No answer is cached, streamed, or retried behind our back."""
    options: dict[str, Any] = {
        "timeout": settings.timeout,
        "max_retries": 0,
        "cache": False,
        "disable_streaming": True,
        "base_url": settings.address,
        "api_key": _key(settings),
        "max_tokens": settings.max_tokens,
        "temperature": settings.temperature,
        "reasoning_effort": settings.effort,
    }
    if settings.provider in PROVIDERS:
        options |= {
            "include_response_headers": True,
            "http_async_client": _client(settings),
            "use_responses_api": False,
        }
    return {key: value for key, value in options.items() if value is not None}


def _key(settings: ModelSettings) -> SecretStr | None:
    """The key to send: the one given; for an own endpoint otherwise none, so that no provider's key ends up there."""
    if settings.api_key is not None and settings.api_key.get_secret_value():
        return settings.api_key
    if settings.provider not in PROVIDERS:
        return None
    if settings.base_url is not None:
        return SecretStr("none")
    variable = PROVIDERS[settings.provider][1]
    if held := os.environ.get(variable):
        return SecretStr(held)
    raise SettingsError(f"there is no key for '{settings.model}'", f"set {variable}, or api_key in the settings")


def _client(settings: ModelSettings) -> Any:
    """A client whose connections end with the request, so that it serves whichever event loop calls it."""
    import httpx2
    from openai import DefaultAsyncHttpxClient

    return DefaultAsyncHttpxClient(timeout=settings.timeout, limits=httpx2.Limits(max_keepalive_connections=0))


class LangChainChat:
    """A model behind LangChain."""

    def __init__(self, settings: ModelSettings, model: BaseChatModel) -> None:
        self._settings = settings
        self._model = model
        self._assured = not settings.require_zero_retention

    def __repr__(self) -> str:
        return f"LangChainChat({self.id!r})"

    @property
    def id(self) -> str:
        return self._settings.model

    async def answer(self, messages: Sequence[Message], schema: dict[str, JsonValue]) -> Answer:
        if not self._assured:
            # Asked before anything of a case leaves: afterwards it would be too late.
            await self._patiently([Message(role="user", text="Answer with the word: ready")], None)
            self._assured = True
        return await self._patiently(messages, schema)

    async def _patiently(self, messages: Sequence[Message], schema: dict[str, JsonValue] | None) -> Answer:
        """One answer, waiting within bounds where the provider asks for it."""
        left = self._settings.patience
        for _ in range(MOST_WAITS):
            reply = await self._once(messages, schema)
            if isinstance(reply, Answer):
                return reply
            failure, wait = reply
            if wait is None or wait > left:
                raise failure
            left -= wait
            await asyncio.sleep(wait)
        raise failure

    async def _once(
        self, messages: Sequence[Message], schema: dict[str, JsonValue] | None
    ) -> Answer | tuple[CopilotError, float | None]:
        """An answer, or what failed and how long to wait before another try (none: don't try).

        Failures are returned, not raised from here: a foreign error can hold the request or the key, and must not hang
        on ours as its context.
        """
        from langsmith import tracing_context

        try:
            # Whatever the environment says, no request is copied to a tracing service.
            with tracing_context(enabled=False):
                async with asyncio.timeout(self._settings.timeout):
                    message = await self._invoke(messages, schema)
            return self._read(message)
        except CopilotError as error:
            return error, None
        except Exception as error:  # the one seam: every foreign error becomes one of ours
            return explained(error, self.id), pause(error)

    async def _invoke(self, messages: Sequence[Message], schema: dict[str, JsonValue] | None) -> AIMessage:
        said = [(message.role, message.text) for message in messages]
        extra = self._extra(messages)
        if schema is None:
            return await self._model.ainvoke(said, **extra)
        structured = self._model.with_structured_output(
            schema, method="json_schema", include_raw=True, strict=True, **extra
        )
        answered: Any = await structured.ainvoke(said)
        # Only the raw message counts: LangChain's parser completes cut-off JSON, and we never repair an answer.
        message: AIMessage = answered["raw"]
        return message

    def _extra(self, messages: Sequence[Message]) -> dict[str, Any]:
        """Sends requests with the same stable part to one server, whose prompt cache then holds it."""
        if self._settings.provider != "xai":
            return {}
        stable = "".join(message.text for message in messages if message.role == "system")
        return {"extra_headers": {CONVERSATION_HEADER: hashlib.sha256(stable.encode()).hexdigest()[:32]}}

    def _read(self, message: AIMessage) -> Answer:
        about = message.response_metadata
        if message.additional_kwargs.get("refusal") or about.get("finish_reason") == "content_filter":
            raise ModelRefused("the model refused to answer; this says nothing about the case")
        kept = {key.lower(): value for key, value in (about.get("headers") or {}).items()}.get(RETENTION_HEADER)
        if self._settings.require_zero_retention and kept != "true":
            raise ModelUnavailable(
                f"'{self.id}' did not confirm that it keeps nothing",
                "use an account with zero data retention, or set require_zero_retention to false if counsel agrees",
            )
        return Answer(
            text=str(message.text),
            model=str(about.get("model_name") or ""),
            fingerprint=str(about.get("system_fingerprint") or ""),
            usage=_usage(message),
            zero_retention=None if kept is None else kept == "true",
        )


def _usage(message: AIMessage) -> Usage:
    counted: Any = message.usage_metadata or {}
    return Usage(
        input=counted.get("input_tokens") or 0,
        cached=(counted.get("input_token_details") or {}).get("cache_read") or 0,
        output=counted.get("output_tokens") or 0,
        reasoning=(counted.get("output_token_details") or {}).get("reasoning") or 0,
    )
