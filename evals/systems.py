"""Systems: whatever gives an answer to a case. The copilot is one, every baseline and ablation is another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from operator import is_
from typing import Protocol

from copilot.detectors import Detector
from copilot.detectors.learned import LearnedDetector
from copilot.detectors.lexical import LexicalDetector
from copilot.drafters.leaning_drafter import LeaningDrafter
from copilot.drafters.precedents import PrecedentDrafter
from copilot.review import Reviewer
from copilot.reviews import Review
from evals.answers import Answer, answer_of
from evals.base import Strict
from evals.gold import GoldCase
from evals.growing import unaware_of
from evals.hashing import code_version
from evals.nearest import NearestDrafter
from evals.reference import always_act, always_escalate, always_report
from evals.remaking import Remaker
from evals.splits import hidden, without
from policy_corpus import Pack
from policy_corpus.criteria import ALWAYS
from retrieval import Embedder, HashingEmbedder

COPILOT = "copilot"
WITH_SECOND, WITHOUT_SECOND = "with second opinion", "without second opinion"


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
    """A reviewer as a system. Where a case must not know some precedents, a reviewer without them answers it.

    Nor do the classifiers' levels and the drafts' confidence, where they were fitted on cases of its family.
    """

    name: str
    reviewer: Reviewer
    dated: bool = False
    remaker: Remaker | None = None
    """Shared with other systems, so that together they embed and learn everything once."""
    searched_by: Embedder | None = None
    """Where the index has another embedder than the detectors."""
    raises_all: bool = False
    """Whether its answer to everything is that every report duty be looked at."""
    _without: dict[frozenset[str], Reviewer] = field(default_factory=dict, repr=False)

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
            "levels": digest_of_levels(self.reviewer),
            "drafters": [[drafter.name, drafter.settings] for drafter in self.reviewer.drafters],
            "service": [finding.model_dump(mode="json") for finding in self.reviewer.service],
            "parameters": self.reviewer.parameters,
            "dated": self.dated,
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    async def answer(self, gold: GoldCase) -> Outcome:
        reviewer = self.reviewer_for(gold)
        review = await reviewer.review(gold.case)
        answer = answer_of(review, reviewer.pack)
        if self.raises_all:
            reports = tuple(id for id, duty in reviewer.pack.duties.items() if duty.kind == "report")
            answer = answer.model_copy(update={"duties": tuple(dict.fromkeys((*answer.duties, *reports)))})
        return Outcome(answer=answer, review=review)

    def reviewer_for(self, gold: GoldCase) -> Reviewer:
        """The reviewer that knows nothing of what the case must not know."""
        whole = self._reviewer(hidden(gold, self.pack, dated=self.dated))
        detectors = tuple(_detectors(whole, gold.family))
        drafters = tuple(unaware_of(one, gold.family) for one in whole.drafters)
        if all(map(is_, (*detectors, *drafters), (*whole.detectors, *whole.drafters))):
            return whole
        return replace(whole, detectors=detectors, drafters=drafters)

    def _reviewer(self, unknown: frozenset[str]) -> Reviewer:
        if not unknown:
            return self.reviewer
        if unknown not in self._without:
            self.remaker = self.remaker or Remaker.of(self.reviewer)
            self._without[unknown] = self.remaker.over(self.reviewer, without(self.pack, unknown), self.searched_by)
        return self._without[unknown]


def digest_of_levels(reviewer: Reviewer) -> str:
    """Of what puts the classifiers' chances right, as a calibration names it; empty where nothing does.

    There is one at most, as a reviewer has at most one such detector.
    """
    held = (one.learned.levels for one in reviewer.detectors if isinstance(one, LearnedDetector))
    return next((levels.digest for levels in held if levels is not None), "")


def _detectors(reviewer: Reviewer, family: str) -> Iterator[Detector]:
    for one in reviewer.detectors:
        yield one.unaware_of(family) if isinstance(one, LearnedDetector) else one


def references(reviewer: Reviewer, remaker: Remaker, *, dated: bool = False) -> Iterator[System]:
    """The always-escalate and always-report reviewers; one that always acts where the pack knows no report.

    Both put every report duty on the table: that is what such an answer amounts to.
    """
    pack = reviewer.pack
    for drafter in (always_escalate(pack), always_report(pack) or always_act(pack)):
        if drafter is not None:
            yield ReviewerSystem(drafter.name, replace(reviewer, drafters=(drafter,)), dated, remaker, raises_all=True)


def ablations(reviewer: Reviewer, remaker: Remaker, *, dated: bool = False) -> Iterator[System]:
    """The reviewer with one thing taken out, put in a plainer way, or a second opinion beside it.

    The gate is no ablation: it marks citations and changes no plan. What it is for is a study of its own.
    """
    bare = remaker.over(reviewer, reviewer.pack.with_precedents(()))
    yield ReviewerSystem("clauses without precedents", bare, dated, remaker)
    if any(clause.criteria.facts() for clause in reviewer.pack.clauses):
        open_ = tuple(clause.model_copy(update={"criteria": ALWAYS}) for clause in reviewer.pack.clauses)
        unruled = remaker.over(reviewer, reviewer.pack.model_copy(update={"clauses": open_}))
        yield ReviewerSystem("without criteria", unruled, dated, remaker)
    yield from _hashed(reviewer, remaker, dated)
    if reviewer.detectors:
        yield ReviewerSystem("without detectors", replace(reviewer, detectors=()), dated, remaker)
    unlearned = tuple(one for one in reviewer.detectors if not isinstance(one, LearnedDetector))
    if len(unlearned) < len(reviewer.detectors):
        yield ReviewerSystem("without learned detector", replace(reviewer, detectors=unlearned), dated, remaker)
    wordless = tuple(one for one in reviewer.detectors if not isinstance(one, LexicalDetector))
    if len(wordless) < len(reviewer.detectors):
        yield ReviewerSystem("without patterns", replace(reviewer, detectors=wordless), dated, remaker)
    if any(isinstance(one, LeaningDrafter) for one in reviewer.drafters):
        nearest = tuple(one.inner if isinstance(one, LeaningDrafter) else one for one in reviewer.drafters)
        yield ReviewerSystem("nearest precedents only", replace(reviewer, drafters=nearest), dated, remaker)
    if reviewer.pack.duties:
        released = reviewer.pack.model_copy(update={"duties": {}})
        fresh = type(released)(**dict(released))
        yield ReviewerSystem("without duties", remaker.over(reviewer, fresh), dated, remaker)
    if len(reviewer.drafters) > 1:
        first = replace(reviewer, drafters=reviewer.drafters[:1])
        yield ReviewerSystem(WITHOUT_SECOND, first, dated, remaker)
    elif reviewer.detectors and isinstance(only := reviewer.drafters[0], PrecedentDrafter):
        # Only beside findings: without any, the embedded drafter goes by precedents anyhow.
        both = replace(reviewer, drafters=(only, NearestDrafter(only)))
        yield ReviewerSystem(WITH_SECOND, both, dated, remaker)


def _hashed(reviewer: Reviewer, remaker: Remaker, dated: bool) -> Iterator[System]:
    """Search by hashed words, where a model searches."""
    hashing = HashingEmbedder()
    if not reviewer.retriever.index.embedder.name.startswith("hashing"):
        plain = remaker.over(reviewer, reviewer.pack, hashing)
        yield ReviewerSystem("search by hashed words", plain, dated, remaker, searched_by=hashing)
