"""How near what classifiers learn from comes to the gold cases that measure what was learned.

Examples are held beside the sentences of gold cases, training cases beside whole ones. One that repeats a gold case
would let a classifier answer from memory. The report holds ids and numbers and no text, so that it may look at every
part of the gold cases, `test` included.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from copilot.text import sentences
from evals.base import Strict
from evals.corpus.duplicates import Pair, Thresholds, nearness
from evals.corpus.stories import Story, texts_of
from evals.gold import GoldCase
from policy_corpus import Pack
from policy_corpus.loader import read
from policy_corpus.references import SourceOf
from retrieval import Embedder


class Upper(Strict):
    """How near the nearest gold text is, over `n` texts; the upper end is what matters."""

    n: int
    median: float
    q95: float
    most: float

    def __str__(self) -> str:
        return f"median {self.median:.3f}, .95 {self.q95:.3f}, most {self.most:.3f} (n = {self.n})"


class Leakage(Strict):
    """Each text that is learned from, beside the nearest of the gold cases."""

    kind: str
    """What was compared with what."""
    thresholds: Thresholds
    embedder: str
    taught: int
    gold: int
    cosine: Upper | None
    """Texts that meet none in a script that the embedder knows are left out."""
    overlap: Upper | None
    pairs: tuple[Pair, ...]
    """Two above a threshold: `file:line` of an example and `case/part.sentence`, or the ids of two cases."""
    unread: int
    """Pairs that were judged by wording alone, because the embedder doesn't know their script."""

    def to_json(self) -> str:
        return self.model_dump_json()

    def to_text(self) -> str:
        lines = [
            f"{self.kind}: {self.taught} and {self.gold}; {self.unread} pairs judged by wording alone",
            f"  cosine to the nearest    {self.cosine or 'nothing measured'}",
            f"  overlap with the nearest {self.overlap or 'nothing measured'}",
            f"  pairs from cosine {self.thresholds.cosine} with {self.embedder}, or 5-gram overlap "
            f"{self.thresholds.overlap}: {len(self.pairs)}",
            *(f"  {pair}" for pair in self.pairs),
        ]
        return "\n".join(lines) + "\n"


def leakage(
    taught: Sequence[Story],
    gold: Sequence[Story],
    embedder: Embedder,
    thresholds: Thresholds | None = None,
    kind: str = "what is learned from beside gold",
) -> Leakage:
    """Measures everything that is learned from against every gold text, with the measures and limits of duplicates."""
    limits = thresholds or Thresholds()
    near = nearness(taught, gold, embedder)
    return Leakage(
        kind=kind,
        thresholds=limits,
        embedder=embedder.name,
        taught=len(taught),
        gold=len(gold),
        cosine=_upper(near.nearest(near.cosine)),
        overlap=_upper(near.nearest(near.overlap)),
        pairs=near.pairs(limits),
        unread=near.unread,
    )


def leakages(folder: Path, gold: Sequence[GoldCase], embedder: Embedder) -> tuple[Leakage, Leakage]:
    """For the pack in that folder: its examples beside gold sentences, and its training cases beside gold cases.

    A sentence of a chat, such as an age in two words, stands in many cases: only the whole of one says whether it is
    another's.

    Raises:
        PackError: the pack can't be loaded.
    """
    pack, source_of = read(folder)
    return (
        leakage(_examples(pack, source_of), sentences_of(gold), embedder, kind="examples beside gold sentences"),
        leakage(_training_cases(pack), texts_of(gold), embedder, kind="training cases beside gold cases"),
    )


def _examples(pack: Pack, source_of: SourceOf) -> list[Story]:
    """Each called by its file and line."""
    sources = [source_of(example) for example in pack.examples]
    return [
        Story(f"{Path(source.path).name}:{source.line()}", example.text)
        for example, source in zip(pack.examples, sources, strict=True)
    ]


def _training_cases(pack: Pack) -> list[Story]:
    return [Story(case.id, "\n".join(part.text for part in case.parts)) for case in pack.training_cases]


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
