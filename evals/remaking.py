"""Remaking: the same reviewer over another pack, with everything that was learned from the pack learned anew.

A case must not meet its own family's precedents in the index, and as little in a classifier that learned from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from copilot.detectors import Detector
from copilot.detectors.learned import Learned, LearnedDetector, asked_by_duties, learn
from copilot.drafters.leaning import Leaning, lean
from copilot.drafters.leaning_drafter import LeaningDrafter
from copilot.drafters.precedents import PrecedentDrafter
from copilot.drafting import Drafter
from copilot.review import Reviewer
from evals.base import Progress, silent
from evals.embedding import RememberingEmbedder
from evals.nearest import NearestDrafter
from policy_corpus import Pack
from retrieval import BruteForceIndex, Embedder, Retriever


@dataclass(frozen=True)
class Remaker:
    """Remakes reviewers; embeds no text twice and learns from no set of precedents twice."""

    embedder: RememberingEmbedder
    learned: Path | None = None
    """A folder of what was learned before, or in memory only."""
    progress: Progress = silent
    _held: dict[tuple[str, ...], Learned] = field(default_factory=dict, repr=False)
    _leanings: dict[tuple[str, ...], Leaning | None] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, reviewer: Reviewer, learned: Path | None = None, progress: Progress = silent) -> Remaker:
        return cls(remembering(reviewer.retriever.index.embedder), learned, progress)

    def over(self, reviewer: Reviewer, pack: Pack, index_embedder: Embedder | None = None) -> Reviewer:
        """The reviewer over another pack, by an index in memory.

        Args:
            index_embedder: search by this one; detectors keep the shared one.
        """
        retriever = Retriever(pack, BruteForceIndex(index_embedder or self.embedder))
        retriever.sync(lambda done, of: self.progress(done, of, "embedding"))
        return replace(
            reviewer,
            pack=pack,
            retriever=retriever,
            detectors=tuple(self._detectors(reviewer, pack)),
            drafters=tuple(self._drafter(one, pack) for one in reviewer.drafters),
        )

    def _detectors(self, reviewer: Reviewer, pack: Pack) -> Iterator[Detector]:
        for one in reviewer.detectors:
            if isinstance(one, LearnedDetector):
                # Levels stay the reviewer's own: another policy in its place doesn't make its detectors others.
                yield LearnedDetector(replace(self.learned_from(pack), levels=one.learned.levels), self.embedder)
            else:
                yield one

    def learned_from(self, pack: Pack) -> Learned:
        """What these precedents teach, and what this pack's duties ask for; clauses play no part in it."""
        key = tuple(one.id for one in pack.precedents)
        if key not in self._held:
            self.progress(0, 1, "learning from precedents")
            self._held[key] = learn(pack, self.embedder, self.learned)
        return replace(self._held[key], asked=asked_by_duties(pack))

    def leaning_from(self, pack: Pack) -> Leaning | None:
        """How these precedents lean as a whole; none where they are too few."""
        key = tuple(one.id for one in pack.precedents)
        if key not in self._leanings:
            self.progress(0, 1, "learning from precedents")
            self._leanings[key] = lean(pack, self.embedder)
        return self._leanings[key]

    def _drafter(self, drafter: Drafter, pack: Pack) -> Drafter:
        if isinstance(drafter, LeaningDrafter):
            plain, leaning = _over(drafter.inner, pack), self.leaning_from(pack)
            return plain if leaning is None else LeaningDrafter(plain, leaning)
        if isinstance(drafter, NearestDrafter):
            return NearestDrafter(_over(drafter.inner, pack))
        return _over(drafter, pack) if isinstance(drafter, PrecedentDrafter) else drafter


def _over(drafter: PrecedentDrafter, pack: Pack) -> PrecedentDrafter:
    """Confidence, too, stays the drafter's own, so that an ablation doesn't lose its error budget besides."""
    return replace(drafter, pack=pack, calibration=drafter.fitted)


def remembering(embedder: Embedder) -> RememberingEmbedder:
    return embedder if isinstance(embedder, RememberingEmbedder) else RememberingEmbedder(embedder)
