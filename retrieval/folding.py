"""Folding: precedents that tell nearly the same story and were decided alike, shown as one."""

from __future__ import annotations

from dataclasses import dataclass, field

from policy_corpus import Precedent
from retrieval.quoting import Runs, runs

NEARLY = 0.6
"""Overlap (Jaccard, 0–1) of the runs of three words from which two stories count as the same."""


@dataclass
class Folding:
    """Compares precedents by wording; remembers what it has read.

    Wording and not vectors: one changed fact leaves two stories close in meaning, and that fact may decide. Two
    decisions that differ in steps, reportability, status or authority are never folded, however alike they read.
    """

    _runs: dict[str, Runs] = field(default_factory=dict, repr=False)
    _decisions: dict[str, object] = field(default_factory=dict, repr=False)

    def same(self, one: Precedent, other: Precedent) -> bool:
        """Whether the two may be shown as one."""
        return self._decision(one) == self._decision(other) and self.overlap(one, other) >= NEARLY

    def overlap(self, one: Precedent, other: Precedent) -> float:
        """Jaccard overlap of the runs of three words in their facts, 0–1."""
        a, b = self._of(one), self._of(other)
        shared = len(a & b)
        return shared / (len(a) + len(b) - shared) if shared else 0.0

    def _decision(self, precedent: Precedent) -> object:
        if precedent.id not in self._decisions:
            self._decisions[precedent.id] = _decided(precedent)
        return self._decisions[precedent.id]

    def _of(self, precedent: Precedent) -> Runs:
        if precedent.id not in self._runs:
            self._runs[precedent.id] = runs(precedent.facts)
        return self._runs[precedent.id]


def _decided(one: Precedent) -> object:
    steps = frozenset((step.action, step.on) for step in one.plan_by_role())
    return steps, one.reportability, one.status, one.authority, frozenset(one.clauses)
