"""The report on near-duplicates: between precedents, between precedents and gold cases, and how alike the rest is."""

from __future__ import annotations

from collections.abc import Sequence

from evals.base import Strict
from evals.corpus.duplicates import Nearness, Pair, Thresholds, by_wording, nearness
from evals.corpus.spread import Quantiles, quantiles, shown
from evals.corpus.stories import facts_of, rationales_of, texts_of
from evals.embedding import RememberingEmbedder
from evals.gold import GoldCase
from policy_corpus import Pack
from retrieval import Embedder


class Likeness(Strict):
    """How alike two sets of texts are."""

    name: str
    pairs: tuple[Pair, ...]
    """Those above a threshold."""
    cosine: Quantiles | None
    """Of every text to the nearest one of another family."""
    overlap: Quantiles | None
    unread: int
    """Pairs that were judged by wording alone, because the embedder doesn't know their script."""


class Duplicates(Strict):
    """Near-duplicates of a pack's corpus."""

    thresholds: Thresholds
    embedder: str
    parts: tuple[Likeness, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(pair for part in self.parts for pair in part.pairs)

    def to_json(self) -> str:
        return self.model_dump_json()

    def to_text(self) -> str:
        lines = [
            f"near-duplicates (cosine from {self.thresholds.cosine} with {self.embedder}, or 5-gram overlap from "
            f"{self.thresholds.overlap}): {len(self.pairs)}"
        ]
        for part in self.parts:
            lines.append(f"{part.name}: {len(part.pairs)} pairs; {part.unread} judged by wording alone")
            lines.append(f"  cosine to the nearest   {shown(part.cosine, 3)}")
            lines.append(f"  overlap with the nearest {shown(part.overlap, 3)}")
            lines.extend(f"  {pair}" for pair in part.pairs)
        return "\n".join(lines) + "\n"


def duplicates(
    pack: Pack, gold: Sequence[GoldCase], embedder: Embedder, thresholds: Thresholds | None = None
) -> Duplicates:
    """Looks in the facts of precedents, between them and gold cases, and in the wording of rationales.

    Rationales are compared by wording only: under one clause they rightly say the same, in words of their own.
    """
    limits, once = thresholds or Thresholds(), RememberingEmbedder(embedder)
    facts, reasons, cases = facts_of(pack.precedents), rationales_of(pack.precedents), texts_of(gold)
    return Duplicates(
        thresholds=limits,
        embedder=embedder.name,
        parts=(
            _likeness("between precedents", nearness(facts, None, once), limits),
            _likeness("between precedents and gold cases", nearness(facts, cases, once), limits),
            _likeness("between gold cases", nearness(cases, None, once), limits),
            _likeness("between rationales", by_wording(reasons), limits),
        ),
    )


def _likeness(name: str, near: Nearness, thresholds: Thresholds) -> Likeness:
    return Likeness(
        name=name,
        pairs=near.pairs(thresholds),
        cosine=quantiles(near.nearest(near.cosine)),
        overlap=quantiles(near.nearest(near.overlap)),
        unread=near.unread,
    )
