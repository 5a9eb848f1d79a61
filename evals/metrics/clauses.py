"""Figures about clauses and findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.metrics.figure import Figure, statistic_figure
from evals.metrics.ranking import by_query
from evals.rows import Row, Sheet
from policy_corpus import Scope
from policy_corpus.criteria import UNKNOWN


def clause_figures(sheet: Sheet) -> list[Figure]:
    """Whether the main clause comes first, and whether all that are expected come at all."""
    return [
        sheet.mean("main clause accuracy", main_clause_right),
        sheet.mean("main clause in the first three", lambda row: _main_within(row, 3)),
        sheet.mean("clause recall", clause_recall, note="share of the expected clauses that the draft names"),
        macro_f1(sheet),
    ]


def main_clause_right(row: Row) -> float | None:
    return _main_within(row, 1)


def _main_within(row: Row, depth: int) -> float | None:
    expected = row.gold.expected.clauses
    if not expected or row.answer.abstained:
        return None
    return float(expected[0] in row.answer.clauses[:depth])


def clause_recall(row: Row) -> float | None:
    expected = row.gold.expected.clauses
    if not expected or row.answer.abstained:
        return None
    return len(set(expected) & set(row.answer.clauses)) / len(set(expected))


def macro_f1(sheet: Sheet) -> Figure:
    """F1 of the main clause, each clause weighing the same. Unstable where clauses have one case each."""
    rows = [row for row in sheet.rows if row.gold.expected.clauses and not row.answer.abstained]
    truth = [(row.gold.expected.clauses or ("",))[0] for row in rows]
    said = [next(iter(row.answer.clauses), "") for row in rows]
    return statistic_figure(
        "main clause macro-F1",
        lambda at: _macro_f1([truth[i] for i in at], [said[i] for i in at]),
        [row.family for row in rows],
        sampling=sheet.sampling,
        unscored=len(sheet.rows) - len(rows),
        slice=sheet.slice,
        share=True,
    )


def _macro_f1(truth: Sequence[str], said: Sequence[str]) -> float | None:
    """As scikit-learn's f1_score(average="macro") over the truth's labels; counted here, as it runs very often."""
    if not truth:
        return None
    hits: dict[str, int] = {}
    total: dict[str, int] = {}
    for one, other in zip(truth, said, strict=True):
        hits[one] = hits.get(one, 0) + (one == other)
        total[one] = total.get(one, 0) + 1
        total[other] = total.get(other, 0) + 1
    labels = set(truth)
    return sum(2 * hits[label] / total[label] for label in labels) / len(labels)


def finding_figures(sheet: Sheet) -> list[Figure]:
    """Micro-averaged over (fact, value, about); a fact scoped to the case counts whoever it was found on."""
    rows = [row for row in sheet.rows if row.gold.expected.findings is not None]
    counts = [_finding_counts(row) for row in rows]
    clusters = [row.family for row in rows]
    unscored = len(sheet.rows) - len(rows)

    def figure(name: str, pick: int) -> Figure:
        return statistic_figure(
            name, lambda at: _prf([counts[i] for i in at])[pick], clusters,
            sampling=sheet.sampling, unscored=unscored, slice=sheet.slice, share=True,
        )  # fmt: skip

    return [figure("findings precision", 0), figure("findings recall", 1), figure("findings F1", 2)]


def _finding_counts(row: Row) -> tuple[int, int, int]:
    """Right, said and expected. Only facts that gold speaks of count as said: it needn't list every fact."""
    vocabulary = row.pack.vocabulary

    def key(fact: str, value: str, about: str | None) -> tuple[str, str, str | None]:
        return fact, value, None if vocabulary.scope(fact) is Scope.CASE else about

    expected = {key(f.fact, f.value, f.about) for f in row.gold.expected.findings or () if f.value != UNKNOWN}
    facts = {f.fact for f in row.gold.expected.findings or ()}
    said = {key(f.fact, f.value, f.about) for f in row.answer.findings if f.fact in facts}
    return len(expected & said), len(said), len(expected)


def _prf(counts: Sequence[tuple[int, int, int]]) -> tuple[float | None, float | None, float | None]:
    right, said, expected = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    precision = right / said if said else None
    recall = right / expected if expected else None
    return precision, recall, 2 * right / (said + expected) if said + expected else None


def source_figures(sheet: Sheet) -> list[Figure]:
    """Rankings of what search brought: of the sources that a good draft rests on, and of the expected clauses."""
    sources = {row.id: tuple(row.gold.expected.sources or ()) for row in sheet.rows}
    clauses = {row.id: tuple(row.gold.expected.clauses or ()) for row in sheet.rows}
    return [
        *_ranked("sources", sources, {row.id: _of_kind(row) for row in sheet.rows}, sheet, ""),
        *_ranked(
            "clauses found", clauses, {row.id: _clauses_of(row) for row in sheet.rows}, sheet, "among the clauses"
        ),
    ]


def _ranked(
    name: str, wanted: Mapping[str, Sequence[str]], rankings: Mapping[str, Sequence[str]], sheet: Sheet, note: str
) -> list[Figure]:
    """By the definitions of trec_eval; none where nothing is wanted of any row, or nothing came back for any."""
    if not any(wanted.values()) or not any(rankings.values()):
        return []
    values = by_query(wanted, rankings)
    return [
        sheet.mean(f"{name} {measure}", lambda row, held=held: held[row.id], note=note)  # type: ignore[misc]
        for measure, held in values.items()
    ]


def _clauses_of(row: Row) -> tuple[str, ...]:
    known = {clause.id for clause in row.pack.clauses}
    return tuple(source for source in row.answer.sources if source in known)


def _of_kind(row: Row) -> tuple[str, ...]:
    """What came back of the kind that is asked for, so that clauses don't push precedents down."""
    clauses = {clause.id for clause in row.pack.clauses}
    asked = any(source in clauses for source in row.gold.expected.sources or ())
    return tuple(source for source in row.answer.sources if (source in clauses) == asked)
