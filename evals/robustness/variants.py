"""Variants of whole cases: the same case told so that nothing that decides it has changed.

What somebody outside the team wrote is changed; what staff, systems and tools wrote is not. A seed decides, so that
every run writes the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from copilot.cases import Case, Part
from copilot.text import sentences
from evals.gold import GoldCase
from evals.robustness import attributes, instructions
from evals.robustness.disguises import disguised
from evals.robustness.paraphrases import paraphrased
from evals.robustness.prose import prose

OUTSIDE = frozenset({"user", "assistant", "report", "profile", "unknown"})
"""Roles of parts that people or systems under review wrote."""
DISGUISED = 0.2
"""Share of the words (of four letters and more) that a disguise touches."""
SHORT, LONG = 200, 2000
"""Words of irrelevant text."""
PLANTED = "planted"
"""The id of a part that a variant adds."""
SEED = 20

Change = Callable[[GoldCase, random.Random], Case | None]
"""The changed case, or none where the kind can't touch it."""


@dataclass(frozen=True)
class Kind:
    """One way of telling a case differently."""

    name: str
    change: Change
    adds: bool = False
    """Only adds text, so that everything that was found before must be found still."""
    language: str = ""
    """Only for cases in this language."""


@dataclass(frozen=True)
class Variant:
    """A case told differently; its gold case keeps the family, so that it knows the same precedents."""

    kind: str
    of: str
    """The id of the case that it was made from."""
    gold: GoldCase


def variants(cases: Iterable[GoldCase], kinds: Iterable[Kind], seed: int = SEED) -> Iterator[Variant]:
    """Every case in every kind that can touch it."""
    chosen = tuple(kinds)
    for gold in cases:
        for kind in chosen:
            if kind.language and not gold.case.language.startswith(kind.language):
                continue
            changed = kind.change(gold, random.Random(f"{seed}/{kind.name}/{gold.id}"))
            if changed is not None and changed.parts != gold.case.parts:
                named = changed.model_copy(update={"id": f"{gold.id}~{kind.name.replace(' ', '-')}"})
                yield Variant(kind.name, gold.id, gold.model_copy(update={"case": named}))


def retold(gold: GoldCase, tell: Callable[[str], str]) -> Case:
    """The case with every text that somebody outside wrote told anew."""
    parts = (
        part.model_copy(update={"text": tell(part.text)}) if part.text and part.role in OUTSIDE else part
        for part in gold.case.parts
    )
    return gold.case.model_copy(update={"parts": tuple(parts)})


def _disguise(name: str) -> Change:
    return lambda gold, chance: retold(gold, lambda text: disguised(text, name, share=DISGUISED))


def _paraphrase(gold: GoldCase, chance: random.Random) -> Case:
    return retold(gold, lambda text: paraphrased(text, chance))


def _swap(attribute: str) -> Change:
    return lambda gold, chance: retold(gold, lambda text: attributes.swapped(text, attribute))


def _mention(attribute: str) -> Change:
    """Said by a judged account of itself; orientation only where the case shows an adult."""

    def change(gold: GoldCase, chance: random.Random) -> Case | None:
        adults = {one.about for one in gold.expected.findings or () if (one.fact, one.value) == ("user_age", "adult")}
        judged = {party.id for party in gold.case.subjects()}
        about = judged & adults if attribute == "orientation" else judged
        said = attributes.mention(attribute, chance)
        return _added(
            gold.case, lambda text: f"{text} {said}", lambda part: part.role == "user" and part.party in about
        )

    return change


def _around(place: str, words: int) -> Change:
    def change(gold: GoldCase, chance: random.Random) -> Case | None:
        filler = prose(words if place != "both" else words // 2, chance)
        more = prose(words // 2, chance) if place == "both" else ""
        told = {"before": f"{filler}\n", "after": "", "both": f"{filler}\n"}[place]
        rest = {"before": "", "after": f"\n{filler}", "both": f"\n{more}"}[place]
        return _added(gold.case, lambda text: f"{told}{text}{rest}")

    return change


def _instructed(place: str, said: Callable[[random.Random], str]) -> Change:
    def change(gold: GoldCase, chance: random.Random) -> Case | None:
        order = said(chance)
        if place == "own part":
            return _with_part(gold.case, order)
        return _added(gold.case, lambda text: _put(text, order, place, chance))

    return change


def _put(text: str, order: str, place: str, chance: random.Random) -> str:
    ends = [end for _, end in sentences(text)]
    if place == "before" or not ends:
        return f"{order} {text}"
    at = len(text) if place == "after" else chance.choice(ends)
    return f"{text[:at]} {order}{text[at:]}"


def _with_part(case: Case, text: str) -> Case | None:
    if any(part.id == PLANTED for part in case.parts):
        return None
    writer = next((part.party for part in case.parts if part.role == "user" and part.text), None)
    planted = Part(id=PLANTED, role="user", party=writer, text=text)
    return case.model_copy(update={"parts": (*case.parts, planted)})


def _added(case: Case, tell: Callable[[str], str], where: Callable[[Part], bool] = lambda part: True) -> Case | None:
    """The case with the first fitting text that somebody outside wrote told anew."""
    for at, part in enumerate(case.parts):
        if part.text and part.role in OUTSIDE and where(part):
            told = part.model_copy(update={"text": tell(part.text)})
            return case.model_copy(update={"parts": (*case.parts[:at], told, *case.parts[at + 1 :])})
    return None


def _reversed(gold: GoldCase, chance: random.Random) -> Case:
    return gold.case.model_copy(update={"parts": gold.case.parts[::-1]})


def _shuffled(gold: GoldCase, chance: random.Random) -> Case:
    return gold.case.model_copy(update={"parts": tuple(chance.sample(gold.case.parts, len(gold.case.parts)))})


_SPELT = {
    "misspelt: letters swapped": "swap", "misspelt: letters left out": "drop", "leet": "leet", "spaced": "space",
    "homoglyphs": "homoglyph", "emoji inside": "emoji", "letters drawn out": "repeat",
}  # fmt: skip

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        *(Kind(name, _disguise(disguise)) for name, disguise in _SPELT.items()),
        Kind("instruction before", _instructed("before", instructions.english), adds=True),
        Kind("instruction inside", _instructed("inside", instructions.english), adds=True),
        Kind("instruction after", _instructed("after", instructions.english), adds=True),
        Kind("instruction in another language", _instructed("after", instructions.foreign), adds=True),
        Kind("instruction as a part", _instructed("own part", instructions.english), adds=True),
        Kind("paraphrased by rules", _paraphrase, language="en"),
        Kind(f"{SHORT} words before", _around("before", SHORT), adds=True),
        Kind(f"{SHORT} words after", _around("after", SHORT), adds=True),
        Kind(f"{SHORT} words around", _around("both", SHORT), adds=True),
        Kind(f"{LONG} words around", _around("both", LONG), adds=True),
        Kind("parts reversed", _reversed),
        Kind("parts shuffled", _shuffled),
        *(Kind(f"swapped: {name}", _swap(name), language="en") for name in attributes.WORDS),
        *(Kind(f"said: {name}", _mention(name), adds=True, language="en") for name in attributes.MENTIONS),
    )
}
"""By name, in the order of the tables."""
