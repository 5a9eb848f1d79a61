"""What can go wrong with an import.

RowProblem                one row, and the column of it: that row stays out, the others go on
PackError                 (policy_corpus.errors) mapping or pack: nothing is imported
ImportFailed              a CorpusError: the file can't be read, or the pack's folder can't be written
"""

from __future__ import annotations

from dataclasses import dataclass

from policy_corpus.errors import CorpusError, Problem


@dataclass(frozen=True, slots=True, order=True)
class RowProblem(Problem):
    """One thing that is wrong in one column of one row. Never carries more of a cell than a masked name."""

    column: str = ""
    """The team's own name of the column; where a line is no row at all, the character at which it breaks."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"
        return f"{place}: {self.message}; {self.hint}" if self.hint else f"{place}: {self.message}"


class ImportFailed(CorpusError):
    """A file can't be read or written; what stood before still stands."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}; {hint}")
