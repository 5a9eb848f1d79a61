"""What the citation gate is for: faults planted in the citations of real drafts, and the share of them that it marks.

The gate changes no plan, so taking it out changes no figure of a plan. Without it nothing is marked at all.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from copilot import gate
from copilot.cases import Case
from copilot.drafts import Citation, Claim, Draft
from copilot.gate import FEWEST_WORDS, CitationVerdict
from copilot.reviews import Review
from copilot.text import sentences
from evals.gold import GoldCase
from evals.hashing import digest_of_text
from evals.metrics.figure import Better, Figure, mean_figure
from evals.metrics.intervals import Sampling
from evals.runs import Run
from evals.studies.base import Study
from evals.studies.faults import FAULTS, SOUND, Fault, Setting
from policy_corpus import Pack, Passage, Status

WITH, WITHOUT = "with", "without"
MOST_CASES = 60
"""Cases that faults are planted in, where not more are asked for; comparing a quote with a passage takes time."""

NOTES = (
    "One citation a case and fault, drawn with the run's seed. n counts cases; intervals are clustered by family.",
    "Sound are citations whose words stand in their passage once, by a plain comparison of words, apart from the gate.",
    "The gate compares words and sources. That a sound quote doesn't support its claim it can't see; nor does this.",
    "Planted faults are plainer than those of a model that paraphrases: shares near 1 say that the gate does what it "
    "was made for, not how often a model's citations would fail.",
)


@dataclass(frozen=True)
class _Subject:
    """A case whose draft has a sound citation."""

    id: str
    family: str
    case: Case
    given: tuple[Passage, ...]
    citations: tuple[Citation, ...]

    def passage(self, citation: Citation) -> Passage:
        return next(passage for passage in self.given if passage.id == citation.source)


def study_gate(
    run: Run, cases: Sequence[GoldCase], pack: Pack, sampling: Sampling, most: int | None = None
) -> Study | None:
    """The study over a run's reviews, drawn by a hash; none where no draft has a sound citation."""
    subjects = sorted(_subjects(run, cases, pack), key=lambda one: digest_of_text(one.id))[: most or MOST_CASES]
    if not subjects:
        return None
    ended = _ended(pack)
    marked: list[Figure] = []
    named: list[Figure] = []
    for fault in FAULTS:
        verdicts = [_verdict(one, fault, pack, ended, sampling.seed) for one in subjects]
        figure = partial(_figure, subjects=subjects, verdicts=verdicts, sampling=sampling)
        marked.append(figure(f"marked: {fault.name}", _is_marked, "higher"))
        named.append(figure(f"named rightly: {fault.name}", fault.named.__contains__, "higher"))
    falsely = [_falsely_marked(way, subjects, pack, sampling) for way in SOUND]
    held = tuple(one for one in (*marked, *falsely, *named) if one.n)
    nothing = tuple(_unmarked(one) for one in (*marked, *falsely) if one.n)
    title = "The gate: planted faults that it marks"
    return Study(name="gate", title=title, columns={WITH: held, WITHOUT: nothing}, notes=NOTES)


def _subjects(run: Run, cases: Sequence[GoldCase], pack: Pack) -> Iterator[_Subject]:
    reviews = {record.case_id: record.review for record in run.records}
    for gold in cases:
        review = reviews.get(gold.id)
        if review is None:
            continue
        given = tuple({hit.passage.id: hit.passage for hit in review.hits}.values())
        citations = tuple(one for one in _cited(review) if is_sound(one, given, pack, gold.case.judged_on))
        if citations:
            yield _Subject(gold.id, gold.family, gold.case, given, citations)


def _cited(review: Review) -> Iterator[Citation]:
    """Of all drafts, abstaining ones too: whatever is shown is checked."""
    for checked in review.drafts:
        for claim in checked.draft.claims:
            yield from claim.citations


