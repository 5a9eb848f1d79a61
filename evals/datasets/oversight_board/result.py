"""The result: figures for every method on the same cases, and what the copilot is ahead or behind by."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from copilot.base import now
from evals.base import Strict
from evals.datasets.oversight_board.docket import Day
from evals.datasets.oversight_board.reading import Board, BoardDecision
from evals.hashing import code_version
from evals.metrics.figure import Figure, mean_figure
from evals.metrics.intervals import Sampling
from evals.metrics.ranking import by_query, first_within, weighted_recall

BOARD = "oversight-board"
OURS = "copilot"
SCORES = (
    "standard top-1", "standard top-3", "cited R@5", "cited R@10", "cited R@5 rarity-weighted",
    "cited R@10 rarity-weighted", "cited MRR",
)  # fmt: skip

METHOD_NOTES = (
    "Standards without a section in the policy's text, and cases that cite nothing of the set, are unscored.",
    "With several standards applied, finding any of them counts.",
    "R@k: the share of the decisions cited by the Board within the first k. Rarity-weighted: each cited decision "
    "counts by -log of the smoothed share of earlier citing decisions that cite it.",
    "Each case knows only decisions of earlier days, and weights are learned anew from those. "
    "Intervals: 95 % bootstrap over cases.",
    "The kinds of evidence for standards were chosen on decisions before 2023. Those for cited decisions, and to learn "
    "the weights anew each day, were settled with these very cases in view: expect less of them elsewhere.",
    "The policy's text is of a later day than the decisions, and cases that touch on minors are not in the set.",
)


class Prediction(Strict):
    """What one method says about one case."""

    standards: tuple[str, ...]
    decisions: tuple[str, ...]
    seconds: float | None = None
    verdicts: dict[str, int] = {}
    uncited: int = 0
    abstained: bool = False


class Setting(Strict):
    """What the result rests on."""

    command: str
    data_sha256: str
    embedder: str
    embedder_fingerprint: str
    pack_fingerprint: str
    cases: int
    earlier: int
    """Decisions that were precedents from the start."""
    paragraphs: int


class BoardCase(Strict):
    """One case: what the Board did, and each method's scores. Holds no case text."""

    id: str
    decided: date
    standards: tuple[str, ...]
    cited: tuple[str, ...]
    cited_elsewhere: int
    """Cited decisions that are not in the set, which nobody could find."""
    predicted: dict[str, Prediction]
    scores: dict[str, dict[str, float | None]]
    """Method → score → value; None is unscored."""


class MethodFigures(Strict):
    """One method's figures, and by how much the copilot is ahead of it on the same cases."""

    method: str
    figures: tuple[Figure, ...]
    ahead: tuple[Figure, ...] = ()


class Times(Strict):
    """Seconds a case."""

    median: float
    p95: float
    n: int


@dataclass(frozen=True)
class BoardResult:
    """What `evaluate` gives back; renders itself as JSON, as a plain table and as a page."""

    setting: Setting
    methods: tuple[MethodFigures, ...]
    verdicts: dict[str, dict[str, int]]
    """Method → gate verdict → citations."""
    times: dict[str, Times]
    cases: tuple[BoardCase, ...]
    made_at: datetime

    def to_json(self) -> str:
        """Ready to be committed: figures, and of each case its id and scores; nothing of the set itself."""
        held = {
            "format": 1,
            "suite": BOARD,
            "code_version": code_version(),
            "made_at": self.made_at.isoformat(),
            "setting": self.setting.model_dump(),
            "methods": [method.model_dump() for method in self.methods],
            "verdicts": self.verdicts,
            "times": {name: times.model_dump() for name, times in self.times.items()},
            "cases": [case.model_dump(include={"id", "cited_elsewhere", "scores"}) for case in self.cases],
            "notes": METHOD_NOTES,
        }
        return json.dumps(held, ensure_ascii=False, indent=1) + "\n"

    def to_table(self) -> str:
        from evals.datasets.oversight_board.table import table

        return table(self)

    def to_html(self) -> str:
        from evals.datasets.oversight_board.table import page

        return page(self)


