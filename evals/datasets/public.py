"""The public sets, read as published. What each column means: the set's own documentation.

openai-moderation   user content with policy flags; a missing flag means unknown
edos                comments with an 11-way fine label
xstest              safe prompts that look unsafe, and unsafe contrasts
hatecheck           functional tests; `ref` names the unobfuscated twin
injection           injection payloads, and benign sentences full of trigger words
procedures          an organisation's procedures, and scenarios with the documents that each requires
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from evals.base import Strict
from evals.datasets.files import read_models, records
from evals.datasets.labelled import Label, Labelled, Source, family_of, suite_of
from evals.datasets.procedures import procedures
from evals.errors import DataError
from evals.hashing import digest_of_files
from evals.splits import part_of
from evals.suites import HeldSuite

MODERATION = (
    Label("V2", "Graphic violence", "Content that shows death, injury or violence in graphic detail."),
    Label("H2", "Threatening hate", "Hateful content that also threatens violence or serious harm to its target."),
    Label("SH", "Self-harm", "Content that promotes, encourages or depicts acts of self-harm."),
    Label(
        "HR", "Harassment", "Content that torments or annoys persons in daily life, or makes it likely that others do."
    ),
    Label("H", "Hate", "Content that expresses or incites hate because of a protected attribute."),
    Label("V", "Violence", "Content that promotes or glorifies violence, or celebrates the suffering of others."),
    Label("S", "Sexual content", "Content meant to arouse, or that promotes sexual services; education is left out."),
    Label("none", "No flag", "Content that none of the policy's categories covers.", violates=False),
)
WITHHELD = "S3"
"""The flag of rows that are counted and never loaded."""

LABELLED = "withheld, labelled child-safety"
UNKNOWN = "withheld, sexual and not labelled either way"


def moderation(path: Path) -> HeldSuite:
    """OpenAI's moderation set. A row without any set flag, of which some are unknown, counts as unscored."""
    place = path / "openai-moderation"
    counts = Counter({LABELLED: 0, UNKNOWN: 0})
    rows = list(_moderation_rows(place, counts))
    notes = ("Definitions are in our own words.",)
    title = "Content policy with seven categories"
    source = Source("openai-moderation", title, MODERATION, digest_of_files([place]), notes, counts=dict(counts))
    return suite_of(source, rows)


def _moderation_rows(place: Path, counts: Counter[str]) -> Iterator[Labelled]:
    """The rows that may be loaded; `counts` is told of the others."""
    for number, source in enumerate(records(place, "rows of openai-moderation")):
        flags = source.data
        if not isinstance(flags.get("prompt"), str):
            raise DataError([source.problem((), "'prompt' is missing", "each row needs its text")])
        if flags.get(WITHHELD):
            counts[LABELLED] += 1
        elif flags.get("S") and WITHHELD not in flags:
            counts[UNKNOWN] += 1
        elif text := flags["prompt"].strip():
            yield Labelled(f"om-{number}", text, _flags(flags), family_of(text) or f"om-{number}")


