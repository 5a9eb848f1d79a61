"""The beginning of a pack: the fewest files that load and pass the checks, with comments that say what goes where."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from policy_corpus.errors import PackError, Problem

PACK = """\
format: 1
id: {id}
title: {title}
version: "0.1.0"
released: {released}
# What a reader must know before relying on it.
notice: Draft.
# Area id to title; clauses and precedents name these ids.
areas:
  general: General
"""

VOCABULARY = """\
format: 1
# The facts that decide cases. Values exclude each other, and `unknown` is always one of them.
# `raises_severity` names the values that make a case graver: the checks look for such values that no clause answers.
facts:
  example:
    title: Example fact
    definition: Replace it by the first fact that decides your cases.
    # case: holds for everyone in the case; party: is found for each party apart
    about: case
    values:
      "yes": It is so
      "no": It is not so
      unknown: Not established
    shown_by: What a reviewer would point at
    unknown_means: What follows while it can't be established
# Combinations that can't occur, so that the checks leave them out of account:
#   - never: {example: ["yes"], other: ["no"]}
#     reason: Why not
constraints: []
"""

ACTIONS = """\
format: 1
# What a plan may hold. tier: none, protect, limit, enforce, report or imminent; stage: preserve, contain, report or
# notify; gate: who must confirm it. `closes: true` ends a case without action, `punitive: true` is refused against an
# affected child.
actions:
  preserve:
    title: Preserve
    definition: Keep evidence before anything can alter it.
    targets: [case, item]
    tier: protect
    stage: preserve
    reversible: true
    gate: one_reviewer
  remove:
    title: Remove
    definition: Take an item off the service.
    targets: [item]
    tier: enforce
    stage: contain
    reversible: true
    gate: one_reviewer
  close:
    title: Close without action
    definition: Close the case without a step against anyone, naming what was not checked.
    targets: [case]
    tier: none
    stage: notify
    reversible: true
    gate: one_reviewer
    closes: true
"""

DUTIES = """\
format: 1
# What certain findings oblige, apart from enforcement. `law: true` needs a legal_basis with its source.
duties: {}
"""

RULE = """\
---
format: 1
id: G-01
title: Example rule
area: general
effective_from: {released}
# When the clause applies: all, any and not over `fact: [values]`.
criteria:
  example: ["yes"]
# What it proposes: actions on case, items, subject, affected_child, reporter or organisation. A step may have a
# condition of the same form: - {{action: remove, on: items, when: {{example: ["yes"]}}}}
default_plan:
  - {{action: preserve, on: case}}
  - {{action: remove, on: items}}
# exceptions: [ids that displace this clause], outranks: [ids that give way to it], protects: true for protections
---

## Rule

Write here what holds, in words that may be quoted.

## How to tell it apart

Write here which neighbouring clause applies instead, and by what to see it.
"""

FALLBACK = """\
---
format: 1
id: G-99
title: When no clause applies
area: general
effective_from: {released}
# The clause that answers when no other does; it needs no criteria.
fallback: true
default_plan:
  - {{action: close, on: case}}
---

## Rule

Where no other clause applies to the established facts, nobody is sanctioned. The closing note names what was not
checked.
"""


def new(folder: Path, id: str, title: str, released: date) -> Path:
    """A minimal valid pack in a new folder, with comments that say what goes where.

    Raises:
        PackError: the folder isn't empty, or the id isn't one.
    """
    filling = {"id": id, "title": json.dumps(title, ensure_ascii=False), "released": released.isoformat()}
    files = {
        "pack.yaml": PACK.format(**filling),
        "vocabulary.yaml": VOCABULARY,
        "actions.yaml": ACTIONS,
        "duties.yaml": DUTIES,
        "clauses/G-01.md": RULE.format(**filling),
        "clauses/G-99.md": FALLBACK.format(**filling),
    }
    return write(folder, id, files)


def write(folder: Path, id: str, files: Mapping[str, str]) -> Path:
    """The files in a folder that was empty or missing.

    Raises:
        PackError: the folder isn't empty, or the id isn't one.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", id):
        hint = "use small letters, digits and underscores, beginning with a letter"
        raise PackError([Problem(f"{folder.name}/pack.yaml", 1, f"'{id}' can't be the id of a pack", hint)])
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        problem = Problem(folder.name, 1, "there is something here already", "name a new or empty folder")
        raise PackError([problem])
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
