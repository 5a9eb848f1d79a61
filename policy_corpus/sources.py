"""Reading a pack's files with the line of every key, so that an error can say where it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from policy_corpus.errors import Problem, expected_one_of

Loc = Sequence[str | int]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Source:
    """Parsed data and where it stands: `offset` is what to add to the parser's own line numbers."""

    path: str
    data: Any
    offset: int = 0

    def line(self, loc: Loc = ()) -> int:
        """The 1-based line of the innermost part of `loc` that exists in the file."""
        node, line = self.data, 0
        for key in loc:
            marks = getattr(node, "lc", None)
            try:
                child = node[key]
            except (KeyError, IndexError, TypeError):
                break
            if marks is not None:
                line = marks.item(key)[0] if isinstance(key, int) else marks.key(key)[0]
            node = child
        return line + 1 + self.offset

    def problem(self, loc: Loc, message: str, hint: str = "") -> Problem:
        return Problem(self.path, self.line(loc), message, hint)


def read_yaml(path: str, text: str, offset: int = 0) -> Source | Problem:
    """YAML with line marks; a syntax error comes back as a problem."""
    # Imported here: a pack that comes from its compiled copy needs no parser.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    parser = YAML(typ="rt")
    parser.allow_duplicate_keys = False
    try:
        return Source(path, parser.load(text), offset)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + 1 + offset
        said = (error.problem or "not valid YAML").strip().split("\n")[0]
        return Problem(path, line, f"can't read this as YAML: {said}", "check indentation, colons and quotes")


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file with front matter: its data, and its sections by heading."""

    source: Source
    sections: dict[str, str]


_HEADING = re.compile(r"^## +(.+?) *$", re.MULTILINE)


def read_markdown(path: str, text: str) -> Document | Problem:
    """Front matter between `---` lines, then `## Heading` sections."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        return Problem(path, 1, "no front matter", "start the file with a line '---', the keys, and another '---'")
    end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        return Problem(path, 1, "the front matter never ends", "close it with a line '---'")
    source = read_yaml(path, "\n".join(lines[1:end]), offset=1)
    if isinstance(source, Problem):
        return source
    return Document(source, _sections("\n".join(lines[end + 1 :])))


def _sections(body: str) -> dict[str, str]:
    pieces = _HEADING.split(body)
    named = {pieces[i].strip().lower().replace(" ", "_"): pieces[i + 1].strip() for i in range(1, len(pieces), 2)}
    if not named and pieces[0].strip():
        return {"rule": pieces[0].strip()}
    return named


def read_jsonl(path: str, text: str) -> Iterator[Source | Problem]:
    """One source a line; blank lines are passed over."""
    for number, line in enumerate(text.split("\n")):
        if not line.strip():
            continue
        try:
            yield Source(path, json.loads(line), number)
        except json.JSONDecodeError as error:
            yield Problem(path, number + 1, f"not valid JSON: {error.msg} at column {error.colno}", "one object a line")


def build(model: type[Model], source: Source, **more: Any) -> Model | list[Problem]:
    """The model from the source's data, or what is wrong with it, each with its line."""
    if not isinstance(source.data, dict):
        return [source.problem((), "expected keys and values here", "write 'key: value' lines")]
    try:
        return model.model_validate({**_plain(source.data), **more})
    except ValidationError as error:
        return [_explain(model, source, details) for details in error.errors()]


def _plain(data: Any) -> Any:
    """The parsed data without the parser's own types."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return data


def _explain(model: type[BaseModel], source: Source, details: Any) -> Problem:
    loc = tuple(details["loc"])
    where = ".".join(str(part) for part in loc)
    match details["type"]:
        case "extra_forbidden":
            hint = expected_one_of(str(loc[-1]), model.model_fields) if len(loc) == 1 else ""
            return source.problem(loc, f"unknown key '{where}'", hint)
        case "missing":
            return source.problem(loc[:-1], f"'{where}' is missing", "add it")
        case "enum" | "literal_error":
            hint = f"expected {details['ctx'].get('expected', '')}"
            return source.problem(loc, f"unknown value {details['input']!r} for '{where}'", hint)
        case "value_error":
            message = str(details["ctx"]["error"])
            said, _, hint = message.partition("; ")
            return source.problem(loc, f"{where}: {said}" if where else said, hint)
    return source.problem(loc, f"{where}: {details['msg'].lower()}", f"it says {details['input']!r:.60}")
