"""Asking a model for one answer in a shape: the schema on the wire, the checks afterwards, one more try."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

import prompts
from copilot.errors import ModelNonsense
from copilot.llm_chat import Answer, ChatModel, Message

Said = TypeVar("Said", bound=BaseModel)
KEPT = ("type", "enum", "const", "properties", "required", "items", "anyOf", "description", "additionalProperties")
"""The keywords that every provider's strict mode takes. Bounds and formats are enforced after parsing."""
MOST_CHOICES = 200
"""Longer enumerations stay free text on the wire: providers bound them."""
MOST_SHOWN = 4_000
"""Characters of an unusable answer that the model is shown again."""


@dataclass(frozen=True)
class Fault:
    """Something in an answer that can't be used."""

    where: str
    """The field, such as `steps.0.action`."""
    kind: str
    """What is wrong, in our own words: this much goes into errors and logs."""
    detail: str = ""
    """What only the model is told, because it can repeat its words."""


@dataclass(frozen=True)
class Shape(Generic[Said]):
    """What an answer must look like."""

    model: type[Said]
    choices: Mapping[str, Sequence[str]]
    """Field name to its allowed values, where those come from the pack."""
    check: Callable[[Said], Iterable[Fault]]
    """Faults beyond the schema."""

    @property
    def schema(self) -> dict[str, JsonValue]:
        return wire_schema(self.model, self.choices)


@dataclass(frozen=True)
class Asked(Generic[Said]):
    """An answer that can be used, and every answer it took."""

    said: Said
    answers: tuple[Answer, ...]


async def ask(chat: ChatModel, messages: Sequence[Message], shape: Shape[Said]) -> Asked[Said]:
    """The model's answer in that shape; where it can't be used, the model is told why and tries once more.

    Raises:
        ModelNonsense: the second answer can't be used either.
    """
    answers: list[Answer] = []
    faults: list[Fault] = []
    for _ in range(2):
        told = [*messages, *_again(answers, faults)]
        answers.append(await chat.answer(told, shape.schema))
        said, faults = read(answers[-1].text, shape)
        if said is not None:
            return Asked(said=said, answers=tuple(answers))
    places = "; ".join(dict.fromkeys(f"{fault.where}: {fault.kind}" for fault in faults[:5]))
    raise ModelNonsense(f"the answer of '{chat.id}' could not be used, nor could its second one ({places})")


def _again(answers: Sequence[Answer], faults: Sequence[Fault]) -> list[Message]:
    if not answers:
        return []
    listed = "\n".join(
        f"- {fault.where}: {fault.kind}{f' ({fault.detail})' if fault.detail else ''}" for fault in faults
    )
    return [
        Message(role="assistant", text=answers[-1].text[:MOST_SHOWN] or "(nothing)"),
        Message(role="user", text=prompts.load("again").render(faults=listed)),
    ]


def read(text: str, shape: Shape[Said]) -> tuple[Said | None, list[Fault]]:
    """The answer where it can be used, otherwise its faults. Nothing is repaired."""
    try:
        said = shape.model.model_validate_json(text)
    except ValidationError as error:
        return None, [_fault(one, shape.model) for one in error.errors(include_url=False, include_input=False)]
    faults = list(shape.check(said))
    return (None, faults) if faults else (said, [])


def _fault(error: Any, model: type[BaseModel]) -> Fault:
    """Only names of ours stand in `where`: an unknown key is the model's own word."""
    known = _fields(model)
    where = ".".join(str(step) if isinstance(step, int) or step in known else "?" for step in error["loc"])
    return Fault(where=where or "answer", kind=str(error["type"]).replace("_", " "), detail=str(error["msg"]))


def _fields(model: type[BaseModel]) -> frozenset[str]:
    schema = model.model_json_schema()
    shapes = [schema, *schema.get("$defs", {}).values()]
    return frozenset(name for shape in shapes for name in shape.get("properties", {}))


def wire_schema(model: type[BaseModel], choices: Mapping[str, Sequence[str]] | None = None) -> dict[str, JsonValue]:
    """The JSON schema of a model in the subset that providers' strict modes share.

    Every field required, null instead of optional, nothing additional, no references, bounds, patterns or formats.
    """
    schema = model.model_json_schema()
    wired = _wire(schema, schema.get("$defs", {}), choices or {})
    return {"title": model.__name__, "description": "The answer.", **wired}


def _wire(node: Any, shapes: Mapping[str, Any], choices: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    if "$ref" in node:
        return _wire(shapes[node["$ref"].rpartition("/")[2]], shapes, choices)
    kept = {key: value for key, value in node.items() if key in KEPT}
    if "const" in kept:
        kept["enum"] = [kept.pop("const")]
    if "properties" in kept:
        kept["properties"] = {
            name: _narrow(_wire(child, shapes, choices), choices.get(name, ()))
            for name, child in kept["properties"].items()
        }
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    if "items" in kept:
        kept["items"] = _wire(kept["items"], shapes, choices)
    if "anyOf" in kept:
        kept["anyOf"] = [_wire(child, shapes, choices) for child in kept["anyOf"]]
    return kept


def _narrow(node: dict[str, Any], allowed: Sequence[str]) -> dict[str, Any]:
    """A text field, or a list of them, held to the values that the pack allows."""
    if not allowed or len(allowed) > MOST_CHOICES:
        return node
    if node.get("type") == "array":
        return {**node, "items": _narrow(node["items"], allowed)}
    return {**node, "enum": list(allowed)} if node.get("type") == "string" else node
