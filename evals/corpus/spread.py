"""How precedents and gold cases are spread: what a corpus has much of, and what it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from textwrap import fill

from evals.base import Strict
from evals.corpus import readability
from evals.corpus.pairs import Variation, variations
from evals.corpus.stories import word_count
from evals.gold import GoldCase
from evals.metrics.figure import Figure, mean_figure
from evals.metrics.intervals import Sampling
from evals.metrics.plans import ACTED
from policy_corpus import Pack, Precedent

Counts = dict[str, dict[str, int]]
"""Dimension to value to how many."""


class Quantiles(Strict):
    """How a measured quantity is spread; `n` texts were measured."""

    n: int
    least: float
    q25: float
    median: float
    q75: float
    most: float


class Side(Strict):
    """Precedents or gold cases."""

    n: int
    families: int
    counts: Counts
    words: Quantiles | None
    grade: Quantiles | None
    """Automated Readability Index; English texts only."""
    protected: Figure


class Spread(Strict):
    """The spread of a pack's precedents and of its gold cases."""

    pack: str
    precedents: Side
    gold: Side
    variations: tuple[Variation, ...]
    """Precedents of one family that came out differently."""

    @property
    def minimal_pairs(self) -> tuple[Variation, ...]:
        """Those that differ in one fact."""
        return tuple(pair for pair in self.variations if pair.minimal)

    @property
    def wider_variations(self) -> tuple[Variation, ...]:
        """Those that differ in more than one fact, or that rest on a decision that is no longer good law."""
        return tuple(pair for pair in self.variations if not pair.minimal)

    def to_json(self) -> str:
        return self.model_dump_json()

    def to_text(self) -> str:
        return "\n".join(
            [
                *_side_lines(f"{self.pack}: precedents", self.precedents),
                *_pair_lines(self.minimal_pairs, self.wider_variations),
                "",
                *_side_lines(f"{self.pack}: gold cases", self.gold),
                "",
            ]
        )


def spread(pack: Pack, gold: Sequence[GoldCase], *, sampling: Sampling | None = None) -> Spread:
    """Counts, lengths and reading level of both, and the precedents' variations."""
    drawn = sampling or Sampling()
    return Spread(
        pack=pack.id,
        precedents=_precedents(pack, drawn),
        gold=_gold(pack, gold, drawn),
        variations=variations(pack),
    )


def ends_protected(pack: Pack, precedent: Precedent) -> bool:
    """Whether a decision ended in protection or without enforcement: nothing in its plan acts against anybody."""
    return pack.tier(precedent.plan).rank < ACTED


def _precedents(pack: Pack, sampling: Sampling) -> Side:
    held = pack.precedents
    counts = {
        "area": _counted((one.area for one in held), pack.manifest.areas),
        "tier": _counted(pack.tier(one.plan) for one in held),
        "reportability": _counted(one.reportability for one in held),
        "status": _counted(one.status for one in held),
        "authority": _counted(one.authority for one in held),
        "language": _counted(one.language for one in held),
        "surface": _counted(one.surface for one in held),
    }
    return _side(
        counts,
        [(one.facts, one.language) for one in held],
        [one.family or one.id for one in held],
        [ends_protected(pack, one) for one in held],
        sampling,
    )


def _gold(pack: Pack, gold: Sequence[GoldCase], sampling: Sampling) -> Side:
    counts = {
        "area": _counted((one.area for one in gold), pack.manifest.areas),
        "tier": _counted(one.expected.tier or "unscored" for one in gold),
        "reportability": _counted(one.expected.reportability or "unscored" for one in gold),
        "duty": _counted(chain.from_iterable(one.expected.duties or ("none",) for one in gold)),
        "part": _counted(one.part for one in gold),
        "difficulty": _counted(one.difficulty for one in gold),
        "trap": _counted(chain.from_iterable(one.traps or ("none",) for one in gold)),
        "language": _counted(one.case.language for one in gold),
        "surface": _counted(one.case.surface for one in gold),
    }
    return _side(
        counts,
        [(one.case.text, one.case.language) for one in gold],
        [one.family for one in gold],
        [one.expected.protected for one in gold],
        sampling,
    )


def _side(
    counts: Counts,
    texts: Sequence[tuple[str, str]],
    families: Sequence[str],
    protected: Sequence[bool],
    sampling: Sampling,
) -> Side:
    grades = [readability.grade(text) for text, language in texts if language == readability.LANGUAGE]
    share = mean_figure("protected", [float(one) for one in protected], families, sampling=sampling, better="neither")
    return Side(
        n=len(texts),
        families=len(set(families)),
        counts=counts,
        words=quantiles([float(count) for text, _ in texts if (count := word_count(text)) is not None]),
        grade=quantiles([one for one in grades if one is not None]),
        protected=share,
    )


def _counted(values: Iterable[str], known: Mapping[str, str] | None = None) -> dict[str, int]:
    """Most frequent first; what is known and never occurs is there with 0, since a gap is what one looks for."""
    counts = Counter({value: 0 for value in known or ()})
    counts.update(str(value) or "–" for value in values)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def quantiles(values: Sequence[float]) -> Quantiles | None:
    """How the values are spread; none where there are none."""
    import numpy as np

    if not values:
        return None
    least, q25, median, q75, most = (float(one) for one in np.quantile(values, [0, 0.25, 0.5, 0.75, 1]))
    return Quantiles(n=len(values), least=least, q25=q25, median=median, q75=q75, most=most)


def _side_lines(title: str, side: Side) -> list[str]:
    counted = {name: ", ".join(f"{value} {n}" for value, n in held.items()) for name, held in side.counts.items()}
    rows = {**counted, "words": shown(side.words), "reading grade": shown(side.grade)}
    wrapped = [fill(f"{name:14} {row}", 118, subsequent_indent=" " * 15) for name, row in rows.items()]
    return [f"{title}: {side.n} in {side.families} families", *wrapped, str(side.protected)]


def _pair_lines(minimal: Sequence[Variation], wider: Sequence[Variation]) -> list[str]:
    facts = ", ".join(
        f"{fact} {n}" for fact, n in _counted(chain.from_iterable(pair.deciding for pair in minimal)).items()
    )
    decided = [fill(f"deciding facts {facts}", 118, subsequent_indent=" " * 15)] if minimal else []
    changed = shown(quantiles([float(len(pair.deciding)) for pair in wider]))
    return [
        f"in minimal pairs, one fact changed and the outcome with it: {_pairs(minimal)}",
        *decided,
        f"in wider variations: {_pairs(wider)}; facts changed {changed}",
    ]


def _pairs(pairs: Sequence[Variation]) -> str:
    return f"precedents {len({id for pair in pairs for id in (pair.a, pair.b)})}, pairs {len(pairs)}"


def shown(spread: Quantiles | None, digits: int = 1) -> str:
    """The quantiles on one line: least, quartiles, most."""
    if spread is None:
        return "nothing measured"
    five = (spread.least, spread.q25, spread.median, spread.q75, spread.most)
    least, *middle, most = (f"{one:.{digits}f}" for one in five)
    return f"{least} … {' / '.join(middle)} … {most} (least … quartiles … most; n = {spread.n})"
