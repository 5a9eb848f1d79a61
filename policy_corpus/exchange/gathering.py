"""Making a pack of a policy that was written for people and models: its words become clauses and precedents.

Criteria can't be read off prose, so every clause comes without; such a clause may be quoted and never decides a case.
What the importer can't place, definitions and instructions among it, becomes a clause, too: nothing is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from policy_corpus.errors import PackError, Problem
from policy_corpus.exchange.labels import NAMED, Example, Kind, examples, is_label, kind_of
from policy_corpus.exchange.markdown import Block, bullets, paragraphs
from policy_corpus.exchange.skeleton import ACTIONS, DUTIES, FALLBACK, VOCABULARY, write

_SECTION = re.compile(r"^\*\*(.+?)\.\*\*\s+", re.S)
_UNFILLED = "# criteria: to be filled in; until then this clause may be quoted, but decides no case"


@dataclass(frozen=True)
class Imported:
    """What an import made, and what people must still do."""

    folder: Path
    clauses: int
    examples: int
    to_do: tuple[str, ...]


@dataclass
class Gathering:
    """Clauses and examples as they are found in a text."""

    released: date
    areas: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def take(self, found: Sequence[Block], area: str) -> None:
        """Everything that the blocks hold."""
        for block, following in zip(found, (*found[1:], None), strict=True):
            kind = kind_of(block)
            parent = following is not None and following.titles[: len(block.titles)] == block.titles
            if kind == "example" and block.body:
                self.examples.extend(examples(block, area))
                continue
            # Under a heading that is itself the label each item is a rule of its own; under a titled rule it is not.
            parts = bullets(block.body) if kind != "note" and is_label(block.title) else [block.body]
            for part in parts or ([] if parent else [block.title]):
                if part.strip() or not parent:
                    self._clause(block, kind if block.body else "note", part or block.title, area)

    def _clause(self, block: Block, kind: Kind, text: str, area: str) -> None:
        named = NAMED.match(block.title)
        id = self._free(named[1]) if named else self._next({"violation": "V", "safe": "S"}.get(kind, "N"))
        title = named[2] if named else _title(text, block.title)
        front = ["format: 1", f"id: {id}", f"title: {json.dumps(title, ensure_ascii=False)}", f"area: {area}"]
        front += [f"effective_from: {self.released.isoformat()}", *(["protects: true"] if kind == "safe" else [])]
        front += [_UNFILLED] if kind != "note" else []
        where = " / ".join(block.titles) or "Beginning of the text"
        body = "\n\n".join((*_sections(text), "## Source", f"{where}, line {block.line}"))
        self.files[f"clauses/{area}/{id}.md"] = "\n".join(("---", *front, "---", "", body, ""))

    def _next(self, letter: str) -> str:
        self._numbers[letter] = self._numbers.get(letter, 0) + 1
        return self._free(f"{letter}-{self._numbers[letter]:02d}")

    def _free(self, id: str) -> str:
        """The id, or one that begins with it where it is taken."""
        taken = {Path(name).stem for name in self.files}
        return id if id not in taken else next(name for n in range(2, 9999) if (name := f"{id}-{n}") not in taken)

    def finish(self, folder: Path, id: str, title: str, origin: str) -> Imported:
        """The pack on disk. Raises PackError where the folder isn't empty."""
        clauses = len(self.files)
        unfilled = sum(_UNFILLED in text for text in self.files.values())
        last = self._free("G-99")
        fallback = FALLBACK.format(released=self.released.isoformat()).replace("area: general\n", "")
        files = {
            "pack.yaml": self._manifest(id, title, origin),
            "vocabulary.yaml": VOCABULARY,
            "actions.yaml": ACTIONS,
            "duties.yaml": DUTIES,
            **self.files,
            f"clauses/{last}.md": fallback.replace("id: G-99", f"id: {last}"),
        }
        if self.examples:
            files["precedents/imported.jsonl"] = "".join(self._precedents())
        write(folder, id, files)
        return Imported(folder, clauses, len(self.examples), _to_do(unfilled, len(self.examples)))

    def _manifest(self, id: str, title: str, origin: str) -> str:
        lines = ["format: 1", f"id: {id}", f"title: {json.dumps(title, ensure_ascii=False)}", 'version: "0.1.0"']
        lines += [
            f"released: {self.released.isoformat()}",
            f"notice: Imported from {origin}. Criteria are not filled in yet.",
        ]
        areas = [f"  {area}: {json.dumps(name, ensure_ascii=False)}" for area, name in self.areas.items()]
        return "\n".join((*lines, "areas:", *areas, ""))

    def _precedents(self) -> Iterator[str]:
        known = {Path(name).stem for name in self.files}
        for number, example in enumerate(self.examples, 1):
            judged = {True: "violates", False: "does not violate", None: "not labelled"}[example.violates]
            data = {
                "format": 1,
                "id": f"EX-{number:04d}",
                "title": f"Example {number}: {judged}",
                "decided": self.released.isoformat(),
                "area": example.area,
                "facts": example.text,
                "rationale": example.verdict or judged,
                "clauses": [f"{example.clause}@1"] if example.clause in known else [],
                "synthetic": True,
            }
            yield json.dumps(data, ensure_ascii=False) + "\n"


def _title(text: str, heading: str) -> str:
    """A short title: the words in bold that open the text, the heading, or the first words."""
    bold = re.match(r"^(?:[-*+]\s+)?\*\*(.+?)\*\*", text)
    words = bold[1] if bold else heading if not is_label(heading) else re.sub(r"^[-*+]\s+", "", text)
    line = " ".join(words.split()).rstrip(":.")
    return line if len(line) <= 80 else line[:79].rsplit(" ", 1)[0] + "…"


def _sections(text: str) -> Iterator[str]:
    """The text as sections: paragraphs that open with `**Name.**` begin one of that name."""
    yield "## Rule"
    used = {"rule", "source"}
    for number, paragraph in enumerate(paragraphs(text)):
        named = _SECTION.match(paragraph) if number else None
        # A second section of the same name would replace the first one, so its paragraph stays where it is.
        if named and named[1].lower() not in used:
            used.add(named[1].lower())
            yield f"## {named[1]}"
        else:
            named = None
        # A heading within the text would open a section of its own when the clause is loaded.
        rest = paragraph[named.end() :] if named else paragraph
        yield re.sub(r"^(#+ )", r"\\\1", rest, flags=re.M)


def _to_do(clauses: int, count: int) -> tuple[str, ...]:
    steps = [
        "write the facts that decide your cases into vocabulary.yaml",
        f"fill in criteria and default_plan of {clauses} clauses; until then they may be quoted, but decide nothing",
    ]
    return (*steps, f"record the findings of {count} examples, so that they can be compared") if count else tuple(steps)


def refuse(name: str, line: int, message: str, hint: str) -> PackError:
    return PackError([Problem(name, line, message, hint)])


def titled(found: Iterable[Block], name: str) -> str:
    """The title of the text: its first heading."""
    return next((block.titles[0] for block in found if block.titles), name)
