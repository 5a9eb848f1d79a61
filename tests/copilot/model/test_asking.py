"""The wire schema's subset, what an answer must keep to, and the one retry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from copilot.drafters.model_wire import WireDraft, WireFindings
from copilot.errors import ModelNonsense, ModelUnavailable
from copilot.llm_asking import Fault, Shape, ask, read, wire_schema
from copilot.llm_chat import Message
from copilot.llm_scripted import ScriptedModel
from tests.copilot.model.small import good_draft, good_findings

ALLOWED = {"type", "enum", "properties", "required", "items", "anyOf", "description", "additionalProperties", "title"}
MESSAGES = [Message(role="system", text="Rules."), Message(role="user", text="Case.")]
FINDINGS = Shape(WireFindings, {}, lambda said: ())


def nodes(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema within a schema."""
    yield path, schema
    for name, child in schema.get("properties", {}).items():
        yield from nodes(child, f"{path}.{name}")
    for number, child in enumerate(schema.get("anyOf", [])):
        yield from nodes(child, f"{path}|{number}")
    if "items" in schema:
        yield from nodes(schema["items"], f"{path}[]")


@pytest.mark.parametrize("model", [WireFindings, WireDraft])
def test_the_wire_schema_stays_in_the_subset_that_providers_share(model: Any) -> None:
    choices = {"action": ["suspend"], "fact": ["threat"], "missing": ["threat"]}
    seen = dict(nodes(wire_schema(model, choices)))
    for path, node in seen.items():
        assert node.keys() <= ALLOWED, path
        assert "title" not in node or path == ""
        assert ("type" in node) != ("anyOf" in node), path
        if node.get("type") == "object":
            assert node["additionalProperties"] is False, path
            assert node["required"] == list(node["properties"]), path
        if "anyOf" in node:
            assert [child.get("type") for child in node["anyOf"]].count("null") == 1, path


def test_names_of_the_pack_are_choices_on_the_wire() -> None:
    seen = dict(nodes(wire_schema(WireDraft, {"action": ["suspend"], "fact": ["threat"], "missing": ["threat"]})))
    assert seen[".steps[].action"]["enum"] == ["suspend"]
    assert seen[".would_flip[].fact"]["enum"] == ["threat"]
    assert seen[".missing[]"]["enum"] == ["threat"]
    assert "enum" not in seen[".steps[].on"]
    many = dict(nodes(wire_schema(WireDraft, {"action": [f"action_{number}" for number in range(500)]})))
    assert "enum" not in many[".steps[].action"]


def test_good_answers_are_read() -> None:
    assert read(json.dumps(good_findings()), FINDINGS)[0] is not None
    assert read(json.dumps(good_draft()), Shape(WireDraft, {}, lambda said: ()))[0] is not None


BAD = [
    ("", "answer: json invalid"),
    ("I can't help with that.", "answer: json invalid"),
    ('{"findings": [', "answer: json invalid"),
    ('```json\n{"findings": []}\n```', "answer: json invalid"),
    ('{"findings": [], "secret words": 1}', "?: extra forbidden"),
    ("{}", "findings: missing"),
    ('{"findings": {}}', "findings: tuple type"),
    ('{"findings": [{"fact": "threat"}]}', "findings.0.value: missing"),
    (
        '{"findings": [{"fact": "", "value": "x", "about": null, "evidence": [], "why": ""}]}',
        "findings.0.fact: string too short",
    ),
    (
        '{"findings": [{"fact": "\\ud800", "value": "x", "about": null, "evidence": [], "why": ""}]}',
        "answer: json invalid",
    ),
]


@pytest.mark.parametrize("text, fault", BAD)
def test_what_is_wrong_is_named_without_the_answers_words(text: str, fault: str) -> None:
    said, faults = read(text, FINDINGS)
    assert said is None
    assert fault in [f"{one.where}: {one.kind}" for one in faults]


@pytest.mark.asyncio
async def test_nonsense_once_is_told_and_tried_again() -> None:
    chat = ScriptedModel("words of a case, no JSON", good_findings())
    asked = await ask(chat, MESSAGES, FINDINGS)
    assert len(asked.answers) == 2 and asked.said.findings[0].fact == "threat"
    first, second = chat.history
    assert [message.role for message in second.messages] == ["system", "user", "assistant", "user"]
    assert second.messages[:2] == first.messages
    assert "json invalid" in second.messages[-1].text


@pytest.mark.asyncio
async def test_nonsense_twice_is_an_error_without_the_answers_words() -> None:
    chat = ScriptedModel("words of a case", '{"words of a case": 1}', good_findings())
    with pytest.raises(ModelNonsense, match="findings: missing") as raised:
        await ask(chat, MESSAGES, FINDINGS)
    assert "words" not in str(raised.value)
    assert len(chat.history) == 2


@pytest.mark.asyncio
async def test_faults_beyond_the_schema_are_told_in_full_and_raised_in_short() -> None:
    fault = Fault("findings.0", "not allowed", "'words of a case'")
    chat = ScriptedModel(good_findings(), good_findings())
    with pytest.raises(ModelNonsense, match=r"findings.0: not allowed\)") as raised:
        await ask(chat, MESSAGES, Shape(WireFindings, {}, lambda said: [fault]))
    assert "words of a case" in chat.history[1].messages[-1].text
    assert "words" not in str(raised.value)


@pytest.mark.asyncio
async def test_a_model_that_fails_is_not_asked_again() -> None:
    chat = ScriptedModel(ModelUnavailable("away"), good_findings())
    with pytest.raises(ModelUnavailable, match="away"):
        await ask(chat, MESSAGES, FINDINGS)
    assert len(chat.history) == 1


def test_representations_hold_no_text() -> None:
    assert "Case." not in repr(MESSAGES)
