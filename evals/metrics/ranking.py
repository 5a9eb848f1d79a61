"""How well a ranking finds what is relevant, by ir-measures (the trec_eval definitions)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

MEASURES = ("nDCG@10", "R@5", "R@10", "RR")


def by_query(
    relevant: Mapping[str, Collection[str]], rankings: Mapping[str, Sequence[str]], measures: Sequence[str] = MEASURES
) -> dict[str, dict[str, float | None]]:
    """Measure → query → value. A query with nothing relevant is unscored (None); one without a ranking scores 0."""
    import ir_measures

    parsed = {name: ir_measures.parse_measure(name) for name in measures}
    scored = [query for query, wanted in relevant.items() if wanted]
    values: dict[str, dict[str, float | None]] = {
        name: {query: 0.0 if query in scored else None for query in relevant} for name in measures
    }
    qrels = [ir_measures.Qrel(query, id, 1) for query in scored for id in relevant[query]]
    run = [
        ir_measures.ScoredDoc(query, id, float(-place))
        for query in scored
        for place, id in enumerate(rankings.get(query, ()))
    ]
    if not run:
        return values
    names = {str(measure): name for name, measure in parsed.items()}
    for metric in ir_measures.iter_calc(list(parsed.values()), qrels, run):
        values[names[str(metric.measure)]][metric.query_id] = float(metric.value)
    return values


def weighted_recall(
    relevant: Collection[str], ranking: Sequence[str], depth: int, weight: Callable[[str], float]
) -> float | None:
    """Recall within `depth` where each relevant item counts by its weight; None where nothing of weight is relevant."""
    total = sum(weight(id) for id in relevant)
    found = sum(weight(id) for id in ranking[:depth] if id in relevant)
    return found / total if total > 0 else None


def first_within(relevant: Collection[str], ranking: Sequence[str], depth: int) -> float | None:
    """1 where any of the relevant stands within `depth`, 0 where none does, None where nothing is relevant."""
    return float(any(id in relevant for id in ranking[:depth])) if relevant else None
