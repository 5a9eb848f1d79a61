"""Systems: whatever gives an answer to a case. The copilot is one, every baseline and ablation is another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from copilot.review import Reviewer
from copilot.reviews import Review
from evals.answers import Answer, answer_of
from evals.base import Strict
from evals.embedding import RememberingEmbedder
from evals.gold import GoldCase
from evals.hashing import code_version
from evals.reference import always_escalate, always_report
from evals.splits import hidden, without
from policy_corpus import Pack
from retrieval import BruteForceIndex, Retriever

COPILOT = "copilot"


class Outcome(Strict):
    """What a system gave for one case."""

    answer: Answer
    review: Review | None = None


class System(Protocol):
    """Gives an answer to a case."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str:
        """Changes with anything that could change its answers; stored answers under another one are not reused."""
        ...

    async def answer(self, gold: GoldCase) -> Outcome: ...


@dataclass
class ReviewerSystem:
    """A reviewer as a system. Where a case must not know some precedents, a reviewer without them answers it."""

    name: str
    reviewer: Reviewer
    dated: bool = False
    _without: dict[frozenset[str], Reviewer] = field(default_factory=dict, repr=False)
    _embedder: RememberingEmbedder | None = field(default=None, repr=False)

    @property
    def pack(self) -> Pack:
        return self.reviewer.pack

    @property
    def fingerprint(self) -> str:
        parts = {
            "name": self.name,
            "code": code_version(),
            "pack": self.pack.fingerprint,
            "revision": self.reviewer.corpus_revision,
            "embedder": self.reviewer.retriever.index.embedder.fingerprint,
            "detectors": [detector.name for detector in self.reviewer.detectors],
            "drafters": [[drafter.name, drafter.settings] for drafter in self.reviewer.drafters],
            "service": [finding.model_dump(mode="json") for finding in self.reviewer.service],
            "parameters": self.reviewer.parameters,
            "dated": self.dated,
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    async def answer(self, gold: GoldCase) -> Outcome:
        reviewer = self._reviewer(hidden(gold, self.pack, dated=self.dated))
        review = await reviewer.review(gold.case)
        return Outcome(answer=answer_of(review, reviewer.pack), review=review)

    def _reviewer(self, unknown: frozenset[str]) -> Reviewer:
        if not unknown:
            return self.reviewer
        if unknown not in self._without:
            self._embedder = self._embedder or RememberingEmbedder(self.reviewer.retriever.index.embedder)
            self._without[unknown] = reduced(self.reviewer, without(self.pack, unknown), self._embedder)
        return self._without[unknown]


def reduced(reviewer: Reviewer, pack: Pack, embedder: RememberingEmbedder) -> Reviewer:
    """The same reviewer over another pack, with an index of its own."""
    retriever = Retriever(pack, BruteForceIndex(embedder))
    retriever.sync()
    return replace(reviewer, pack=pack, retriever=retriever)


def references(reviewer: Reviewer, *, dated: bool = False) -> Iterator[System]:
    """The always-escalate and always-report reviewers, where the pack knows such steps."""
    for drafter in (always_escalate(reviewer.pack), always_report(reviewer.pack)):
        if drafter is not None:
            yield ReviewerSystem(drafter.name, replace(reviewer, drafters=(drafter,)), dated)


def ablations(reviewer: Reviewer, *, dated: bool = False) -> Iterator[System]:
    """The reviewer with one thing taken out."""
    embedder = RememberingEmbedder(reviewer.retriever.index.embedder)
    bare = reduced(reviewer, reviewer.pack.with_precedents(()), embedder)
    yield ReviewerSystem("clauses without precedents", bare, dated)
    if reviewer.detectors:
        yield ReviewerSystem("without detectors", replace(reviewer, detectors=()), dated)
    if reviewer.pack.duties:
        released = reviewer.pack.model_copy(update={"duties": {}})
        fresh = type(released)(**dict(released))
        yield ReviewerSystem("without duties", reduced(reviewer, fresh, embedder), dated)
    if len(reviewer.drafters) > 1:
        yield ReviewerSystem("without second opinion", replace(reviewer, drafters=reviewer.drafters[:1]), dated)
