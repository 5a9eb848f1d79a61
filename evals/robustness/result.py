"""The outcome of a robustness run as one value."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from evals.errors import DutyLost
from evals.manifests import Manifest
from evals.metrics.figure import Figure
from evals.robustness.effects import Lost
from evals.tables import aligned, interval, number

COLUMNS = (
    "plan tier changed", "plan steps changed", "main clause changed", "owed duty lost", "duty lost", "duty gone",
    "duty gained", "finding lost", "abstained now", "change of confidence",
)  # fmt: skip
WORST = 5
"""Facts and duties that are named as lost most often."""


@dataclass(frozen=True)
class RobustnessResult:
    """Figures by kind of variant, and everything that was lost."""

    manifest: Manifest
    name: str
    """Of its file among the results."""
    cases: int
    families: int
    figures: tuple[Figure, ...]
    """The slice of each is the kind."""
    lost: tuple[Lost, ...]
    """Duties; none that is owed may be."""
    removed: tuple[Lost, ...]
    """Findings that text which only adds has taken away; none may be."""
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether no duty that is owed was lost in any variant."""
        return not self.lost_owed

    @property
    def lost_owed(self) -> tuple[Lost, ...]:
        return tuple(one for one in self.lost if one.owed)

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(figure.slice for figure in self.figures))

    def figure(self, kind: str, name: str) -> Figure:
        return next(one for one in self.figures if (one.slice, one.name) == (kind, name))

    def check(self) -> None:
        """Raises DutyLost where a duty that is owed was lost, naming each case and duty."""
        if not self.passed:
            named = ", ".join(map(str, self.lost_owed))
            raise DutyLost(f"{len(self.lost_owed)} duties were lost when cases were told differently", named)

    def to_json(self) -> str:
        """Ready to be committed: ids, figures and where they come from, no case text."""
        held = {
            "format": 1,
            "suite": self.name,
            "passed": self.passed,
            "cases": self.cases,
            "families": self.families,
            "manifest": self.manifest.model_dump(mode="json"),
            "notes": list(self.notes),
            "systems": {
                kind: {"figures": [one.model_dump() for one in self.figures if one.slice == kind]}
                for kind in self.kinds
            },
            "lost": [one.model_dump() for one in self.lost],
            "removed by added text": [one.model_dump() for one in self.removed],
        }
        return json.dumps(held, ensure_ascii=False, indent=1) + "\n"

    def to_table(self) -> str:
        """A line for each kind, then intervals of what matters most, then what was lost."""
        return "\n".join([*self._head(), "", *self._values(), "", *self._doubts(), "", *self._told()]) + "\n"

    def to_html(self) -> str:
        from evals.pages import render

        return render("robustness.html.j2", result=self, columns=COLUMNS, number=number, interval=interval)

    def _head(self) -> Iterator[str]:
        yield f"{self.name}: {self.cases} cases of {self.families} families, told in {len(self.kinds)} other ways"

    def _values(self) -> Iterator[str]:
        rows = [["told differently", "n", *COLUMNS]]
        for kind in self.kinds:
            held = [self.figure(kind, name) for name in COLUMNS]
            rows.append([kind, str(held[-3].n + held[-3].unscored), *(number(one.value) for one in held)])
        return aligned(rows)

    def _doubts(self) -> Iterator[str]:
        shown = ("plan tier changed", "plan steps changed", "owed duty lost", "duty lost")
        rows = [["95 % intervals, with n", *shown]]
        for kind in self.kinds:
            held = [self.figure(kind, name) for name in shown]
            rows.append([kind, *(f"{number(one.value)} {interval(one)} ({one.n})" for one in held)])
        return aligned(rows)

    def _told(self) -> Iterator[str]:
        count = len(self.lost_owed)
        yield "passed: no duty that is owed was lost" if self.passed else f"FAILED: {count} owed duties were lost"
        yield f"duties lost, those never owed among them: {len(self.lost)}"
        yield from (f"  {one}" for one in self.lost)
        said = ", ".join(f"{what} {count}" for what, count in Counter(o.what for o in self.removed).most_common(WORST))
        yield f"findings taken away by added text: {len(self.removed)}{f' ({said})' if said else ''}"
        yield from self.notes
