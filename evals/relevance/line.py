"""The line of relevance, chosen and measured on texts about a pack's subject and on texts about anything else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from evals.base import Strict
from evals.gold import GoldCase
from evals.metrics.figure import Figure, mean_figure
from evals.metrics.intervals import Sampling
from evals.splits import part_of
from policy_corpus import Pack
from retrieval.windows import QUERY_UNITS, windows

OFF_TOPIC = Path(__file__).with_name("off_topic.jsonl")
"""Everyday texts that no policy here is about: cooking, sport, taxes, gardens, source code, leases."""

Length = Literal["short", "long"]


class Text(Strict):
    """One text and how near the corpus is to it."""

    id: str
    family: str
    """Texts that rise and fall together: a story family, or the text alone."""
    length: Length
    on_topic: bool
    cosine: float


class Measured(Strict):
    """A line for one length, chosen on all texts, with error rates measured on halves that it was not chosen on."""

    length: Length
    line: float
    lost: Figure
    """Share of texts about the subject that are called irrelevant."""
    let_in: Figure
    """Share of texts about anything else that are called relevant."""

    def __str__(self) -> str:
        return f"{self.length}: line {self.line:.2f}; {self.lost}; {self.let_in}"


def off_topic(cosine: Callable[[str], float]) -> Iterator[Text]:
    """The texts of the data file."""
    for line in OFF_TOPIC.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield _text(row["id"], row["id"], row["text"], False, cosine(row["text"]))


def everyday(at_least: int) -> tuple[str, ...]:
    """Those of the data file's texts that have so many words."""
    rows = (json.loads(line) for line in OFF_TOPIC.read_text(encoding="utf-8").splitlines())
    return tuple(row["text"] for row in rows if len(row["text"].split()) >= at_least)


def on_topic(cases: Iterable[GoldCase], pack: Pack, cosine: Callable[[str, GoldCase | None], float]) -> Iterator[Text]:
    """Gold cases as long texts; definitions of facts and duties, which are not indexed, as short ones."""
    for gold in cases:
        yield _text(gold.id, gold.family, gold.case.text, True, cosine(gold.case.text, gold))
    definitions = {**{id: one.definition for id, one in pack.vocabulary.facts.items()}}
    definitions |= {id: one.definition for id, one in pack.duties.items()}
    for id, said in definitions.items():
        yield _text(id, id, said, True, cosine(said, None))


def measure(texts: Sequence[Text], length: Length, sampling: Sampling | None = None) -> Measured:
    """The line for one length and its error rates."""
    held = [text for text in texts if text.length == length]
    halves = [[text for text in held if part_of(text.family, salt="relevance") == part] for part in ("tune", "test")]
    judged = [(text, text.cosine >= _best(other)) for one, other in (halves, halves[::-1]) for text in one]
    drawn = sampling or Sampling()
    on = [(text, admitted) for text, admitted in judged if text.on_topic]
    off = [(text, admitted) for text, admitted in judged if not text.on_topic]
    lost = mean_figure(
        "lost", [float(not admitted) for _, admitted in on], [text.family for text, _ in on],
        sampling=drawn, better="lower",
    )  # fmt: skip
    let_in = mean_figure(
        "let in", [float(admitted) for _, admitted in off], [text.family for text, _ in off],
        sampling=drawn, better="lower",
    )  # fmt: skip
    return Measured(length=length, line=_best(held), lost=lost, let_in=let_in)


def _best(texts: Sequence[Text]) -> float:
    """The line with the least sum of both error rates (Youden 1950), in hundredths; the lowest of equals.

    The lowest, because a text that is called irrelevant by mistake is lost, and one let in is only seen to be beside
    the point.
    """
    on = [text.cosine for text in texts if text.on_topic]
    off = [text.cosine for text in texts if not text.on_topic]

    def errors(line: float) -> float:
        return sum(one < line for one in on) / max(1, len(on)) + sum(one >= line for one in off) / max(1, len(off))

    return min((step / 100 for step in range(100)), key=lambda line: (round(errors(line), 9), line))


def _text(id: str, family: str, text: str, on: bool, cosine: float) -> Text:
    length: Length = "short" if len(windows(text, QUERY_UNITS)) <= 1 else "long"
    return Text(id=id, family=family, length=length, on_topic=on, cosine=cosine)
