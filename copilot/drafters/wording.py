"""Claims in the corpus's own words: whole sentences, quoted as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from copilot.cases import Span
from copilot.drafters.criteria import Standing
from copilot.drafts import Citation, Claim
from copilot.findings import Finding
from copilot.gate import FEWEST_WORDS, find
from copilot.text import sentences
from policy_corpus import Clause, Passage, Precedent
from retrieval.hits import Hit

MOST_QUOTES = 4096
"""Passages whose quote is remembered; the same few come back in case after case."""


def claim_for_clause(
    clause: Clause, standing: Standing, findings: Sequence[Finding], hits: Sequence[Hit]
) -> Claim | None:
    """That a clause applies, in its words, with the words of the case that show the facts it rests on."""
    citation = first_quote(clause.ref, hits)
    if citation is None:
        return None
    facts = standing.verdicts[clause.ref].rests_on
    return Claim(
        text=f"{clause.title} applies: {citation.quote}",
        citations=(citation,),
        evidence=tuple(_evidence(findings, facts)),
    )


def claim_for_precedent(precedent: Precedent, hits: Sequence[Hit]) -> Claim | None:
    """How a precedent was decided, in its words."""
    citation = first_quote(precedent.id, hits)
    if citation is None:
        return None
    return Claim(text=f"In {precedent.id} ({precedent.title}): {citation.quote}", citations=(citation,))


def first_quote(source: str, hits: Sequence[Hit]) -> Citation | None:
    """The first sentence, among the source's passages that were retrieved, which the gate would accept."""
    for hit in hits:
        if hit.passage.source == source and (quote := quotable(hit.passage)):
            return Citation(source=hit.passage.id, quote=quote)
    return None


def quotable(passage: Passage) -> str:
    """The passage's first sentence of some length that stands in it once; empty where there is none."""
    return _quotable(passage.text)


@lru_cache(maxsize=MOST_QUOTES)
def _quotable(text: str) -> str:
    whole = [text[start:end] for start, end in sentences(text)]
    long = [sentence for sentence in whole if len(sentence.split()) >= FEWEST_WORDS]
    return next((sentence for sentence in (*long, *whole) if len(find(sentence, text)) == 1), "")


def _evidence(findings: Iterable[Finding], facts: frozenset[str]) -> Iterable[Span]:
    spans = (span for finding in findings if finding.fact in facts for span in finding.evidence)
    return dict.fromkeys(spans)
