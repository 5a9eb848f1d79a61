"""What foreign errors mean: every error of a provider's package becomes one of ours, the most specific rule first.

None of our messages holds what the foreign error says: that may be the request, the answer or the key.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

from copilot.base import now
from copilot.errors import DrafterError, ModelNonsense, ModelRefused, ModelUnavailable

SAFETY_CHECK = re.compile(r"SAFETY_CHECK_TYPE_[A-Z_]{1,40}")
SAFETY_WORDS = ("violates usage guidelines", "content_policy_violation", "content_filter", "invalid_prompt")
Rule = Callable[[str, str], DrafterError]
"""Model and a foreign error's name to our error."""


def explained(error: Exception, model: str) -> DrafterError:
    """Our error for a foreign one."""
    if refusal := _refused(error):
        return refusal
    rule = rule_for(type(error))
    if rule is None:
        return ModelUnavailable(f"'{model}' failed ({type(error).__name__})", "see the provider's status page")
    return rule(model, type(error).__name__)


def rule_for(kind: type[BaseException]) -> Rule | None:
    """The rule of the nearest class above `kind` that has one."""
    above = [rule_name(one) for one in kind.__mro__]
    if "langchain_core.ContextOverflowError" in above:  # a bad request too, but this says more
        return _too_long
    return next((_RULES[name] for name in above if name in _RULES), None)


def rule_name(kind: type) -> str:
    """How a foreign class is listed among the rules."""
    return f"{kind.__module__.partition('.')[0]}.{kind.__name__}"


def pause(error: Exception) -> float | None:
    """How many seconds the provider wants us to wait before trying again; none where trying again is no use."""
    response = getattr(error, "response", None)
    if getattr(response, "status_code", None) != 429 or getattr(error, "code", None) == "insufficient_quota":
        return None
    headers: Any = getattr(response, "headers", {})
    return max(0.0, _seconds(headers.get("retry-after")))


def _seconds(said: str | None) -> float:
    """`Retry-After` as seconds: it comes as a number or as a date; a second where it says nothing usable."""
    try:
        return float(said or "")
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(said or "") - now()).total_seconds()
    except (ValueError, TypeError):
        return 1.0


def _refused(error: Exception) -> ModelRefused | None:
    """Tells a safety check's refusal from an authorisation failure: both can come as 403."""
    if not hasattr(error, "status_code"):
        return None
    said = f"{getattr(error, 'message', '')} {getattr(error, 'body', '')} {getattr(error, 'code', '')}"
    check = SAFETY_CHECK.search(said)
    if check is None and not any(words in said for words in SAFETY_WORDS):
        return None
    return ModelRefused(
        "the provider's safety check stopped this request; this says nothing about the case",
        f"it named {check[0]}" if check else "",
    )


def _late(model: str, name: str) -> DrafterError:
    return ModelUnavailable(f"'{model}' did not answer in time", "raise the timeout, or lower the reasoning effort")


def _unreachable(model: str, name: str) -> DrafterError:
    return ModelUnavailable(f"'{model}' could not be reached", "check the base URL and the network")


def _not_authorised(model: str, name: str) -> DrafterError:
    return ModelUnavailable(
        f"'{model}' did not accept the key", "check the key, and that its account may use this model"
    )


def _not_found(model: str, name: str) -> DrafterError:
    return ModelUnavailable(f"there is no '{model}' at that address", "check the model's name and the base URL")


def _not_accepted(model: str, name: str) -> DrafterError:
    return ModelUnavailable(
        f"'{model}' did not accept the request",
        "check effort, temperature and max_tokens, and that it answers in JSON schemas",
    )


def _too_long(model: str, name: str) -> DrafterError:
    return ModelUnavailable(f"the request is too long for '{model}'", "lower most_text")


def _busy(model: str, name: str) -> DrafterError:
    return ModelUnavailable(f"'{model}' has too many requests or no credit", "try later, or raise the account's limits")


def _server_failed(model: str, name: str) -> DrafterError:
    return ModelUnavailable(f"the server of '{model}' failed ({name})", "try later; see the provider's status page")


def _no_answer(model: str, name: str) -> DrafterError:
    return ModelNonsense(f"what came back from '{model}' is no chat completion ({name})", "check the base URL")


def _cut_off(model: str, name: str) -> DrafterError:
    return ModelNonsense(f"the answer of '{model}' was cut off", "raise max_tokens; reasoning counts towards it")


def _filtered(model: str, name: str) -> DrafterError:
    return ModelRefused("the provider's content filter stopped the answer; this says nothing about the case")


_RULES: dict[str, Rule] = {
    "builtins.TimeoutError": _late,
    "builtins.ConnectionError": _unreachable,
    # What LangChain stumbles over when an answer has not the form of a chat completion.
    "builtins.AttributeError": _no_answer,
    "builtins.LookupError": _no_answer,
    "builtins.TypeError": _no_answer,
    "builtins.ValueError": _no_answer,
    "openai.APITimeoutError": _late,
    "openai.APIConnectionError": _unreachable,
    "openai.AuthenticationError": _not_authorised,
    "openai.OAuthError": _not_authorised,
    "openai.SubjectTokenProviderError": _not_authorised,
    "openai.PermissionDeniedError": _not_authorised,
    "openai.NotFoundError": _not_found,
    "openai.BadRequestError": _not_accepted,
    "openai.UnprocessableEntityError": _not_accepted,
    "openai.ConflictError": _server_failed,
    "openai.RateLimitError": _busy,
    "openai.InternalServerError": _server_failed,
    "openai.APIStatusError": _server_failed,
    "openai.APIResponseValidationError": _no_answer,
    "openai.APIError": _server_failed,
    "openai.OpenAIError": _server_failed,
    "openai.LengthFinishReasonError": _cut_off,
    "openai.ContentFilterFinishReasonError": _filtered,
    "openai.InvalidWebhookSignatureError": _server_failed,
    "openai.WebSocketConnectionClosedError": _unreachable,
    "openai.WebSocketQueueFullError": _unreachable,
    "langchain_core.ContextOverflowError": _too_long,
    "langchain_core.ModelTimeoutError": _late,
    "langchain_core.ModelConnectionError": _unreachable,
    "langchain_core.ModelAuthenticationError": _not_authorised,
    "langchain_core.ModelPermissionDeniedError": _not_authorised,
    "langchain_core.ModelNotFoundError": _not_found,
    "langchain_core.ModelInvalidRequestError": _not_accepted,
    "langchain_core.ModelRateLimitError": _busy,
    "langchain_core.ModelAPIError": _server_failed,
}
"""A rule a class, by package and name, so that nothing foreign is imported before it is used. Every class that `openai`
can raise has its own: a test notices a new one."""
