"""Policy packs in the style of the ROOST model community: Markdown policies with a CSV of examples beside each.

Layout after the packs in `roostorg/model-community` (resources/policy-packs): `example_policies/<name>/policy.md` and
`datasets/<name>.csv` with columns `example` and `classification`. A folder with one policy.md, and CSV files beside it,
is read as well.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from policy_corpus.clauses import Clause
from policy_corpus.exchange.gathering import Gathering, Imported, refuse, titled
from policy_corpus.exchange.labels import Example, verdict_of
from policy_corpus.exchange.markdown import blocks, text_of
from policy_corpus.exchange.safeguard import clause_in_words, spares, violates
from policy_corpus.exchange.skeleton import write
from policy_corpus.pack import Pack
from policy_corpus.precedents import Precedent, Status

TEXT, LABEL = ("example", "content", "text", "prompt"), ("classification", "label", "gold_label", "violation")
"""What the column of the example, and that of its label, may be called."""


def export_roost(pack: Pack, folder: Path, on: date) -> Path:
    """The pack as it is in force on that day: a policy and its examples for each area.

    Raises:
        PackError: the folder isn't empty.
    """
    files = {"README.md": _readme(pack)}
    for area, title in _areas(pack).items():
        clauses = [clause for clause in pack.in_force(on) if clause.area == area]
        cited = [one for one in pack.precedents if one.area == area and one.status is Status.ACTIVE]
        if clauses or cited:
            files[f"example_policies/{area or 'general'}/policy.md"] = _policy(title, area or "general", clauses, pack)
        if cited:
            files[f"datasets/{area or 'general'}.csv"] = _dataset(cited, area or "general", pack)
    return write(folder, pack.id, files)


def _areas(pack: Pack) -> dict[str, str]:
    """The pack's areas, with one more for what names none."""
    return {**pack.manifest.areas, "": "General"}


def _readme(pack: Pack) -> str:
    lines = (f"# {pack.manifest.title}", f"Version {pack.manifest.version}, {pack.standing}.", pack.manifest.notice)
    return "\n\n".join(line.strip() for line in lines if line) + "\n"


def _policy(title: str, area: str, clauses: list[Clause], pack: Pack) -> str:
    code = _code(area)
    named = {fact for clause in clauses for fact in clause.criteria.facts()}
    facts = [
        f"- {fact.title}: {fact.definition.strip()}" for name, fact in pack.vocabulary.facts.items() if name in named
    ]
    parts = [f"# {title} (#{code})", f"## Goal\n\nTell content that violates the rules on: {title}."]
    parts += ["## Definitions\n\n" + "\n".join(facts)] if facts else []
    for heading, sparing in ((f"## Allowed content ({code}0)", True), (f"## Prohibited content ({code}1)", False)):
        rules = [clause_in_words(clause) for clause in clauses if spares(clause) is sparing]
        parts += [heading, *rules] if rules else []
    labels = f"- `{code}0`: allowed, output `VALID`\n- `{code}1`: prohibited, output `INVALID`"
    parts += [f"## Label format\n\n{labels}"]
    return "\n\n".join(parts) + "\n"


def _code(area: str) -> str:
    return re.sub(r"[^A-Z]", "", area.upper())[:4] or "POL"


def _dataset(precedents: list[Precedent], area: str, pack: Pack) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("example", "classification"))
    for precedent in precedents:
        rows.writerow((precedent.facts, f"{_code(area)}{int(violates(precedent, pack))}"))
    return out.getvalue()


def import_roost(source: Path, folder: Path, id: str, on: date) -> Imported:
    """A pack skeleton made of such a folder; nothing of its texts is lost, and criteria are left to people.

    Raises:
        PackError: there is no policy.md, a CSV has no column of examples, or the folder isn't empty.
    """
    policies = sorted(source.glob("example_policies/*/policy.md")) or sorted(source.glob("policy.md"))
    if not policies:
        hint = "name a folder that holds policy.md, or example_policies/<name>/policy.md"
        raise refuse(source.name, 1, "there is no policy here", hint)
    gathering = Gathering(on)
    title = source.name
    for path in policies:
        found = blocks(text_of(path))
        name = path.parent.name if path.parent != source else "general"
        area = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "general"
        title = titled(found, name) if len(policies) == 1 else title
        gathering.areas[area] = titled(found, name)
        gathering.take(found, area)
        for data in _datasets(source, path, name):
            gathering.examples.extend(_rows(data, area))
    return gathering.finish(folder, id, title, source.name)


def _datasets(source: Path, policy: Path, name: str) -> list[Path]:
    beside = sorted(policy.parent.glob("*.csv"))
    return beside + [path for path in [source / "datasets" / f"{name}.csv"] if path.is_file()]


def _rows(path: Path, area: str) -> Iterator[Example]:
    rows = list(csv.reader(io.StringIO(text_of(path))))
    # Such files may open with a row of remarks before the row that names the columns.
    head = next((number for number, row in enumerate(rows[:5]) if _column(row, TEXT) is not None), None)
    if head is None:
        hint = f"name a column one of: {', '.join(TEXT)}"
        raise refuse(path.name, 1, "no column holds the examples", hint)
    names = rows[head]
    text, label = _column(names, TEXT) or 0, _column(names, LABEL)
    for row in rows[head + 1 :]:
        if len(row) > text and row[text].strip():
            said = row[label].strip() if label is not None and len(row) > label else ""
            rest = [f"{name}: {cell.strip()}" for name, cell in zip(names, row, strict=False) if cell.strip()]
            others = [part for number, part in enumerate(rest) if number != text]
            yield Example(row[text].strip(), "\n".join(others), verdict_of(said), area=area)


def _column(row: list[str], names: tuple[str, ...]) -> int | None:
    cells = [cell.strip().lower() for cell in row]
    return next((cells.index(name) for name in names if name in cells), None)
