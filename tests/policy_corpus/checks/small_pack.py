"""A small clean pack as text, so that a test can plant one fault in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

Files = Mapping[str, str]

CLEAN: Files = {
    "pack.yaml": """\
format: 1
id: small
title: Small
version: "1"
released: 2026-01-01
""",
    "vocabulary.yaml": """\
format: 1
facts:
  age:
    title: Age
    definition: The other person's age.
    values: {minor: Under 18, adult: Of age, unknown: Not established}
  contact:
    title: Contact
    definition: Whether there is forbidden contact.
    about: party
    values: {"yes": There is, "no": There is none, unknown: Not established}
    raises_severity: ["yes"]
  threat:
    title: Threat
    definition: Whether harm is threatened.
    about: party
    values: {none: None, harm: Harm, unknown: Not established}
    raises_severity: [harm]
  purpose:
    title: Purpose
    definition: What it is for.
    about: party
    values: {none: None, education: Teaching, unknown: Not established}
  label:
    title: Label
    definition: Whether it is labelled.
    values: {"yes": It is, "no": It is not, unknown: Not established}
constraints:
  - never: {age: [adult], contact: ["yes"]}
    reason: Forbidden contact is with a minor.
""",
    "actions.yaml": """\
format: 1
actions:
  preserve: {title: P, definition: P, targets: [case, item], tier: protect, stage: preserve, reversible: true,
    gate: one_reviewer}
  support: {title: S, definition: S, targets: [account, person], tier: protect, stage: contain, reversible: true,
    gate: one_reviewer}
  label: {title: L, definition: L, targets: [item], tier: limit, stage: contain, reversible: true, gate: one_reviewer}
  remove: {title: R, definition: R, targets: [item], tier: enforce, stage: contain, reversible: true,
    gate: one_reviewer}
  ban: {title: B, definition: B, targets: [account], tier: enforce, stage: contain, reversible: false,
    gate: two_reviewers, punitive: true}
  report: {title: T, definition: T, targets: [case], tier: report, stage: report, reversible: false,
    gate: two_reviewers}
  close: {title: C, definition: C, targets: [case], tier: none, stage: notify, reversible: true, gate: one_reviewer,
    closes: true}
""",
    "duties.yaml": """\
format: 1
duties:
  report_contact:
    title: Report
    definition: Report contact.
    kind: report
    law: true
    criteria: {contact: ["yes"]}
    floor:
      - {action: preserve, on: case}
      - {action: report, on: case}
    legal_basis:
      - basis: Act 1, section 2
        source: official text
        checked: 2026-01-01
        review_by: 2027-01-01
""",
    "clauses/C-01.md": """\
---
format: 1
id: C-01
title: Contact
effective_from: 2026-01-01
criteria:
  contact: ["yes"]
outranks: [C-04]
default_plan:
  - {action: preserve, on: case}
  - {action: remove, on: items}
  - {action: ban, on: subject}
---

## Rule

Contact ends the account.
""",
    "clauses/C-02.md": """\
---
format: 1
id: C-02
title: Threat
effective_from: 2026-01-01
criteria:
  threat: [harm]
exceptions: [C-04]
default_plan:
  - {action: remove, on: items}
legal_basis:
  - basis: Act 3
    source: official text
    review_by: 2027-01-01
---

## Rule

A threat is removed.
""",
    "clauses/C-03.md": """\
---
format: 1
id: C-03
title: Label
effective_from: 2026-01-01
criteria:
  label: ["no"]
default_plan:
  - {action: label, on: items}
---

## Rule

What has no label gets one.
""",
    "clauses/C-04.md": """\
---
format: 1
id: C-04
title: Teaching
effective_from: 2026-01-01
protects: true
criteria:
  purpose: [education]
default_plan:
  - {action: close, on: case}
---

## Rule

Teaching stays.
""",
    "clauses/C-05.md": """\
---
format: 1
id: C-05
title: Otherwise
effective_from: 2026-01-01
fallback: true
default_plan:
  - {action: close, on: case}
---

## Rule

Otherwise nothing is done.
""",
    "precedents/all.jsonl": """\
{"id":"P-1","title":"Contact","decided":"2026-02-01","authority":"appeal",\
"parties":[{"id":"a","role":"subject"}],"facts":"f","rationale":"r","clauses":["C-01@1"],\
"findings":[{"fact":"contact","value":"yes","about":"a"},{"fact":"age","value":"minor"}],\
"plan":[{"action":"preserve","on":"case"},{"action":"ban","on":"a"},{"action":"report","on":"case"}]}
{"id":"P-2","title":"Teaching","decided":"2026-02-01","authority":"single",\
"parties":[{"id":"a","role":"subject"}],"facts":"f","rationale":"r","clauses":["C-04@1"],\
"findings":[{"fact":"purpose","value":"education","about":"a"},{"fact":"threat","value":"harm","about":"a"}],\
"plan":[{"action":"close","on":"case"}]}
""",
}


def write(folder: Path, files: Files) -> Path:
    """The files as a pack named `small` below the folder."""
    root = folder / "small"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def changed(*changes: tuple[str, str, str], files: Files = CLEAN) -> dict[str, str]:
    """The clean pack with words replaced in some files; an empty old text adds the new one at the end."""
    result = dict(files)
    for name, old, new in changes:
        text = result.get(name, "")
        if old not in text:
            raise AssertionError(f"{name} has no {old!r}")
        result[name] = text.replace(old, new, 1) if old else text + new
    return result
