"""Measures the corpus itself: how it is spread, whether texts repeat each other, whether two labellers agree."""

from __future__ import annotations

from typing import Protocol

from evals import gold
from evals.corpus.agreement import Agreement, Disagreement, agreement
from evals.corpus.duplicates import Pair, Thresholds, near_duplicates, nearness
from evals.corpus.leakage import Leakage, leakage, leakages
from evals.corpus.likeness import Duplicates, duplicates
from evals.corpus.second_labels import Adjudicated, SecondLabel, second_labels
from evals.corpus.spread import Spread, ends_protected, spread
from evals.corpus.stories import Story
from evals.gold import GoldCase
from policy_corpus import Pack

__all__ = [
    "Adjudicated",
    "Agreement",
    "Disagreement",
    "Duplicates",
    "Leakage",
    "Pair",
    "Report",
    "SecondLabel",
    "Spread",
    "Story",
    "Thresholds",
    "agreement",
    "duplicates",
    "ends_protected",
    "gold_of",
    "leakage",
    "leakages",
    "near_duplicates",
    "nearness",
    "second_labels",
    "spread",
]


class Report(Protocol):
    """What every measurement of the corpus gives back."""

    def to_json(self) -> str: ...
    def to_text(self) -> str: ...


def gold_of(pack: Pack) -> tuple[GoldCase, ...]:
    """The gold cases that come with the pack; none where there are none.

    Raises:
        DataError: something is wrong with them.
    """
    folder = gold.SHIPPED / pack.id
    return gold.load(folder, pack) if any(folder.glob("*.jsonl")) else ()