def summarise(
    board: Board,
    cases: Sequence[BoardDecision],
    predictions: Sequence[Mapping[str, Prediction]],
    day: Callable[[date], Day],
    setting: Setting,
    sampling: Sampling,
) -> BoardResult:
    """Scores, figures and paired differences of everything that was predicted."""
    names = list(predictions[0]) if predictions else []
    scores = {name: _scores(board, cases, [one[name] for one in predictions], day) for name in names}
    rows = tuple(
        BoardCase(
            id=case.id,
            decided=case.decided,
            standards=case.standards,
            cited=case.cites,
            cited_elsewhere=len(case.cites) - len(board.citable(case)),
            predicted={name: _shortened(prediction) for name, prediction in predictions[number].items()},
            scores={name: scores[name][number] for name in names},
        )
        for number, case in enumerate(cases)
    )
    return BoardResult(
        setting=setting,
        methods=tuple(_figures(name, rows, sampling) for name in names),
        verdicts={name: _verdicts(rows, name) for name in names if any(row.predicted[name].verdicts for row in rows)},
        times=dict(_times(rows, names)),
        cases=rows,
        made_at=now(),
    )


def _scores(
    board: Board, cases: Sequence[BoardDecision], predictions: Sequence[Prediction], day: Callable[[date], Day]
) -> list[dict[str, float | None]]:
    cited = {case.id: board.citable(case) for case in cases}
    found = {case.id: one.decisions for case, one in zip(cases, predictions, strict=True)}
    ranked = by_query(cited, found, ("R@5", "R@10", "RR"))
    scores: list[dict[str, float | None]] = []
    for case, one in zip(cases, predictions, strict=True):
        right, rarity = board.scorable(case), day(case.decided).rarity
        values = (
            first_within(right, one.standards, 1),
            first_within(right, one.standards, 3),
            ranked["R@5"][case.id],
            ranked["R@10"][case.id],
            weighted_recall(cited[case.id], one.decisions, 5, rarity),
            weighted_recall(cited[case.id], one.decisions, 10, rarity),
            ranked["RR"][case.id],
        )
        scores.append(dict(zip(SCORES, values, strict=True)))
    return scores


def _figures(method: str, rows: Sequence[BoardCase], sampling: Sampling) -> MethodFigures:
    ids = [row.id for row in rows]
    own = {name: [row.scores[method][name] for row in rows] for name in SCORES}
    ours = {name: [row.scores[OURS][name] for row in rows] for name in SCORES}
    ahead = {name: [_minus(a, b) for a, b in zip(ours[name], own[name], strict=True)] for name in SCORES}
    return MethodFigures(
        method=method,
        figures=tuple(mean_figure(name, own[name], ids, sampling=sampling) for name in SCORES),
        ahead=()
        if method == OURS
        else tuple(mean_figure(n, ahead[n], ids, sampling=sampling, share=False) for n in SCORES),
    )


def _minus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _shortened(prediction: Prediction) -> Prediction:
    return prediction.model_copy(update={"standards": prediction.standards[:5], "decisions": prediction.decisions[:10]})


def _verdicts(rows: Sequence[BoardCase], method: str) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(row.predicted[method].verdicts)
        counts["claims without a citation"] += row.predicted[method].uncited
        counts["cases abstained"] += row.predicted[method].abstained
    return dict(counts)


def _times(rows: Sequence[BoardCase], names: Sequence[str]) -> Iterator[tuple[str, Times]]:
    import numpy as np

    for name in names:
        seconds = [row.predicted[name].seconds for row in rows]
        held = [one for one in seconds if one is not None]
        if held:
            yield name, Times(median=median(held), p95=float(np.quantile(held, 0.95)), n=len(held))
