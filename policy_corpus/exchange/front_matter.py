"""Changing keys in a pack's files while everything else, comments included, stays as people wrote it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from policy_corpus.errors import PackError, Problem
from policy_corpus.sources import read_markdown, read_yaml


def changed_yaml(path: Path, changes: Mapping[str, Any]) -> str:
    """The text of a YAML file with some top-level keys set.

    Raises:
        PackError: it can't be read as YAML.
    """
    text = path.read_text(encoding="utf-8")
    source = read_yaml(path.name, text)
    if isinstance(source, Problem):
        raise PackError([source])
    return _with(text, changes)


def changed_markdown(path: Path, changes: Mapping[str, Any]) -> str:
    """The text of a clause's file with some keys of its front matter set; a key set to None is taken out.

    Raises:
        PackError: it has no readable front matter.
    """
    text = path.read_text(encoding="utf-8")
    document = read_markdown(path.name, text)
    if isinstance(document, Problem):
        raise PackError([document])
    lines = text.splitlines(keepends=True)
    end = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == "---")
    return "".join((lines[0], _with("".join(lines[1:end]), changes), *lines[end:]))


def _with(text: str, changes: Mapping[str, Any]) -> str:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    data = yaml.load(text)
    for key, value in changes.items():
        if value is None:
            data.pop(key, None)
        else:
            data[key] = value
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()