def is_sound(citation: Citation, given: Sequence[Passage], pack: Pack, on: date) -> bool:
    """Whether the words stand once in the passage named, and it may be cited: the rule itself, done the plain way."""
    passage = next((one for one in given if one.id == citation.source), None)
    if passage is None or not _stands(passage, pack, on):
        return False
    words, text = citation.quote.split(), _plain(passage.text)
    quote = " ".join(words)
    places = sum(text.startswith(quote, at) for at in range(len(text)))
    whole = any(_plain(passage.text[start:end]) == quote for start, end in sentences(passage.text))
    return bool(words) and places == 1 and (len(words) >= FEWEST_WORDS or whole)


def _stands(passage: Passage, pack: Pack, on: date) -> bool:
    clause, precedent = pack.clause(passage.source), pack.precedent(passage.source)
    if clause is not None:
        return clause.in_force(on)
    return precedent is None or precedent.status not in (Status.OVERRULED, Status.SUPERSEDED)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _verdict(subject: _Subject, fault: Fault, pack: Pack, ended: Pack, seed: int) -> CitationVerdict | None:
    """The gate's verdict on one planted fault; None where it can't be planted, or left the citation sound."""
    draw = random.Random(f"{seed}|{subject.id}|{fault.name}")
    citation = draw.choice(subject.citations)
    planted = fault.plant(citation, Setting(subject.passage(citation), subject.given, pack), draw)
    judged_by = ended if fault.ended else pack
    if planted is None or is_sound(planted, subject.given, judged_by, subject.case.judged_on):
        return None
    return _checked(planted, subject, judged_by)


def _checked(citation: Citation, subject: _Subject, pack: Pack) -> CitationVerdict:
    draft = Draft(drafter="planted", summary="", claims=(Claim(text="", citations=(citation,)),))
    return gate.check(draft, subject.case, pack, subject.given).citations[0].verdict


def _falsely_marked(way: str, subjects: Sequence[_Subject], pack: Pack, sampling: Sampling) -> Figure:
    def verdict(subject: _Subject) -> CitationVerdict | None:
        draw = random.Random(f"{sampling.seed}|{subject.id}|{way}")
        citation = SOUND[way](draw.choice(subject.citations), draw)
        plain = citation.model_copy(update={"quote": unicodedata.normalize("NFC", citation.quote)})
        sound = is_sound(plain, subject.given, pack, subject.case.judged_on)
        return _checked(citation, subject, pack) if sound else None

    verdicts = [verdict(one) for one in subjects]
    return _figure(
        f"falsely marked: {way}", _is_marked, "lower", subjects=subjects, verdicts=verdicts, sampling=sampling
    )


def _is_marked(verdict: CitationVerdict) -> bool:
    return verdict is not CitationVerdict.VERBATIM


def _figure(
    name: str,
    score: Callable[[CitationVerdict], bool],
    better: Better,
    *,
    subjects: Sequence[_Subject],
    verdicts: Sequence[CitationVerdict | None],
    sampling: Sampling,
) -> Figure:
    scores = [None if one is None else float(score(one)) for one in verdicts]
    return mean_figure(name, scores, [one.family for one in subjects], sampling=sampling, better=better)


def _unmarked(figure: Figure) -> Figure:
    """Nothing checks, so nothing is marked: by construction, and so without an interval."""
    return figure.model_copy(update={"value": 0.0, "low": None, "high": None, "note": "by construction"})


def _ended(pack: Pack) -> Pack:
    """The pack with every clause ended and every precedent overruled: nothing in it may be cited any more."""
    ended = {"effective_from": None, "effective_until": date.min}
    overruled = {"status": Status.OVERRULED, "status_reason": "planted"}
    clauses = tuple(clause.model_copy(update=ended) for clause in pack.clauses)
    precedents = tuple(precedent.model_copy(update=overruled) for precedent in pack.precedents)
    return pack.model_copy(update={"clauses": clauses, "precedents": precedents})
