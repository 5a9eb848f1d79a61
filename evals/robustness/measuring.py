"""The drop in search when a text is disguised: how much of what its plain twin found is still found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evals.base import Strict
from evals.metrics.figure import Figure, mean_figure
from evals.metrics.intervals import Sampling
from evals.robustness.disguises import DISGUISES, disguised

DEPTH = 10

Search = Callable[[str], Sequence[str]]
"""A text's nearest sources, best first."""


@dataclass(frozen=True)
class Twins:
    """A plain text and the same text disguised."""

    plain: str
    disguised: str
    kind: str
    family: str


class Kept(Strict):
    """What is kept of the plain twins' hits under one kind of disguise."""

    kind: str
    reader: str
    first: Figure
    """Share of twins with the same first hit."""
    recall: Figure
    """Mean share of the plain twin's ten hits that are among the disguised one's ten."""

    def __str__(self) -> str:
        return f"{self.kind:12} {self.reader:8} {self.first}; {self.recall}"


def twins_of(texts: Sequence[tuple[str, str]], *, share: float = 0.5, seed: int = 20) -> Iterator[Twins]:
    """Every text, given with its family, in every disguise; those that a disguise can't touch are left out."""
    for kind in DISGUISES:
        for family, text in texts:
            changed = disguised(text, kind, share=share, seed=seed)
            if changed != text:
                yield Twins(text, changed, kind, family)


def kept(twins: Sequence[Twins], reader: str, search: Search, reference: Search) -> Iterator[Kept]:
    """The figures by kind of disguise.

    Args:
        reference: what the plain twin found, by the same search for every reader, so that they can be compared.
    """
    found = {text: list(reference(text))[:DEPTH] for text in dict.fromkeys(pair.plain for pair in twins)}
    for kind in dict.fromkeys(pair.kind for pair in twins):
        pairs = [pair for pair in twins if pair.kind == kind and found[pair.plain]]
        now = [list(search(pair.disguised))[:DEPTH] for pair in pairs]
        first = [float(after[:1] == found[pair.plain][:1]) for pair, after in zip(pairs, now, strict=True)]
        recall = [_share(after, found[pair.plain]) for pair, after in zip(pairs, now, strict=True)]
        families = [pair.family for pair in pairs]
        sampling = Sampling()
        yield Kept(
            kind=kind,
            reader=reader,
            first=mean_figure("same first hit", first, families, sampling=sampling),
            recall=mean_figure("hits kept of ten", recall, families, sampling=sampling),
        )


def _share(after: Sequence[str], before: Sequence[str]) -> float:
    return len({*after} & {*before}) / len(before)
