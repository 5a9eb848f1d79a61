"""Comparison of two runs on the same cases: what differs, how sure that is, and what flipped.

For scores of right and wrong McNemar's exact test counts the cases on which the two differ; every difference has a
paired bootstrap interval over families. Over slices the p-values are corrected by Holm's method. McNemar takes cases as
independent, which cases of one family are not: where the two disagree, believe the interval.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evals.base import Strict
from evals.casewise import DECIDING, REPORT_LOST, SCORES
from evals.errors import RunError
from evals.metrics.figure import Better, Figure, mean_figure
from evals.metrics.intervals import Sampling
from evals.metrics.paired import cases_needed, cases_to_show, holm, mcnemar
from evals.runs import Record, Run, load
from evals.scoring import FEWEST_IN_SLICE

Verdict = Literal["better", "worse", "no evidence"]
Pair = tuple[Record, Record]


class Difference(Strict):
    """B minus A in one score on the cases that both could be scored on."""

    difference: Figure
    a: float | None
    b: float | None
    only_a: int
    """Cases on which A does better."""
    only_b: int
    p: float
    """McNemar, exact; corrected by Holm over the slices where there are any."""
    verdict: Verdict
    needed: int | None
    """Cases that it would take to show a difference of this size (80 % power, 5 % level), were it real."""
    needed_for_asked: int | None = None
    """Cases that it would take to show the difference asked about, where the two differ as often as here."""


class Flip(Strict):
    """A case on which the two runs differ in the deciding score."""

    case_id: str
    a: str
    b: str
    right: Literal["a", "b"]


@dataclass(frozen=True)
class Comparison:
    """What `compare` gives back."""

    a: Run
    b: Run
    verdict: Verdict
    why: str
    scores: tuple[Difference, ...]
    slices: tuple[Difference, ...]
    flips: tuple[Flip, ...]
    warnings: tuple[str, ...]
    asked: float | None = None
    """The difference asked about."""

    def to_json(self) -> str:
        held = {
            "format": 1,
            "a": self.a.manifest.model_dump(mode="json"),
            "b": self.b.manifest.model_dump(mode="json"),
            "verdict": self.verdict,
            "why": self.why,
            "warnings": self.warnings,
            "asked": self.asked,
            "scores": [one.model_dump() for one in self.scores],
            "slices": [one.model_dump() for one in self.slices],
            "flips": [one.model_dump() for one in self.flips],
        }
        return json.dumps(held, ensure_ascii=False, indent=1) + "\n"

    def to_table(self) -> str:
        from evals.tables import comparison_table

        return comparison_table(self)

    def to_html(self) -> str:
        from evals.report import comparison_page

        return comparison_page(self)


def compare(
    a: Run | Path, b: Run | Path, *, asked: float | None = None, sampling: Sampling | None = None
) -> Comparison:
    """B against A, on the cases that both answered; runs may be given by their folders.

    Args:
        asked: a difference (0–1) that would matter, to be told how many cases it takes to show it.

    Raises:
        RunError: the two can't be read, or were not run on the same data.
    """
    one, other = _run(a), _run(b)
    _check_comparable(one, other)
    drawn = sampling or Sampling()
    held = {record.case_id: record for record in other.records}
    pairs = [(record, held[record.case_id]) for record in one.records if record.case_id in held]
    if not pairs:
        raise RunError("the two runs have no case in common", "compare runs of the same suite and part")
    scores = tuple(difference(pairs, score.name, score.better, drawn, asked=asked) for score in SCORES)
    verdict, why = _verdict({score.difference.name: score for score in scores}, asked)
    return Comparison(
        a=one,
        b=other,
        verdict=verdict,
        why=why,
        scores=tuple(score for score in scores if score.difference.n),
        slices=tuple(_by_slice(pairs, drawn)),
        flips=tuple(_flips(pairs)),
        warnings=tuple(_warnings(one, other, len(pairs))),
        asked=asked,
    )


def _run(run: Run | Path) -> Run:
    return run if isinstance(run, Run) else load(run)


def _check_comparable(a: Run, b: Run) -> None:
    for name in ("suite", "part", "data_sha256"):
        one, other = getattr(a.manifest, name), getattr(b.manifest, name)
        if one != other:
            raise RunError(f"the runs differ in {name}: '{one}' and '{other}'", "compare runs on the same data")


def _warnings(a: Run, b: Run, common: int) -> Iterator[str]:
    if a.manifest.pack_fingerprint != b.manifest.pack_fingerprint:
        yield "the packs differ: what is measured is pack and program together"
    for run in (a, b):
        if len(run.records) > common:
            yield f"{len(run.records) - common} cases of '{run.manifest.system}' are in only one run and left out"


def difference(
    pairs: Sequence[Pair],
    name: str,
    better: Better,
    sampling: Sampling,
    slice: str = "all",
    *,
    asked: float | None = None,
) -> Difference:
    """B minus A in one score; cases that either can't be scored on are unscored."""
    values = [(one.scores.get(name), other.scores.get(name)) for one, other in pairs]
    changes = [None if one is None or other is None else other - one for one, other in values]
    clusters = [one.family for one, _ in pairs]
    figure = mean_figure(
        name, changes, clusters, sampling=sampling, slice=slice, better=better, share=False, difference=True
    )
    scored = [(one, other) for one, other in values if one is not None and other is not None]
    gains = [(other - one) * (-1 if better == "lower" else 1) for one, other in scored]
    only_a, only_b = sum(gain < 0 for gain in gains), sum(gain > 0 for gain in gains)
    return Difference(
        difference=figure,
        a=_mean([one for one, _ in scored]),
        b=_mean([other for _, other in scored]),
        only_a=only_a,
        only_b=only_b,
        p=mcnemar(only_a, only_b),
        verdict=judged(figure),
        needed=cases_needed(only_a, only_b, len(scored)),
        needed_for_asked=cases_to_show(asked, (only_a + only_b) / len(scored)) if asked and scored else None,
    )


