"""Figures about citations: what the gate says of them, and how they compare with what gold expects.

Citation recall and precision follow ALCE (Gao et al. 2023, "Enabling Large Language Models to Generate Text with
Citations"): a claim is recalled when its citations together entail it; a citation is precise when it is needed
for that.
ALCE judges entailment with a model; here that judge is given from outside, and without one both are unscored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from copilot.drafts import Claim
from copilot.gate import CitationVerdict
from copilot.reviews import Review
from evals.metrics.figure import Better, Figure, mean_figure
from evals.rows import Row, Sheet


class Entailment(Protocol):
    """Whether a passage of text supports a claim."""

    def supports(self, premise: str, claim: str) -> bool: ...


class WordOverlap:
    """A stand-in judge without a model: enough of the claim's words stand in the premise.

    It knows nothing of meaning and can't see a negation; figures made with it are for tests and for quotes.
    """

    def __init__(self, share: float = 0.5) -> None:
        self._share = share

    def supports(self, premise: str, claim: str) -> bool:
        from retrieval.words import words

        wanted = set(words(claim))
        return bool(wanted) and len(wanted & set(words(premise))) / len(wanted) >= self._share


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


def alce(reviews: Sequence[Review], clusters: Sequence[str], judge: Entailment | None, sheet: Sheet) -> list[Figure]:
    """ALCE's citation recall and precision over the claims of the recommended drafts; unscored without a judge."""
    scores = [_alce_of(review, judge) if judge is not None else (None, None) for review in reviews]
    return [
        mean_figure(name, [score[pick] for score in scores], clusters, sampling=sheet.sampling, slice=sheet.slice)
        for pick, name in enumerate(("citation recall (ALCE)", "citation precision (ALCE)"))
    ]


def _alce_of(review: Review, judge: Entailment) -> tuple[float | None, float | None]:
    if review.recommended is None:
        return None, None
    claims = review.drafts[review.recommended].draft.claims
    texts = {hit.passage.id: hit.passage.text for hit in review.hits}
    recalled = [_supported(claim, texts, judge) for claim in claims]
    precise = [
        float(_needed(number, claim, texts, judge)) if supported else 0.0
        for claim, supported in zip(claims, recalled, strict=True)
        for number in range(len(claim.citations))
    ]
    return _mean([float(one) for one in recalled]), _mean(precise)


def _supported(claim: Claim, texts: dict[str, str], judge: Entailment, without: int | None = None) -> bool:
    premises = [texts.get(c.source, "") for n, c in enumerate(claim.citations) if n != without]
    return bool(premises) and judge.supports(" ".join(premises), claim.text)


def _needed(number: int, claim: Claim, texts: dict[str, str], judge: Entailment) -> bool:
    """A citation is irrelevant when it doesn't support the claim alone and the others do without it."""
    alone = judge.supports(texts.get(claim.citations[number].source, ""), claim.text)
    return alone or not _supported(claim, texts, judge, without=number)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