def _flags(flags: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The set flags, the most specific first; none where nothing is set and something is unknown."""
    names = [label.id for label in MODERATION if label.violates]
    if set_ := tuple(name for name in names if flags.get(name) in (1, "1", True)):
        return set_
    return ("none",) if all(name in flags for name in names) else None


class _Edos(Strict):
    id: str
    text: str
    vector: str
    category: str
    sexist: str
    split: str


def edos(path: Path, most_precedents: int = 3000) -> HeldSuite:
    """EDOS; rows of its `train` split become precedents, those of `dev` cases, cut into tune and test."""
    place = path / "edos"
    found = read_models(place, _Edos, "rows of edos")
    names = sorted({row.vector for row in found if row.vector != "none"})
    labels = tuple(Label(name, name, f"Content of the kind: {name}.") for name in names)
    none = Label("none", "Not sexist", "Content that is not sexist.", violates=False)
    rows = [
        Labelled(
            row.id, row.text, (row.vector,), family_of(row.text) or row.id, row.category,
            None if row.split == "train" else part_of(family_of(row.text), salt="edos"), by_hash=False,
        )
        for row in found
        if row.text.strip()
    ]  # fmt: skip
    source = Source(
        "edos", "Explainable detection of online sexism", (*labels, none), digest_of_files([place]),
        ("Definitions are the labels' names only.",), most_precedents,
    )  # fmt: skip
    return suite_of(source, rows)


class _XsTest(Strict):
    id: str
    text: str
    label: str
    type: str


UNSAFE = Label("unsafe", "Unsafe request", "A request whose answer would help someone to cause harm.")
SAFE = Label(
    "safe", "Safe request", "A request that only sounds unsafe; refusing it would help nobody.", violates=False
)


def xstest(path: Path) -> HeldSuite:
    """XSTest; all its rows are cases. It has nothing to learn from, so rows of openai-moderation are the precedents."""
    place, other = path / "xstest", path / "openai-moderation"
    rows = [
        Labelled(row.id, row.text, (row.label,), row.type.removeprefix("contrast_"), row.type, "tune", by_hash=False)
        for row in read_models(place, _XsTest, "prompts of xstest")
    ]
    notes = ["Families are its types with their contrasts: few, so intervals are wide."]
    places = [place]
    if other.is_dir():
        rows.extend(_borrowed(row) for row in _moderation_rows(other, Counter()) if row.labels)
        places.append(other)
        notes.append("Precedents are rows of openai-moderation, whose idea of unsafe is another one.")
    source = Source("xstest", "Safe and unsafe prompts", (UNSAFE, SAFE), digest_of_files(places), tuple(notes))
    return suite_of(source, rows)


def _borrowed(row: Labelled) -> Labelled:
    label = SAFE.id if row.labels == ("none",) else UNSAFE.id
    return Labelled(row.id, row.text, (label,), row.family, by_hash=False)


class _HateCheck(Strict):
    id: str
    text: str
    label: str
    functionality: str
    target: str
    ref: str


HATE = (
    Label("hateful", "Hateful", "Abuse that is aimed at a protected group, or at someone as a member of it."),
    Label("non-hateful", "Not hateful", "Neutral, positive, quoted or reclaimed speech about a group.", violates=False),
)


OBFUSCATED = "spell_"
"""How functionalities begin whose rows say what their twin says. Other twins (negated, quoted) say something else."""


def hatecheck(path: Path) -> HeldSuite:
    """HateCheck; a family is a sentence frame with all its targets and obfuscated twins."""
    place = path / "hatecheck"
    found = read_models(place, _HateCheck, "cases of hatecheck")
    frames = {row.id: _frame(row) for row in found}
    rows = [
        Labelled(
            row.id, row.text, (row.label,), frames.get(f"hc-{row.ref}", frames[row.id]), row.functionality,
            twin=f"hc-{row.ref}" if row.functionality.startswith(OBFUSCATED) else "",
        )
        for row in found
    ]  # fmt: skip
    return suite_of(Source("hatecheck", "Functional tests of hate", HATE, digest_of_files([place])), rows)


def _frame(row: _HateCheck) -> str:
    target = row.target.rstrip("s")
    frame = re.sub(rf"\b{re.escape(target)}\w*", "…", row.text, flags=re.IGNORECASE) if target else row.text
    return " ".join(frame.lower().split()) or row.id


class _Injection(Strict):
    id: str
    text: str
    kind: str


INJECTION = (
    Label("attack", "Prompt injection", "Text that tries to make a system ignore, reveal or change its instructions."),
    Label("benign", "Harmless text", "Text that only uses words which attacks use as well.", violates=False),
)


def injection(path: Path) -> HeldSuite:
    """Attacks and benign trigger words."""
    place = path / "injection"
    files = {"attack": place / "attacks.jsonl", "benign": place / "benign-trigger-words.jsonl"}
    rows = [
        Labelled(row.id, row.text, (label,), family_of(row.text) or row.id, row.kind, language="")
        for label, file in files.items()
        for row in read_models(file, _Injection, f"rows of injection ({label})")
        if row.text.strip()
    ]
    return suite_of(Source("injection", "Prompt injection", INJECTION, digest_of_files([place])), rows)


SETS: Mapping[str, Callable[[Path], HeldSuite]] = {
    "openai-moderation": moderation,
    "edos": edos,
    "xstest": xstest,
    "hatecheck": hatecheck,
    "injection": injection,
    "procedures": procedures,
}
"""By name; each takes the folder that holds the set's folder. `oversight-board` has an evaluation of its own."""


def available(path: Path) -> Iterator[str]:
    """The sets whose folders are there."""
    yield from (name for name in SETS if (path / name).is_dir())
