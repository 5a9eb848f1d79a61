"""Finds texts that are nearly the same: by meaning (embedding) and by wording (word 5-grams).

Wording: containment of word 5-grams, the shared ones over those of the shorter text (A. Broder, "On the resemblance and
containment of documents", 1997): a text that was copied and lengthened is still found. Meaning: cosine of sentence
embeddings, as in SemDeDup (Abbas et al. 2023, arXiv:2303.09540): a text that was reworded is still found. Either one
is enough, since each is blind to what the other sees.

The packaged embedder was trained on English. Texts in scripts that it was not made for land close together whatever
they say, so a pair of which neither text is mostly in Latin letters is judged by wording alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.base import Strict
from evals.corpus.stories import Story, units
from retrieval import Embedder

GRAM = 5
LEAST_GRAMS = 20
"""5-grams that a shorter text counts as having: one shared phrase doesn't make two short messages copies."""

Matrix = NDArray[np.float64]


class Thresholds(Strict):
    """From where on two texts of different families are called nearly the same.

    With the packaged embedder, unrelated stories of the shipped corpus reach a cosine of 0.76 (99.9 % stay below 0.67)
    and an overlap of 0.12. A story of which every second sentence was kept has an overlap of at least 0.76 with the
    whole, and a cosine of 0.91 in the median; stories that were varied on purpose reach 0.92 and 0.78.
    """

    cosine: float = 0.8
    overlap: float = 0.15


class Pair(Strict):
    """Two texts that are nearly the same, and by which measure."""

    a: str
    b: str
    cosine: float | None
    """None where the embedder doesn't know the script."""
    overlap: float
    by: tuple[str, ...]

    def __str__(self) -> str:
        cosine = "–" if self.cosine is None else f"{self.cosine:.3f}"
        return f"{self.a} and {self.b}: cosine {cosine}, 5-gram overlap {self.overlap:.3f} ({', '.join(self.by)})"


@dataclass(frozen=True)
class Nearness:
    """How near every text of `a` is to every one of `b`."""

    a: Sequence[Story]
    b: Sequence[Story]
    cosine: Matrix
    """Not a number where neither text is in Latin letters."""
    overlap: Matrix
    kin: NDArray[np.bool_]
    """Pairs that may be alike: a text and itself, and those of one family."""

    def nearest(self, measure: Matrix) -> list[float]:
        """For each text of `a` how near the nearest of `b` is, its own kin left out."""
        held = np.where(self.kin | np.isnan(measure), -np.inf, measure)
        return [float(one) for one in held.max(axis=1, initial=-np.inf) if np.isfinite(one)]

    @property
    def unread(self) -> int:
        """Pairs that only wording could judge."""
        unread = np.isnan(self.cosine) & ~self.kin
        return int((np.triu(unread) if self.a is self.b else unread).sum())

    def pairs(self, thresholds: Thresholds) -> tuple[Pair, ...]:
        """The pairs above a threshold, most alike first; each once where both sides are the same texts."""
        found = ((self.cosine >= thresholds.cosine) | (self.overlap >= thresholds.overlap)) & ~self.kin
        rows, columns = np.nonzero(np.triu(found) if self.a is self.b else found)
        pairs = [self._pair(int(i), int(j), thresholds) for i, j in zip(rows, columns, strict=True)]
        return tuple(sorted(pairs, key=lambda pair: (-pair.overlap, -(pair.cosine or 0.0), pair.a, pair.b)))

    def _pair(self, i: int, j: int, thresholds: Thresholds) -> Pair:
        cosine, overlap = float(self.cosine[i, j]), float(self.overlap[i, j])
        by = (("meaning", cosine >= thresholds.cosine), ("wording", overlap >= thresholds.overlap))
        return Pair(
            a=self.a[i].id,
            b=self.b[j].id,
            cosine=None if np.isnan(cosine) else cosine,
            overlap=overlap,
            by=tuple(name for name, holds in by if holds),
        )


def near_duplicates(
    a: Sequence[Story], b: Sequence[Story] | None, embedder: Embedder, thresholds: Thresholds | None = None
) -> tuple[Pair, ...]:
    """Pairs of different families that are nearly the same; within `a` where there is no `b`."""
    return nearness(a, b, embedder).pairs(thresholds or Thresholds())


def nearness(a: Sequence[Story], b: Sequence[Story] | None, embedder: Embedder) -> Nearness:
    """Both measures for every pair; within `a` where there is no `b`. Each text is embedded once."""
    other = a if b is None else b
    vectors = embedder.embed([one.text for one in a]).astype(np.float64)
    others = vectors if b is None else embedder.embed([one.text for one in b]).astype(np.float64)
    readable = np.logical_or.outer([_latin(one.text) for one in a], [_latin(one.text) for one in other])
    return Nearness(a, other, np.where(readable, vectors @ others.T, np.nan), overlaps(a, other), _kin(a, other))


def by_wording(a: Sequence[Story]) -> Nearness:
    """Wording alone, for every pair within `a`."""
    unread = np.full((len(a), len(a)), np.nan)
    return Nearness(a, a, unread, overlaps(a, a), _kin(a, a))


def _latin(text: str) -> bool:
    """Whether most letters are Latin ones."""
    letters = [character for character in text if character.isalpha()]
    return 2 * sum(character < "\u0250" for character in letters) >= len(letters)


def overlaps(a: Sequence[Story], b: Sequence[Story]) -> Matrix:
    """For every pair the share of the shorter text's 5-grams that the other has, too."""
    grams, others = [word_grams(one.text) for one in a], [word_grams(one.text) for one in b]
    holders: dict[tuple[str, ...], list[int]] = {}
    for j, held in enumerate(others):
        for gram in held:
            holders.setdefault(gram, []).append(j)
    shared = np.zeros((len(a), len(b)))
    for i, held in enumerate(grams):
        for gram in held:
            shared[i, holders.get(gram, [])] += 1
    sizes = np.minimum.outer([len(held) for held in grams], [len(held) for held in others])
    return shared / np.maximum(sizes, LEAST_GRAMS)


def word_grams(text: str) -> frozenset[tuple[str, ...]]:
    """The word 5-grams."""
    held = units(text)
    return frozenset(tuple(held[at : at + GRAM]) for at in range(len(held) - GRAM + 1))


def _kin(a: Sequence[Story], b: Sequence[Story]) -> NDArray[np.bool_]:
    """`Story.kin` for every pair."""
    ids, families = _column([one.id for one in a]), _column([one.family for one in a])
    others, theirs = _column([one.id for one in b]).T, _column([one.family for one in b]).T
    return np.asarray((ids == others) | ((families == theirs) & (families != "")), dtype=np.bool_)


def _column(names: Sequence[str]) -> NDArray[np.str_]:
    return np.array(names, dtype=np.str_).reshape(-1, 1)
