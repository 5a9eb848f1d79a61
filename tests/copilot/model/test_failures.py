"""Every foreign error has a rule."""

from __future__ import annotations

import langchain_core.exceptions
import openai
import openai._exceptions
import pytest

from copilot.errors import DrafterError, ModelUnavailable
from copilot.llm_failures import _RULES, explained, rule_for, rule_name


def foreign() -> list[type[Exception]]:
    """What a request through the openai package can raise."""
    named = [*vars(openai).values(), *vars(openai._exceptions).values()]
    kinds = {kind for kind in named if isinstance(kind, type) and issubclass(kind, Exception)}
    return sorted((kind for kind in kinds if kind.__module__ in ("openai", "openai._exceptions")), key=rule_name)


def test_every_openai_error_has_a_rule_of_its_own() -> None:
    public = [kind for kind in foreign() if not kind.__name__.startswith("_")]
    assert len(public) > 15
    assert [rule_name(kind) for kind in public if rule_name(kind) not in _RULES] == []


@pytest.mark.parametrize("name", [name for name in _RULES if name.startswith(("openai.", "langchain_core."))])
def test_every_rule_is_about_a_class_that_exists(name: str) -> None:
    package, _, kind = name.partition(".")
    known = {rule_name(one) for one in foreign()}
    assert name in known or (package == "langchain_core" and hasattr(langchain_core.exceptions, kind))


@pytest.mark.parametrize("name, rule", _RULES.items())
def test_rules_name_the_model_and_a_hint(name: str, rule: object) -> None:
    assert callable(rule)
    error = rule("xai:grok-test", "SomeError")
    assert isinstance(error, DrafterError) and error.message


def test_an_error_without_a_rule_is_named_and_not_quoted() -> None:
    error = explained(ArithmeticError("words of a case"), "xai:grok-test")
    assert rule_for(ArithmeticError) is None
    assert isinstance(error, ModelUnavailable)
    assert "ArithmeticError" in str(error) and "words" not in str(error)
