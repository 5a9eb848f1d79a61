"""One planted fault of each kind, and the check that must find it."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from policy_corpus import PackError
from policy_corpus.checks import lint
from tests.policy_corpus.checks.small_pack import changed, write

ON = date(2026, 6, 1)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a pack, and which check's name, or words of a loading error, must come back."""

    files: Mapping[str, str]
    caught_by: str

    def report(self, folder: Path) -> str:
        """What the program says of the faulty pack."""
        try:
            return str(lint(write(folder, self.files), on=ON))
        except PackError as error:
            return str(error)

    def caught(self, folder: Path) -> bool:
        return self.caught_by in self.report(folder)


def _clause(id: str, front: str, title: str = "More") -> str:
    return f"---\nformat: 1\nid: {id}\ntitle: {title}\neffective_from: 2026-01-01\n{front}---\n\n## Rule\n\nText.\n"


def _precedent(id: str, findings: Mapping[str, str], action: str, clause: str, **more: str) -> str:
    data = {
        "id": id,
        "title": "T",
        "decided": "2026-02-01",
        "authority": "single",
        "parties": [{"id": "a", "role": "subject"}],
        "facts": "f",
        "rationale": "r",
        "clauses": [clause],
        "findings": [{"fact": fact, "value": value, "about": "a"} for fact, value in findings.items()],
        "plan": [{"action": action, "on": "a" if action in ("ban", "support") else "case"}],
    }
    return json.dumps({**data, **more}) + "\n"


OUTLAW = """\
  other:
    title: Other
    definition: Other.
    kind: notify
    law: true
    criteria: {label: ["no"]}
"""
ALL = "precedents/all.jsonl"
BAN = "default_plan: [{action: preserve, on: case}, {action: ban, on: subject}]\n"
NEWER = _clause("C-01", 'version: 2\ncriteria: {contact: ["yes"]}\noutranks: [C-04]\n' + BAN).replace(
    "effective_from: 2026-01-01", "effective_from: 2026-05-01"
)

