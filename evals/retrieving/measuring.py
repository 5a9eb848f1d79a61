"""Measuring: every searcher on every question, figures with intervals, and by how much ours is ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.base import Progress, Strict, silent
from evals.embedding import RememberingEmbedder
from evals.hashing import code_version
from evals.metrics.figure import Figure, mean_figure
from evals.metrics.intervals import Sampling
from evals.metrics.ranking import by_query, first_within
from evals.retrieving.questions import Question, Task
from evals.retrieving.searchers import Dense, Ours, Searcher, Stock, Words
from retrieval import Embedder

OURS = "ours"
_KEPT = 100

Values = dict[str, dict[str, float | None]]
"""Measure → question → value."""


class SearcherFigures(Strict):
    """One searcher on one task."""

    searcher: str
    figures: tuple[Figure, ...]
    behind_ours: tuple[Figure, ...] = ()
    """Ours minus this one, on the same questions."""


class TaskResult(Strict):
    """All searchers on one task. Holds no texts."""

    task: str
    questions: int
    families: int
    notes: tuple[str, ...]
    searchers: tuple[SearcherFigures, ...]
    relevant: dict[str, tuple[str, ...]]
    rankings: dict[str, dict[str, tuple[str, ...]]]
    """Searcher → question → targets, best first."""


class RetrievalResult(Strict):
    """What one command measured."""

    command: str
    code_version: str
    embedder: str
    embedder_fingerprint: str
    tasks: tuple[TaskResult, ...]

    def to_json(self) -> str:
        """Without rankings, which go to run files."""
        return self.model_dump_json(indent=1, exclude={"tasks": {"__all__": {"rankings", "relevant"}}}) + "\n"


def measure(
    tasks: Sequence[Task],
    embedder: Embedder,
    *,
    command: str = "",
    sampling: Sampling | None = None,
    progress: Progress = silent,
) -> RetrievalResult:
    """Runs ours and the baselines; every text is embedded once."""
    model = RememberingEmbedder(embedder)
    dense = Dense(model)
    searchers: list[Searcher] = [Ours(model), Words(), dense, Stock(dense)]
    results = []
    for number, task in enumerate(tasks):
        progress(number, len(tasks), task.name)
        more = [Ours(model, with_findings=True)] if task.with_findings else []
        results.append(_task(task, [*searchers, *more], sampling or Sampling()))
    progress(len(tasks), len(tasks), "done")
    return RetrievalResult(
        command=command,
        code_version=code_version(),
        embedder=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        tasks=tuple(results),
    )


def _task(task: Task, searchers: Sequence[Searcher], sampling: Sampling) -> TaskResult:
    rankings = {one.name: {q.id: _targets(one, q, task) for q in task.questions} for one in searchers}
    values = {name: _values(task, ranked) for name, ranked in rankings.items()}
    for one in searchers:
        if isinstance(one, Ours) and one.name != OURS:
            values[one.name]["opposing found"] = {q.id: float(one.opposing(q)) for q in task.questions}
    return TaskResult(
        task=task.name,
        questions=len(task.questions),
        families=len({q.family for q in task.questions}),
        notes=task.notes,
        searchers=tuple(
            SearcherFigures(
                searcher=name,
                figures=tuple(_figure(measure, task, held, sampling) for measure, held in its.items()),
                behind_ours=tuple(_ahead(task, values[OURS], its, sampling)) if name != OURS else (),
            )
            for name, its in values.items()
        ),
        relevant={q.id: q.relevant for q in task.questions},
        rankings=rankings,
    )


def _targets(searcher: Searcher, question: Question, task: Task) -> tuple[str, ...]:
    sources = searcher.ranking(question, task.kind)
    return tuple(dict.fromkeys(task.target(question.pack, source) for source in sources))[:_KEPT]


def _values(task: Task, rankings: Mapping[str, Sequence[str]]) -> Values:
    relevant = {q.id: q.relevant for q in task.questions}
    own = [name for name in task.measures if name.startswith(("top-", "main@"))]
    found: Values = by_query(relevant, rankings, [name for name in task.measures if name not in own])
    for name in own:
        depth = int(name.replace("top-", "").replace("main@", ""))
        wanted = {id: held[:1] if name.startswith("main") else held for id, held in relevant.items()}
        found[name] = {id: first_within(wanted[id], rankings[id], depth) for id in relevant}
    return {name: found[name] for name in task.measures}


def _figure(name: str, task: Task, values: Mapping[str, float | None], sampling: Sampling) -> Figure:
    families = [q.family for q in task.questions]
    return mean_figure(name, [values[q.id] for q in task.questions], families, sampling=sampling)


def _ahead(task: Task, ours: Values, other: Values, sampling: Sampling) -> list[Figure]:
    families = [q.family for q in task.questions]
    found = []
    for name in (name for name in other if name in ours):
        pairs = [(ours[name][q.id], other[name][q.id]) for q in task.questions]
        apart = [None if a is None or b is None else a - b for a, b in pairs]
        found.append(mean_figure(name, apart, families, sampling=sampling, share=False, difference=True))
    return found
