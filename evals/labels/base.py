"""Questions that a set's labels answer, and the rows that answer them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["classes", "flag"]
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Question:
    """One thing that the set's annotators were asked about every text."""

    name: str
    kind: Kind = "classes"
    """`classes`: one of several, scored by macro-F1. `flag`: yes or no, scored by the area under precision and
    recall."""
    benign: str = ""
    """The class that calls for no action, where one of them does."""
    note: str = ""
    """What others reached, and on what."""

    @property
    def figure(self) -> str:
        """What its figure is called."""
        return f"{'AUPRC' if self.kind == 'flag' else 'macro-F1'}, {self.name}"


@dataclass(frozen=True)
class Example:
    """A text with what the set says of it. A question that is missing was not answered, which is no `no`."""

    id: str
    text: str
    family: str
    said: Mapping[str, str]
    """Question to class; to `yes` or `no` for a flag."""


@dataclass(frozen=True)
class Labels:
    """All of a set that its labels can be measured on."""

    questions: tuple[Question, ...]
    learned: tuple[Example, ...]
    asked: Mapping[str, tuple[Example, ...]] = field(default_factory=dict)
    """By part: `tune` and `test`. No family is also learned from."""

    def texts(self, part: str) -> tuple[str, ...]:
        """Every text that is needed, once."""
        return tuple(dict.fromkeys(one.text for one in (*self.learned, *self.asked.get(part, ()))))


def answering(examples: Iterable[Example], question: Question) -> list[Example]:
    """Those of which the set answers the question."""
    return [one for one in examples if question.name in one.said]


def classes_of(examples: Sequence[Example], question: Question) -> tuple[str, ...]:
    """The classes that occur, in a fixed order."""
    return tuple(sorted({one.said[question.name] for one in examples if question.name in one.said}))
