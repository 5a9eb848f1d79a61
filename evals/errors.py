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


class EvalError(Exception):
    """Base of every error that this package raises on purpose."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class DataError(EvalError):
    """Data that can't be used. Never carries a case's text."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RunError(EvalError):
    exit_code = 2


class FiguresError(EvalError):
    exit_code = 1


class DutyLost(EvalError):
    exit_code = 1
