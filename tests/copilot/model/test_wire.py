"""The real path through LangChain, over HTTP on the loopback interface."""

from __future__ import annotations

import asyncio
import logging
import traceback
from typing import Any

import pytest
from pydantic import BaseModel

from copilot.errors import DrafterError, ModelNonsense, ModelRefused, ModelUnavailable
from copilot.llm import LangChainChat, Message, ModelSettings, connect
from copilot.llm_asking import Shape, ask, wire_schema
from tests.copilot.model.small import MARKER
from tests.copilot.model.wire_server import Reply, WireServer, completion, nobody

KEY = "key-for-tests-9931"
ASKED = [Message(role="system", text="Rules."), Message(role="user", text=f"The case: {MARKER}")]
REFUSAL = {
    "code": "The caller does not have permission to execute the specified operation",
    "error": f"Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO. Request: {MARKER}",
}


class Said(BaseModel):
    word: str


SCHEMA = wire_schema(Said)
GOOD = completion({"word": "yes"})


def model(server: WireServer, **changes: Any) -> LangChainChat:
    return at(server.url, **changes)


def at(url: str, **changes: Any) -> LangChainChat:
    settings = {"model": "xai:grok-test", "base_url": url, "api_key": KEY, "timeout": 5, "patience": 0.5}
    return connect(ModelSettings.model_validate({**settings, **changes}))


@pytest.mark.parametrize("name", ["xai:grok-test", "openai:local-test"])
@pytest.mark.asyncio
async def test_an_answer_comes_back_with_what_is_recorded(name: str) -> None:
    with WireServer(Reply(GOOD, headers={"X-Zero-Data-Retention": "true"})).running() as server:
        asked = await ask(model(server, model=name, effort="low"), ASKED, Shape(Said, {}, lambda said: ()))
    answer = asked.answers[0]
    assert asked.said.word == "yes"
    assert (answer.model, answer.fingerprint, answer.zero_retention) == ("served-model-1", "fp_1", True)
    assert (answer.usage.input, answer.usage.cached, answer.usage.output) == (100, 64, 20)
    received = server.received[0]
    assert received.path == "/v1/chat/completions"
    assert received.headers["authorization"] == f"Bearer {KEY}"
    assert received.body["response_format"]["json_schema"]["strict"] is True
    assert received.body["response_format"]["json_schema"]["schema"]["additionalProperties"] is False
    assert received.body["reasoning_effort"] == "low"
    assert not received.body["stream"]
    sampling = {"temperature", "top_p", "presence_penalty", "frequency_penalty", "stop", "tools", "store"}
    assert not sampling & received.body.keys()


@pytest.mark.asyncio
async def test_requests_with_one_stable_part_go_to_one_server() -> None:
    with WireServer(Reply(GOOD)).running() as server:
        chat = model(server)
        for text in ("one", "another"):
            await chat.answer([ASKED[0], Message(role="user", text=text)], SCHEMA)
        await chat.answer([Message(role="system", text="Other rules."), ASKED[1]], SCHEMA)
    first, second, third = (received.headers["x-grok-conv-id"] for received in server.received)
    assert first == second != third


FAILURES = [
    ("safety refusal", Reply(REFUSAL, 403), ModelRefused, "SAFETY_CHECK_TYPE_BIO"),
    ("forbidden", Reply({"error": {"message": MARKER}}, 403), ModelUnavailable, "check the key"),
    ("wrong key", Reply({"error": {"message": f"bad key {KEY}"}}, 401), ModelUnavailable, "check the key"),
    ("no such model", Reply({"error": {"message": MARKER}}, 404), ModelUnavailable, "model's name"),
    ("bad parameter", Reply({"error": {"message": MARKER}}, 400), ModelUnavailable, "max_tokens"),
    ("too long", Reply({"error": {"message": "prompt is too long"}}, 400), ModelUnavailable, "most_text"),
    ("content filter", Reply({"error": {"code": "content_filter"}}, 400), ModelRefused, "nothing about the case"),
    ("server error", Reply("oops", 500), ModelUnavailable, "try later"),
    ("overloaded", Reply({"error": MARKER}, 503), ModelUnavailable, "try later"),
    ("busy for long", Reply({"error": MARKER}, 429, {"retry-after": "60"}), ModelUnavailable, "too many requests"),
    ("no credit", Reply({"error": {"code": "insufficient_quota"}}, 429), ModelUnavailable, "no credit"),
    ("error in a 200", Reply({"error": MARKER, "choices": None}), ModelNonsense, "no chat completion"),
    ("web page", Reply(f"<html>{MARKER}</html>"), ModelNonsense, "no chat completion"),
    ("broken body", Reply("{" + MARKER), ModelNonsense, "no chat completion"),
    ("no choices", Reply({"id": "1", "choices": []}), ModelNonsense, "no chat completion"),
    ("cut off", Reply(completion("{", finish="length")), ModelNonsense, "max_tokens"),
    ("filtered answer", Reply(completion(MARKER, finish="content_filter")), ModelRefused, "nothing about the case"),
    ("declined answer", Reply(completion("", refusal=MARKER)), ModelRefused, "nothing about the case"),
]


