"""Figures about citations: what the gate says of them, and how they compare with what gold expects.

Whether a quote supports its claim is another question: `evals.judging`.
"""

from __future__ import annotations

from copilot.gate import CitationVerdict
from evals.metrics.figure import Better, Figure
from evals.rows import Row, Sheet


def citation_figures(sheet: Sheet) -> list[Figure]:
    """Per case: shares of verdicts, claims without a source, and overlap of what was cited with what gold expects."""
    return [
        sheet.mean("gate passed", gate_passed),
        *(
            sheet.mean(f"citations {verdict}", lambda row, v=verdict: _share(row, v), better=_better(verdict))  # type: ignore[misc]
            for verdict in CitationVerdict
        ),
        sheet.mean("claims without citation", _uncited, better="lower"),
        sheet.mean("expected clauses cited", _gold_recall, note="of the clauses that gold names"),
        sheet.mean("cited clauses expected", _gold_precision, note="of the clauses that are cited"),
    ]


def gate_passed(row: Row) -> float | None:
    if not row.answer.claims:
        return None
    only = set(row.answer.verdicts) <= {str(CitationVerdict.VERBATIM)}
    return float(only and not row.answer.uncited and not row.answer.loose)


def _better(verdict: CitationVerdict) -> Better:
    return "higher" if verdict is CitationVerdict.VERBATIM else "lower"


def _share(row: Row, verdict: CitationVerdict) -> float | None:
    total = sum(row.answer.verdicts.values())
    return row.answer.verdicts.get(str(verdict), 0) / total if total else None


def _uncited(row: Row) -> float | None:
    return row.answer.uncited / row.answer.claims if row.answer.claims else None


def _clauses_cited(row: Row) -> set[str]:
    known = {clause.id for clause in row.pack.clauses}
    return set(row.answer.cited) & known


def _gold_recall(row: Row) -> float | None:
    expected = set(row.gold.expected.clauses or ())
    if not expected or row.answer.abstained:
        return None
    return len(expected & _clauses_cited(row)) / len(expected)


def _gold_precision(row: Row) -> float | None:
    cited = _clauses_cited(row)
    if not cited or row.gold.expected.clauses is None or row.answer.abstained:
        return None
    return len(cited & set(row.gold.expected.clauses)) / len(cited)
