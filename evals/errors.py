"""What can go wrong in measuring.

EvalError                 message and hint; `exit_code` is what the command line answers
 ├─ DataError             a data file is missing or malformed; carries every problem found, each with file and line
 ├─ RunError              a stored run can't be read, continued or compared
 ├─ FiguresError          a text and the committed results don't agree, or a marker names what isn't there
 └─ DutyLost              a report that is owed was lost: the run fails, whatever its other figures
"""

from __future__ import annotations

from collections.abc import Iterable

from policy_corpus import Problem
from policy_corpus.errors import HintedError


class EvalError(HintedError):
    """Base of every error that this package raises on purpose."""


class DataError(EvalError):
    """Data that can't be used. Never carries a case's text."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RunError(EvalError):
    exit_code = 2


class FiguresError(EvalError):
    """A text and the committed results don't agree, or a marker names what isn't there."""


class DutyLost(EvalError):
    """A report that is owed was lost."""
