"""Issues: what a check found, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    """The pack would give a wrong answer, or none."""
    WARNING = "warning"
    """Somebody should look; it may be meant."""


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """One thing that a check found."""

    path: str
    line: int
    check: str
    severity: Severity
    subjects: tuple[str, ...]
    """What it is about: clause refs, precedent ids, duty ids, facts. With the check's name it identifies the issue."""
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.path}:{self.line}: {self.severity} [{self.check}] {self.message}"
        return f"{text}; {self.hint}" if self.hint else text


def facts_in_words(world: Mapping[str, str]) -> str:
    """A situation as people read it: `age=minor, contact=yes`, or that nothing is established."""
    return ", ".join(f"{fact}={value}" for fact, value in world.items()) or "nothing established"
