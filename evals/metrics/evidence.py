"""Figures about evidence: whether the words that a review points at are the words that show a finding.

Overlap of marked words with a reader's is how rationales are scored in ERASER (DeYoung et al. 2020, "ERASER: A
Benchmark to Evaluate Rationalized NLP Models"), by intersection over union of tokens. Here characters are counted, so
that no tokeniser decides and every script counts alike, and the overlap itself is averaged: ERASER counts a match from
one half up and takes an F1.

What these figures can't show: a reader marked one shortest passage, and others may show the fact as well, so little
overlap isn't proof of a wrong place, nor much overlap of having understood it. Finders that mark whole sentences lose
in overlap what they gain in recall. Findings that the review missed are left out; findings recall speaks of those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from copilot.cases import Case, Span
from copilot.findings import Finding
from copilot.reviews import Review
from evals.gold import ExpectedFinding
from evals.metrics.figure import Figure, mean_figure
from evals.rows import Row, Sheet
from policy_corpus import Scope, Vocabulary
from policy_corpus.criteria import UNKNOWN

Places = frozenset[tuple[str, int]]
"""Code points of a case, as part and position."""


@dataclass(frozen=True)
class Overlap:
    """How two sets of code points lie to each other."""

    shared: int
    quoted: int
    found: int

    @property
    def iou(self) -> float:
        """Intersection over union."""
        return self.shared / (self.quoted + self.found - self.shared)

    @property
    def recall(self) -> float:
        """The share of the quote that was found."""
        return self.shared / self.quoted

    @property
    def met(self) -> float:
        """Whether any of the quote was found."""
        return float(self.shared > 0)


def evidence_figures(sheet: Sheet, reviews: Mapping[str, Review]) -> list[Figure]:
    """Each row is an expected finding; one without a quote, or that no finder read off the words, is unscored.

    Args:
        reviews: by case id; rows of systems that give none are unscored.
    """
    scored = [(row.family, one) for row in sheet.rows for one in _overlaps(row, reviews.get(row.id))]
    families = [family for family, _ in scored]
    overlaps = [one for _, one in scored]

    def figure(name: str, score: Callable[[Overlap], float], note: str) -> Figure:
        scores = [None if one is None else score(one) for one in overlaps]
        return mean_figure(name, scores, families, sampling=sheet.sampling, slice=sheet.slice, note=note)

    found = [
        figure("evidence overlap", lambda one: one.iou, "n counts findings; intersection over union of characters"),
        figure("evidence recall", lambda one: one.recall, "n counts findings; share of the quote that is marked"),
        figure("evidence met", lambda one: one.met, "n counts findings; share whose quote is marked in any part"),
    ]
    return [one for one in found if one.n]


def _overlaps(row: Row, review: Review | None) -> Iterator[Overlap | None]:
    for expected in row.gold.expected.findings or ():
        if expected.value != UNKNOWN:
            yield overlap(row.gold.case, expected, review.findings if review else (), row.pack.vocabulary)


def overlap(
    case: Case, expected: ExpectedFinding, findings: Iterable[Finding], vocabulary: Vocabulary
) -> Overlap | None:
    """The overlap of the quote with the evidence of all findings that say the same; None is unscored.

    Signals and the service's settings don't read words: where they alone found the fact, it is unscored. Any other
    finding without evidence found nothing of the quote.
    """
    said = [one for one in findings if _same(expected, one, vocabulary) and one.kind not in ("signal", "service")]
    if expected.quote is None or not said:
        return None
    found = places(case, (span for one in said for span in one.evidence))
    met = [_against(quoted, found) for quoted in quoted_places(case, expected.quote)]
    return max(met, key=lambda one: one.iou, default=None)


def _same(expected: ExpectedFinding, found: Finding, vocabulary: Vocabulary) -> bool:
    """Whether a finding says what is expected; `about` counts where gold gives it and the fact is about a party."""
    anyone = expected.about is None or vocabulary.scope(expected.fact) is Scope.CASE
    return (expected.fact, expected.value) == (found.fact, found.value) and (anyone or expected.about == found.about)


def _against(quoted: Places, found: Places) -> Overlap:
    return Overlap(shared=len(quoted & found), quoted=len(quoted), found=len(found))


def places(case: Case, spans: Iterable[Span]) -> Places:
    """The code points under the spans, each once; a span outside the case's text is under none."""
    held = [span for span in spans if case.words(span) is not None]
    return frozenset((span.part, at) for span in held for at in range(span.start, span.end))


def quoted_places(case: Case, quote: str) -> Iterator[Places]:
    """Every place where the quote stands; which of them the evidence lies nearest to is what counts."""
    for part in case.parts:
        start = (part.text or "").find(quote)
        while start >= 0:
            yield frozenset((part.id, at) for at in range(start, start + len(quote)))
            start = (part.text or "").find(quote, start + 1)