@pytest.mark.parametrize("reply, kind, hint", [case[1:] for case in FAILURES], ids=[case[0] for case in FAILURES])
@pytest.mark.asyncio
async def test_failures_are_ours_and_hold_nothing_of_the_case(
    reply: Reply, kind: type[DrafterError], hint: str, caplog: pytest.LogCaptureFixture
) -> None:
    with WireServer(reply).running() as server, caplog.at_level(logging.DEBUG), pytest.raises(kind) as raised:
        await model(server).answer(ASKED, SCHEMA)
    assert hint in str(raised.value)
    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + caplog.text
    assert MARKER not in told and KEY not in told
    assert raised.value.__cause__ is None and raised.value.__context__ is None
    assert len(server.received) == 1


@pytest.mark.parametrize("after", ["0.05", "Wed, 21 Oct 2015 07:28:00 GMT"])
@pytest.mark.asyncio
async def test_too_many_requests_is_waited_out_within_bounds(after: str) -> None:
    busy = Reply({"error": "busy"}, 429, {"retry-after": after})
    with WireServer(busy, busy, Reply(GOOD)).running() as server:
        assert (await model(server).answer(ASKED, SCHEMA)).text
    assert len(server.received) == 3


@pytest.mark.asyncio
async def test_waiting_ends() -> None:
    with (
        WireServer(Reply({"error": "busy"}, 429, {"retry-after": "0"})).running() as server,
        pytest.raises(ModelUnavailable, match="too many requests"),
    ):
        await model(server).answer(ASKED, SCHEMA)
    assert len(server.received) == 3


@pytest.mark.asyncio
async def test_a_model_that_does_not_answer_in_time() -> None:
    with (
        WireServer(Reply(GOOD, wait=10)).running() as server,
        pytest.raises(ModelUnavailable, match="did not answer in time"),
    ):
        await model(server, timeout=0.2).answer(ASKED, SCHEMA)


@pytest.mark.asyncio
async def test_a_server_that_is_not_there() -> None:
    with nobody() as url, pytest.raises(ModelUnavailable, match="could not be reached"):
        await at(url).answer(ASKED, SCHEMA)


@pytest.mark.parametrize("headers", [{}, {"x-zero-data-retention": "false"}])
@pytest.mark.asyncio
async def test_nothing_of_a_case_leaves_before_zero_retention_is_confirmed(headers: dict[str, str]) -> None:
    with (
        WireServer(Reply(GOOD, headers=headers)).running() as server,
        pytest.raises(ModelUnavailable, match="keeps nothing"),
    ):
        await model(server, require_zero_retention=True).answer(ASKED, SCHEMA)
    assert len(server.received) == 1
    assert MARKER not in str(server.received[0].body)


@pytest.mark.asyncio
async def test_zero_retention_is_asked_for_once_and_checked_every_time() -> None:
    kept = {"x-zero-data-retention": "true"}
    replies = (Reply(completion("ready"), headers=kept), Reply(GOOD, headers=kept), Reply(GOOD))
    with WireServer(*replies).running() as server:
        chat = model(server, require_zero_retention=True)
        assert (await chat.answer(ASKED, SCHEMA)).zero_retention is True
        with pytest.raises(ModelUnavailable, match="keeps nothing"):
            await chat.answer(ASKED, SCHEMA)
    assert len(server.received) == 3


def test_one_model_serves_several_event_loops() -> None:
    with WireServer(Reply(GOOD)).running() as server:
        chat = model(server)
        for _ in range(2):
            assert asyncio.run(chat.answer(ASKED, SCHEMA)).text


@pytest.mark.asyncio
async def test_no_tracing_service_is_told_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from langsmith import utils

    cached: Any = utils.get_env_var

    with WireServer(Reply(GOOD)).running() as server, WireServer(Reply({})).running() as tracer:
        for name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(name, "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "none")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", tracer.url)
        cached.cache_clear()
        try:
            await model(server).answer(ASKED, SCHEMA)
            await asyncio.sleep(0.3)
        finally:
            monkeypatch.undo()
            cached.cache_clear()
    assert len(server.received) == 1
    assert not tracer.received
