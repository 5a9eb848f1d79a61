"""OpenAI's moderation set: user content with policy flags, of which any may be unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evals.datasets.files import records
from evals.datasets.labelled import Label, Labelled, Source, family_of, suite_of
from evals.errors import DataError
from evals.hashing import digest_of_files
from evals.labels.base import NO, YES, Question
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

SET = (1, "1", True)

LABELLED = "withheld, labelled child-safety"
UNKNOWN = "withheld, sexual and not labelled either way"


def moderation(path: Path) -> HeldSuite:
    """OpenAI's moderation set. A row without any set flag, of which some are unknown, counts as unscored."""
    place = path / "openai-moderation"
    counts = Counter({LABELLED: 0, UNKNOWN: 0})
    rows = list(moderation_rows(place, counts))
    notes = ("Definitions are in our own words.",)
    title = "Content policy with seven categories"
    source = Source(
        "openai-moderation", title, MODERATION, digest_of_files([place]), notes, counts=dict(counts), questions=FLAGS
    )  # fmt: skip
    return suite_of(source, rows)


def moderation_rows(place: Path, counts: Counter[str]) -> Iterator[Labelled]:
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
            family = family_of(text) or f"om-{number}"
            yield Labelled(f"om-{number}", text, flags_of(flags), family, said=_said(flags))


def flags_of(flags: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The set flags, the most specific first; none where nothing is set and something is unknown."""
    names = [label.id for label in MODERATION if label.violates]
    if marked := tuple(name for name in names if flags.get(name) in SET):
        return marked
    return ("none",) if all(name in flags for name in names) else None


FLAGS = tuple(Question(f"flag {label.id}", "flag", note=label.title) for label in MODERATION if label.violates)


def _said(flags: Mapping[str, Any]) -> dict[str, str]:
    """Each flag that the row answers."""
    names = [label.id for label in MODERATION if label.violates and label.id in flags]
    return {f"flag {name}": YES if flags[name] in SET else NO for name in names}
