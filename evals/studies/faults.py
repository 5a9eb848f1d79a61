"""Faults that citations can have, planted one at a time into sound ones. The same seed plants the same faults.

Alterations keep to what people and models do when they misquote: a word left out, one exchanged, a negation, another
number, other letter case. None is chosen by looking at what the gate says of it.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from copilot.drafts import Citation
from copilot.gate import CitationVerdict
from policy_corpus import Pack, Passage

Draw = random.Random
INVENTED = 12
"""Words of an invented quote."""
Planted = Citation | None
"""None where the fault can't be planted into this citation."""


@dataclass(frozen=True)
class Setting:
    """What a fault can be made from."""

    passage: Passage
    """The one that the sound citation names."""
    given: Sequence[Passage]
    pack: Pack


@dataclass(frozen=True)
class Fault:
    """A kind of fault, and how it is planted."""

    name: str
    plant: Callable[[Citation, Setting, Draw], Planted]
    named: frozenset[CitationVerdict]
    """The verdicts that name it rightly."""
    ended: bool = False
    """Whether what is cited is taken out of force instead of the citation being changed."""


def word_left_out(citation: Citation, setting: Setting, draw: Draw) -> Planted:
    """Not the first or the last one: without these it would still be a quote."""
    words = citation.quote.split()
    places = range(1, len(words) - 1)
    return _quote(citation, _without(words, draw.choice(places))) if places else None


def word_exchanged(citation: Citation, setting: Setting, draw: Draw) -> Planted:
    """By another word of the same passage."""
    words = citation.quote.split()
    place = draw.randrange(len(words))
    others = sorted({word for word in setting.passage.text.split() if word.isalpha() and word != words[place]})
    return _quote(citation, " ".join((*words[:place], draw.choice(others), *words[place + 1 :]))) if others else None


def negation_added(citation: Citation, setting: Setting, draw: Draw) -> Planted:
    words = citation.quote.split()
    place = draw.randrange(1, len(words)) if len(words) > 1 else 1
    return _quote(citation, " ".join((*words[:place], "not", *words[place:])))


def number_changed(citation: Citation, setting: Setting, draw: Draw) -> Planted:
    found = list(re.finditer(r"\d+", citation.quote))
    if not found:
        return None
    one = draw.choice(found)
    changed = str(int(one[0]) + draw.randint(1, 9))
    return _quote(citation, citation.quote[: one.start()] + changed + citation.quote[one.end() :])


def case_changed(citation: Citation, setting: Setting, draw: Draw) -> Planted:
    words = citation.quote.split()
    lower = [place for place, word in enumerate(words) if word != word.upper()]
    if not lower:
        return None
    place = draw.choice(lower)
    return _quote(citation, " ".join((*words[:place], words[place].upper(), *words[place + 1 :])))


def invented(citation: Citation, setting: Setting, draw: Draw) -> Planted:
    """Words in the policy's own manner, which stand in nothing that was given."""
    others = [one for one in _not_given(setting) if len(one.text.split()) >= INVENTED]
    if not others:
        return None
    words = draw.choice(others).text.split()
    start = draw.randint(0, len(words) - INVENTED)
    quote = " ".join(words[start : start + INVENTED])
    return None if any(quote in " ".join(one.text.split()) for one in setting.given) else _quote(citation, quote)


def wrong_source(citation: Citation, setting: Setting, draw: Draw) -> Planted:
    """Another passage that was given, and that doesn't hold the words."""
    plain = " ".join(citation.quote.split())
    others = [p.id for p in setting.given if p.id != citation.source and plain not in " ".join(p.text.split())]
    return citation.model_copy(update={"source": draw.choice(others)}) if others else None


def fabricated_source(citation: Citation, setting: Setting, draw: Draw) -> Planted:
    """An id in the right form that nothing has."""
    name, _, section = citation.source.partition("#")
    made = re.sub(r"\d+", lambda found: str(int(found[0]) + draw.randint(700, 999)), name) + f"#{section or 'rule'}"
    return None if made == citation.source else citation.model_copy(update={"source": made})


def source_not_given(citation: Citation, setting: Setting, draw: Draw) -> Planted:
    """A passage that exists in the pack, quoted as it stands, but was not among what the drafter was shown."""
    others = _not_given(setting)
    if not others:
        return None
    other = draw.choice(others)
    return Citation(source=other.id, quote=other.text)


def _not_given(setting: Setting) -> list[Passage]:
    shown = {passage.id for passage in setting.given}
    return [one for one in setting.pack.passages() if one.id not in shown]


def too_short(citation: Citation, setting: Setting, draw: Draw) -> Planted:
    """Two or three words of it, which are no sentence of their own."""
    words = citation.quote.split()
    length = draw.randint(2, 3)
    places = range(1, len(words) - length)
    if not places:
        return None
    start = draw.choice(places)
    return _quote(citation, " ".join(words[start : start + length]))


def as_it_is(citation: Citation, setting: Setting, draw: Draw) -> Planted:
    return citation


ALTERED = frozenset({CitationVerdict.ALTERED})
FABRICATED = frozenset({CitationVerdict.FABRICATED})

FAULTS = (
    Fault("altered quote: word left out", word_left_out, ALTERED),
    Fault("altered quote: word exchanged", word_exchanged, ALTERED),
    Fault("altered quote: negation added", negation_added, ALTERED),
    Fault("altered quote: number changed", number_changed, ALTERED),
    Fault("altered quote: letter case changed", case_changed, ALTERED),
    Fault("invented quote", invented, FABRICATED),
    Fault("wrong source", wrong_source, frozenset({CitationVerdict.MISATTRIBUTED})),
    Fault("fabricated source", fabricated_source, FABRICATED),
    Fault("source that was not given", source_not_given, FABRICATED),
    Fault("clause or precedent out of force", as_it_is, frozenset({CitationVerdict.OUT_OF_FORCE}), ended=True),
    Fault("too short a quote", too_short, frozenset({CitationVerdict.INSUFFICIENT})),
)


def as_written(citation: Citation, draw: Draw) -> Citation:
    return citation


def spaced(citation: Citation, draw: Draw) -> Citation:
    """With other white space, as copying from a page or a table gives it."""
    kinds = (" ", "  ", "\n", "\t", "\u00a0")
    return _quote(citation, "".join(draw.choice(kinds) if char == " " else char for char in citation.quote))


def decomposed(citation: Citation, draw: Draw) -> Citation:
    """With accents as characters of their own (NFD), as some systems store them; the same where there are none."""
    return _quote(citation, unicodedata.normalize("NFD", citation.quote))


def shortened(citation: Citation, draw: Draw) -> Citation:
    """Six words or more of it: still a quote."""
    words = citation.quote.split()
    length = draw.randint(6, max(6, len(words)))
    start = draw.randint(0, max(0, len(words) - length))
    return _quote(citation, " ".join(words[start : start + length]))


SOUND = {
    "as the drafter wrote them": as_written,
    "other white space": spaced,
    "accents taken apart": decomposed,
    "six words or more of them": shortened,
}
"""Ways to write a sound citation that leave it sound."""


def _without(words: list[str], place: int) -> str:
    return " ".join((*words[:place], *words[place + 1 :]))


def _quote(citation: Citation, quote: str) -> Citation:
    return citation.model_copy(update={"quote": quote})
