"""What can go wrong with a policy corpus.

CorpusError
 └─ PackError        a pack's files are wrong; carries every problem found, each with file, line and hint
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in one place of a pack, with what to do about it."""

    path: str
    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.path}:{self.line}: {self.message}"
        return f"{text}; {self.hint}" if self.hint else text


class HintedError(Exception):
    """What went wrong and what to do about it: the base that the packages above share."""

    exit_code = 1
    """What the command line answers."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class CorpusError(Exception):
    """Base of every error that this package raises on purpose."""


class PackError(CorpusError):
    """A pack can't be used; `problems` lists all that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def expected_one_of(name: str, known: Iterable[str], *, most: int = 12) -> str:
    """A hint for an unknown name: the nearest known one first, otherwise what is allowed."""
    options = sorted(known)
    if close := get_close_matches(name, options, n=1):
        return f"did you mean '{close[0]}'?"
    shown = ", ".join(options[:most])
    return f"expected one of: {shown}{' …' if len(options) > most else ''}"


def shown_path(path: Path, root: Path) -> str:
    """The path as people should read it: below the pack's own folder name, never a machine's full path."""
    try:
        return str(Path(root.name) / path.relative_to(root))
    except ValueError:
        return path.name
