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

from evals.base import Strict
from evals.datasets.files import read_models
from evals.datasets.labelled import Label, Labelled, Source, family_of, suite_of
from evals.datasets.moderation import moderation, moderation_rows
from evals.datasets.procedures import procedures
from evals.hashing import digest_of_files
from evals.labels.base import Question
from evals.splits import part_of
from evals.suites import HeldSuite


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
            said=_levels(row),
        )
        for row in found
        if row.text.strip()
    ]  # fmt: skip
    source = Source(
        "edos", "Explainable detection of online sexism", (*labels, none), digest_of_files([place]),
        ("Definitions are the labels' names only.",), most_precedents, questions=LEVELS,
    )  # fmt: skip
    return suite_of(source, rows)


NOT_SEXIST = "not sexist"
LEVELS = (
    Question("binary", benign=NOT_SEXIST, note="published best .875"),
    Question("category", note="4 classes, of sexist texts only; published best .733"),
    Question("vector", note="11 classes, of sexist texts only; published best .561"),
)
"""The three tasks of SemEval-2023 Task 10 (Kirk and others 2023), with the best macro-F1 there, on other rows."""


def _levels(row: _Edos) -> dict[str, str]:
    if row.sexist == NOT_SEXIST:
        return {"binary": NOT_SEXIST}
    return {"binary": row.sexist, "category": row.category, "vector": row.vector}


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
        rows.extend(_borrowed(row) for row in moderation_rows(other, Counter()) if row.labels)
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
