"""How near the sentences that classifiers learn from come to the gold cases that measure what was learned.

Examples and training cases are looked at. One that repeats a gold case's sentence would let a classifier answer from
memory. The report holds ids and numbers and no text, so that it may look at every part of the gold cases, `test`
included.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from copilot.text import sentences
from evals.base import Strict
from evals.corpus.duplicates import Pair, Thresholds, nearness
from evals.corpus.stories import Story
from evals.gold import GoldCase
from policy_corpus.loader import read
from retrieval import Embedder


class Upper(Strict):
    """How near the nearest gold sentence is, over `n` examples; the upper end is what matters."""

    n: int
    median: float
    q95: float
    most: float

    def __str__(self) -> str:
        return f"median {self.median:.3f}, .95 {self.q95:.3f}, most {self.most:.3f} (n = {self.n})"


class Leakage(Strict):
    """Each example beside the nearest sentence of a gold case."""

    thresholds: Thresholds
    embedder: str
    examples: int
    sentences: int
    """Of the gold cases."""
    cosine: Upper | None
    """Examples without a sentence in a script that the embedder knows are left out."""
    overlap: Upper | None
    pairs: tuple[Pair, ...]
    """An example and a gold sentence above a threshold: `file:line`, then `case/part.sentence`."""
    unread: int
    """Pairs that were judged by wording alone, because the embedder doesn't know their script."""

    def to_json(self) -> str:
        return self.model_dump_json()

    def to_text(self) -> str:
        lines = [
            f"what is learned from beside gold sentences: {self.examples} and {self.sentences}; {self.unread} pairs "
            "judged by wording alone",
            f"  cosine to the nearest    {self.cosine or 'nothing measured'}",
            f"  overlap with the nearest {self.overlap or 'nothing measured'}",
            f"  pairs from cosine {self.thresholds.cosine} with {self.embedder}, or 5-gram overlap "
            f"{self.thresholds.overlap}: {len(self.pairs)}",
            *(f"  {pair}" for pair in self.pairs),
        ]
        return "\n".join(lines) + "\n"


def leakage(
    examples: Sequence[Story], gold: Sequence[GoldCase], embedder: Embedder, thresholds: Thresholds | None = None
) -> Leakage:
    """Measures every example against every sentence of the gold cases, with the measures and limits of duplicates."""
    limits, told = thresholds or Thresholds(), sentences_of(gold)
    near = nearness(examples, told, embedder)
    return Leakage(
        thresholds=limits,
        embedder=embedder.name,
        examples=len(examples),
        sentences=len(told),
        cosine=_upper(near.nearest(near.cosine)),
        overlap=_upper(near.nearest(near.overlap)),
        pairs=near.pairs(limits),
        unread=near.unread,
    )


def taught_by(folder: Path) -> list[Story]:
    """What the pack in that folder teaches: its examples, each called by its file and line, and the sentences of its
    training cases, each by the case's id, its part and its place there.

    Raises:
        PackError: the pack can't be loaded.
    """
    pack, source_of = read(folder)
    sources = [source_of(example) for example in pack.examples]
    examples = [
        Story(f"{Path(source.path).name}:{source.line()}", example.text)
        for example, source in zip(pack.examples, sources, strict=True)
    ]
    told = [
        Story(f"{case.id}/{at}.{number}", part.text[start:end])
        for case in pack.training_cases
        for at, part in enumerate(case.parts, 1)
        for number, (start, end) in enumerate(sentences(part.text), 1)
    ]
    return [*examples, *told]


def sentences_of(gold: Sequence[GoldCase]) -> list[Story]:
    """The sentences of the cases' texts, in their order."""
    return [
        Story(f"{one.id}/{part.id}.{number}", part.text[start:end], one.family, one.case.language or "en")
        for one in gold
        for part in one.case.parts
        if part.text
        for number, (start, end) in enumerate(sentences(part.text), 1)
    ]


def _upper(values: Sequence[float]) -> Upper | None:
    if not values:
        return None
    median, q95, most = (float(one) for one in np.quantile(values, [0.5, 0.95, 1]))
    return Upper(n=len(values), median=median, q95=q95, most=most)
