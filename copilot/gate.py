"""The citation gate: checks every quote against its source, without a model, before anyone sees it.

It reports and never repairs: what fails stays visible as failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from difflib import SequenceMatcher, ndiff
from enum import StrEnum
from functools import lru_cache

from copilot.base import Strict
from copilot.cases import Case
from copilot.drafts import Citation, Draft
from copilot.text import Mapped, folded, sentences
from policy_corpus import Pack, Passage, Status

FEWEST_WORDS = 6
FEWEST_ELSEWHERE = 3
"""Words of a quote from which finding it in another passage means something."""
MOST_FOLDED = 256
"""Passages that are remembered as they are compared; the same few are quoted in case after case."""
ALTERED_FROM = 0.6
"""Similarity (difflib ratio, 0–1) to the passage from which a quote counts as altered rather than invented."""


class CitationVerdict(StrEnum):
    VERBATIM = "verbatim"
    ALTERED = "altered"
    """Near what the source says; the difference is shown."""
    INSUFFICIENT = "insufficient"
    """It stands there, but is too short, or stands there more than once."""
    MISATTRIBUTED = "misattributed"
    """It stands in another passage."""
    FABRICATED = "fabricated"
    """It stands nowhere, or its source was not among what the drafter was given."""
    OUT_OF_FORCE = "out_of_force"
    """Its clause was not in force on the day that counts, or its precedent no longer stands."""


class CheckedCitation(Strict):
    """One citation's verdict."""

    claim: int | None
    """Which claim it belongs to; none for the opposing precedent."""
    citation: Citation
    verdict: CitationVerdict
    detail: str = ""
    start: int | None = None
    end: int | None = None
    """Where a verbatim quote stands: code points of the passage's text, for highlighting."""
    support: str = "not assessed"
    """Whether the quote supports the claim; scored separately."""


class GateReport(Strict):
    """The verdicts on one draft."""

    citations: tuple[CheckedCitation, ...] = ()
    uncited: tuple[int, ...] = ()
    """Claims without a citation."""
    loose: tuple[int, ...] = ()
    """Claims whose evidence doesn't lie within the case's text."""

    @property
    def passed(self) -> bool:
        """Whether every claim is cited, every citation verbatim and in force, and all evidence in place."""
        return (
            not self.uncited
            and not self.loose
            and all(checked.verdict is CitationVerdict.VERBATIM for checked in self.citations)
        )

    @property
    def failed(self) -> tuple[CheckedCitation, ...]:
        return tuple(checked for checked in self.citations if checked.verdict is not CitationVerdict.VERBATIM)


def check(draft: Draft, case: Case, pack: Pack, given: Iterable[Passage]) -> GateReport:
    """The verdict on every citation of a draft. `given` is what the drafter was shown."""
    shown = {passage.id: passage for passage in given}
    on = case.judged_on
    checked = [
        _check_one(number, citation, shown, pack, on)
        for number, claim in enumerate(draft.claims)
        for citation in claim.citations
    ]
    if draft.opposing is not None:
        checked.append(_check_one(None, draft.opposing, shown, pack, on))
    return GateReport(
        citations=tuple(checked),
        uncited=tuple(number for number, claim in enumerate(draft.claims) if not claim.citations),
        loose=tuple(
            number
            for number, claim in enumerate(draft.claims)
            if any(case.words(span) is None for span in claim.evidence)
        ),
    )


def _check_one(
    claim: int | None, citation: Citation, shown: dict[str, Passage], pack: Pack, on: date
) -> CheckedCitation:
    def says(
        verdict: CitationVerdict, detail: str = "", start: int | None = None, end: int | None = None
    ) -> CheckedCitation:
        return CheckedCitation(claim=claim, citation=citation, verdict=verdict, detail=detail, start=start, end=end)

    passage = shown.get(citation.source)
    if passage is None:
        known = pack.passage(citation.source) is not None
        why = "was not among what the drafter was given" if known else "does not exist"
        return says(CitationVerdict.FABRICATED, f"the source '{citation.source}' {why}")
    places = find(citation.quote, passage.text)
    if not places:
        return _not_there(citation, passage, shown.values(), says)
    if gone := _no_longer_stands(passage, pack, on):
        return says(CitationVerdict.OUT_OF_FORCE, gone, *places[0])
    if len(places) > 1:
        return says(CitationVerdict.INSUFFICIENT, f"it stands {len(places)} times in the passage", *places[0])
    if len(citation.quote.split()) < FEWEST_WORDS and not _is_sentence(citation.quote, passage.text):
        return says(
            CitationVerdict.INSUFFICIENT, f"fewer than {FEWEST_WORDS} words and not a whole sentence", *places[0]
        )
    return says(CitationVerdict.VERBATIM, "", *places[0])


def _not_there(
    citation: Citation, passage: Passage, others: Iterable[Passage], says: Callable[..., CheckedCitation]
) -> CheckedCitation:
    long_enough = len(citation.quote.split()) >= FEWEST_ELSEWHERE
    for other in others:
        if other.id != passage.id and long_enough and find(citation.quote, other.text):
            return says(CitationVerdict.MISATTRIBUTED, f"these words stand in '{other.id}'")
    near, ratio = nearest(citation.quote, passage.text)
    if ratio >= ALTERED_FROM:
        return says(CitationVerdict.ALTERED, difference(near, citation.quote))
    return says(CitationVerdict.FABRICATED, "these words stand nowhere in what the drafter was given")


def _no_longer_stands(passage: Passage, pack: Pack, on: date) -> str:
    if passage.kind == "clause":
        clause = pack.clause(passage.source)
        if clause is not None and not clause.in_force(on):
            return f"'{clause.ref}' was not in force on {on.isoformat()}"
        return ""
    precedent = pack.precedent(passage.source)
    if precedent is not None and precedent.status in (Status.OVERRULED, Status.SUPERSEDED):
        return f"'{precedent.id}' is {precedent.status}: {precedent.status_reason}"
    return ""


def find(quote: str, text: str) -> list[tuple[int, int]]:
    """Where a quote stands in a text, as code points of the original text; empty where it doesn't."""
    needle = folded(quote).text
    return list(_passage(text).find_all(needle)) if needle else []


@lru_cache(maxsize=MOST_FOLDED)
def _passage(text: str) -> Mapped:
    return folded(text)


def _is_sentence(quote: str, text: str) -> bool:
    wanted = folded(quote).text
    return any(folded(text[start:end]).text == wanted for start, end in sentences(text))


def nearest(quote: str, text: str) -> tuple[str, float]:
    """The stretch of a text that comes nearest to a quote, and how near (0–1)."""
    wanted = folded(quote).text.split()
    words = folded(text).text.split()
    if not wanted or not words:
        return "", 0.0
    width = min(len(wanted), len(words))
    target = " ".join(wanted)
    windows = (" ".join(words[at : at + width]) for at in range(len(words) - width + 1))
    best = max(windows, key=lambda window: SequenceMatcher(None, window, target, autojunk=False).ratio())
    return best, SequenceMatcher(None, best, target, autojunk=False).ratio()


def difference(source: str, quote: str) -> str:
    """What a quote changed, as `[-taken out-]` and `{+put in+}`."""
    marked = {"- ": "[-{}-]", "+ ": "{{+{}+}}", "  ": "{}"}
    shown = [marked[word[:2]].format(word[2:]) for word in ndiff(source.split(), quote.split()) if word[:2] in marked]
    return " ".join(shown)