def judged(figure: Figure) -> Verdict:
    """Better or worse only where the whole interval lies on one side of 0."""
    if figure.low is None or figure.high is None or figure.low <= 0 <= figure.high:
        return "no evidence"
    rises = figure.low > 0
    return "better" if rises == (figure.better != "lower") else "worse"


def _verdict(scores: dict[str, Difference], asked: float | None) -> tuple[Verdict, str]:
    """A lost report decides alone; otherwise the plan's tier does."""
    if lost := scores[REPORT_LOST].only_a:
        return "worse", f"B loses reports that A raises, on {lost} cases"
    deciding = scores[DECIDING]
    if deciding.verdict == "no evidence":
        return "no evidence", f"the interval of the difference in {DECIDING} holds 0{_wanting(deciding, asked)}"
    return deciding.verdict, f"the whole interval of the difference in {DECIDING} lies on one side of 0"


def _wanting(deciding: Difference, asked: float | None) -> str:
    """How many cases there are, and how many it would take."""
    wanted = [f"{deciding.needed} cases to show a difference of this size"] if deciding.needed else []
    if deciding.needed_for_asked:
        wanted.append(f"{deciding.needed_for_asked} to show one of {asked:g}")
    return f"; it takes about {', '.join(wanted)}, and there are {deciding.difference.n}" if wanted else ""


def _by_slice(pairs: Sequence[Pair], sampling: Sampling) -> Iterator[Difference]:
    """The deciding score by slice, with p-values corrected for how many slices were looked at."""
    named = sorted({(kind, value) for one, _ in pairs for kind, values in one.slices.items() for value in values})
    found = []
    for kind, value in named:
        part = [pair for pair in pairs if value in pair[0].slices.get(kind, ())]
        if len(part) >= FEWEST_IN_SLICE:
            found.append(difference(part, DECIDING, "higher", sampling, f"{kind}: {value}"))
    scored = [one for one in found if one.difference.n]
    for one, p in zip(scored, holm([one.p for one in scored]), strict=True):
        yield one.model_copy(update={"p": p, "verdict": one.verdict if p < 0.05 else "no evidence"})


def _flips(pairs: Sequence[Pair]) -> Iterator[Flip]:
    for one, other in pairs:
        before, after = one.scores.get(DECIDING), other.scores.get(DECIDING)
        if before is not None and after is not None and before != after:
            said = [str(record.answer.tier or "abstained") for record in (one, other)]
            yield Flip(case_id=one.case_id, a=said[0], b=said[1], right="a" if before > after else "b")


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
