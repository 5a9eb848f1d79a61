"""Answers: what a system said about a case, reduced to what is scored. A Review gives one; so does a plain baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from copilot.reviews import Checked, Review
from evals.base import Strict
from policy_corpus import Pack, Reportability, Tier

RAISED = (Reportability.OBLIGED, Reportability.COUNSEL)


class SaidFinding(Strict):
    fact: str
    value: str
    about: str | None = None


class Answer(Strict):
    """What a system said about one case."""

    tier: Tier | None = None
    """None where it abstained: nothing was recommended."""
    steps: tuple[tuple[str, str], ...] = ()
    """Action and target of each step."""
    reportability: Reportability = Reportability.UNKNOWN
    duties: tuple[str, ...] = ()
    """Duties said to be owed, or to need counsel."""
    clauses: tuple[str, ...] = ()
    """Clause ids without version, the main one first."""
    sources: tuple[str, ...] = ()
    """Precedents and clauses (without version) that came back, best first."""
    passages: tuple[str, ...] = ()
    """Ids of all passages that came back, best first."""
    cited: tuple[str, ...] = ()
    """Ids of clauses (without version) and precedents that a verbatim quote stands for."""
    findings: tuple[SaidFinding, ...] = ()
    verdicts: dict[str, int] = {}
    """Gate verdict → citations."""
    claims: int = 0
    uncited: int = 0
    """Claims without any citation."""
    loose: int = 0
    """Claims whose evidence doesn't lie in the case."""
    confidence: float | None = None
    abstained: bool = False
    disagreement: bool = False
    seconds: float | None = None
    tokens: int | None = None
    cost: float | None = None
    """Of the model's tokens, where a price list is at hand; runs keep the tokens and not the cost."""


def clause_id(ref: str) -> str:
    """The clause's id without version."""
    return ref.rpartition("@")[0] or ref


def answer_of(review: Review, pack: Pack) -> Answer:
    """What the review says. Where no draft recommends anything, the first one's duties still count."""
    number = review.recommended
    chosen = review.drafts[number] if number is not None else next(iter(review.drafts), None)
    duties = tuple(status.duty for status in review.duties if status.reportability in RAISED)
    sources = tuple(dict.fromkeys(hit.passage.source for hit in review.hits))
    # What is only suspected leaves its fact open: it isn't found.
    stated = [one for one in review.findings if one.value != "unknown" and not one.suspected]
    found = {(one.fact, one.value, one.about) for one in stated}
    draft = chosen.draft if chosen is not None else None
    abstained = number is None
    return Answer(
        tier=None if abstained or draft is None else draft.plan.tier(pack),
        steps=tuple((step.action, step.on) for step in draft.plan.steps) if draft else (),
        reportability=draft.reportability if draft else _reportability(review),
        duties=duties,
        clauses=tuple(dict.fromkeys(clause_id(ref) for ref in draft.clauses)) if draft else (),
        sources=tuple(dict.fromkeys(clause_id(source) for source in sources)),
        passages=tuple(hit.passage.id for hit in review.hits),
        cited=tuple(_cited(chosen)) if chosen else (),
        findings=tuple(SaidFinding(fact=f, value=v, about=a) for f, v, a in sorted(found, key=str)),
        verdicts=dict(Counter(str(one.verdict) for one in chosen.gate.citations)) if chosen else {},
        claims=len(draft.claims) if draft else 0,
        uncited=len(chosen.gate.uncited) if chosen else 0,
        loose=len(chosen.gate.loose) if chosen else 0,
        confidence=None if abstained or draft is None else draft.confidence,
        abstained=abstained,
        disagreement=bool(review.disagreement),
        seconds=review.provenance.seconds,
        tokens=review.provenance.tokens_in + review.provenance.tokens_out or None,
    )


def _reportability(review: Review) -> Reportability:
    said = [status.reportability for status in review.duties]
    return max(said, key=lambda one: one.rank, default=Reportability.UNKNOWN)


def _cited(checked: Checked) -> Iterable[str]:
    verbatim = [one.citation.source for one in checked.gate.citations if one.verdict == "verbatim"]
    return dict.fromkeys(clause_id(source.rpartition("#")[0]) for source in verbatim)