FAULTS: Mapping[str, Fault] = {
    "a reference to a clause that isn't there": Fault(
        changed(("clauses/C-02.md", "[C-04]", "[C-40]")), "unknown clause 'C-40'"
    ),
    "a value that the vocabulary doesn't have": Fault(
        changed(("clauses/C-02.md", "[harm]", "[harms]")), "unknown value 'harms'"
    ),
    "two versions in force on the same day": Fault(
        changed(("clauses/C-01-2.md", "", NEWER)), "'C-01@2' is in force on days on which 'C-01@1' is, too"
    ),
    "clauses that outrank each other": Fault(
        changed(("clauses/C-04.md", "protects: true", "protects: true\noutranks: [C-01]")), "[circular-priority]"
    ),
    "a circle of outranks and exceptions": Fault(
        changed(
            ("clauses/C-03.md", "default_plan", "outranks: [C-01]\ndefault_plan"),
            ("clauses/C-04.md", "protects: true", "protects: true\noutranks: [C-03]"),
        ),
        "[circular-priority]",
    ),
    "a legal basis without source": Fault(
        changed(("clauses/C-02.md", "source: official text", 'source: " "')), "[legal-source]"
    ),
    "a legal basis past its review date": Fault(
        changed(("duties.yaml", "review_by: 2027-01-01", "review_by: 2026-05-31")), "[legal-review]"
    ),
    "a legal duty that names no law": Fault(
        changed(("duties.yaml", "  report_contact:", OUTLAW + "  report_contact:")), "[duty-without-basis]"
    ),
    "a step on something that it can't be done to": Fault(
        changed(("clauses/C-03.md", "{action: label, on: items}", "{action: label, on: subject}")), "[step-target]"
    ),
    "a step whose condition the clause excludes": Fault(
        changed(("clauses/C-02.md", "on: items}", "on: items, when: {threat: [none]}}")), "never proposes 'remove'"
    ),
    "a step whose condition the clause always meets": Fault(
        changed(("clauses/C-02.md", "on: items}", "on: items, when: {threat: [harm]}}")), "[step-condition]"
    ),
    "a precedent's step on the wrong kind of party": Fault(
        changed((ALL, '"parties":[{"id":"a","role":"subject"}]', '"parties":[{"id":"a","kind":"organisation"}]')),
        "[step-target]",
    ),
    "a value that the constraints rule out": Fault(
        changed(("vocabulary.yaml", "constraints:\n", "constraints:\n  - {never: {threat: [harm]}, reason: Wrong.}\n")),
        "[impossible-value]",
    ),
    "a clause that can never apply": Fault(
        changed(("clauses/N.md", "", _clause("N", 'criteria: {age: [adult], contact: ["yes"]}\n' + BAN))),
        "[unreachable-clause]",
    ),
    "a clause whose conditions exclude each other": Fault(
        changed(("clauses/N.md", "", _clause("N", "criteria: {all: [{threat: [harm]}, {threat: [none]}]}\n" + BAN))),
        "[unreachable-clause]",
    ),
    "an exception that swallows its rule": Fault(
        changed(("clauses/C-04.md", "  purpose: [education]", "  any: [{purpose: [education]}, {threat: [harm]}]")),
        "[swallowed-rule]",
    ),
    "exceptions that swallow their rule together": Fault(
        changed(
            ("clauses/C-01.md", "outranks: [C-04]", "outranks: [C-04]\nexceptions: [E-1, E-2]"),
            ("clauses/E1.md", "", _clause("E-1", 'criteria: {contact: ["yes"], label: ["no", unknown]}\n' + BAN)),
            ("clauses/E2.md", "", _clause("E-2", 'criteria: {contact: ["yes"], label: ["yes"]}\n' + BAN)),
        ),
        "[swallowed-rule]",
    ),
    "a protection beside a ban without priority": Fault(
        changed(("clauses/C-01.md", "outranks: [C-04]\n", "")), "[opposed-clauses]"
    ),
    "a closing clause beside a report without priority": Fault(
        changed(
            ("clauses/N.md", "", _clause("N", "criteria: {age: [minor]}\ndefault_plan: [{action: report, on: case}]\n"))
        ),
        "[opposed-clauses]",
    ),
    "a plan that closes what must be reported": Fault(
        changed(("clauses/C-01.md", "  - {action: ban, on: subject}", "  - {action: close, on: case}")),
        "error [undercut-duty]",
    ),
    "a plan that removes before it preserves": Fault(
        changed(("clauses/C-01.md", "  - {action: preserve, on: case}\n", "")), "warning [undercut-duty]"
    ),
    "a precedent under an older version": Fault(
        changed(
            ("clauses/C-01.md", "2026-01-01\n", "2026-01-01\neffective_until: 2026-04-30\n"),
            ("clauses/C-01-2.md", "", NEWER),
        ),
        "[precedent-status]",
    ),
    "a superseded precedent without successor": Fault(
        changed(
            (ALL, "", _precedent("P-3", {"label": "no"}, "close", "C-03@1", status="superseded", status_reason="Old."))
        ),
        "[precedent-status]",
    ),
    "a precedent that spared where the clause enforces": Fault(
        changed((ALL, "", _precedent("P-3", {"contact": "yes"}, "support", "C-01@1"))), "[precedent-outcome]"
    ),
    "a precedent that enforced where a protection holds": Fault(
        changed((ALL, "", _precedent("P-3", {"threat": "harm", "purpose": "education"}, "ban", "C-04@1"))),
        "[precedent-outcome]",
    ),
    "a precedent that reported without a duty": Fault(
        changed((ALL, "", _precedent("P-3", {"threat": "harm"}, "report", "C-02@1"))), "[precedent-outcome]"
    ),
    "a precedent against one of higher authority": Fault(
        changed(
            (ALL, "", _precedent("P-3", {"age": "adult"}, "support", "C-05@1", authority="appeal")),
            (ALL, "", _precedent("P-4", {"age": "adult"}, "ban", "C-05@1")),
        ),
        "error [precedent-authority]",
    ),
    "precedents of one authority that differ": Fault(
        changed(
            (ALL, "", _precedent("P-3", {"age": "adult"}, "support", "C-05@1")),
            (ALL, "", _precedent("P-4", {"age": "adult"}, "ban", "C-05@1")),
        ),
        "warning [precedent-authority]",
    ),
    "an example that stands there twice": Fault(
        changed(
            ("examples/all.jsonl", "", '{"text": "A threat of harm.", "role": "user"}\n'),
            ("examples/all.jsonl", "", '{"text": "a THREAT of harm", "role": "reporter"}\n'),
        ),
        "[example-twice]",
    ),
    "something grave that no clause answers": Fault(
        changed(("clauses/C-02.md", "  threat: [harm]", "  threat: [harm]\n  purpose: [education, none]")), "[gap]"
    ),
    "something grave that every clause excludes": Fault(
        changed(("clauses/C-02.md", "  threat: [harm]", '  threat: [harm]\n  not: {label: ["yes"]}')), "[gap]"
    ),
    "an acceptance that fits nothing": Fault(
        changed(("lint.yaml", "", "format: 1\naccepted:\n  - {check: gap, subjects: [threat=harm], reason: Meant.}\n")),
        "[unused-acceptance]",
    ),
}


def table(folder: Path) -> str:
    """Each kind of fault with whether it was found, and the rate."""
    caught = {name: fault.caught(folder / str(number)) for number, (name, fault) in enumerate(FAULTS.items())}
    rows = [f"{'found' if found else 'MISSED':7}{name}" for name, found in caught.items()]
    return "\n".join((*rows, f"{sum(caught.values())} of {len(caught)} found"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(table(Path(folder)) + "\n")
