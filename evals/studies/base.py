"""A study: figures side by side that are no system's own."""

from __future__ import annotations

from evals.base import Strict
from evals.metrics.figure import Figure


class Study(Strict):
    """A table: columns of figures, with what they can't show."""

    name: str
    title: str
    columns: dict[str, tuple[Figure, ...]]
    """By what they were measured with; a figure of one column may be missing in another. Texts name them by study and
    column, such as `gate: with`."""
    notes: tuple[str, ...]

    @property
    def rows(self) -> tuple[str, ...]:
        """The figures' names, in the order of the columns."""
        return tuple(dict.fromkeys(figure.name for held in self.columns.values() for figure in held))

    def figure(self, column: str, name: str) -> Figure | None:
        return next((one for one in self.columns[column] if one.name == name), None)
