"""Neutral prose for speed measurements: as many different passages as are asked for, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence


def _listed(words: str) -> list[str]:
    return words.split()


_WHO = _listed(
    "gardener baker postman librarian carpenter pilot teacher farmer tailor nurse sailor printer potter miller"
)
_DID = _listed("carried repaired measured painted watered counted sorted washed folded weighed polished delivered")
_WHAT = _listed(
    "basket ladder bicycle letter kettle window carpet bridge lantern engine violin blanket barrel notebook"
)
_HOW = _listed("slowly carefully twice again quietly before noon after rain in winter by hand without help on Tuesday")
_WHERE = _listed("harbour market orchard station workshop library meadow bakery theatre museum cellar village square")
_STEMS = _listed("bar col dun fen gil hor jas kel lum mor nov pel quin ros sil tor und vel wex yar zan")
_ENDS = _listed("ath bury combe dale ern field gate holm ing ley mere nock ow port ridge stead ton ville wick yard")
NAMES = [f"{stem}{middle}{end}" for middle in _ENDS for stem in _STEMS for end in _ENDS]
"""Nearly ten thousand made-up words, taken very unevenly: most passages hold some that few others have."""


def passages(count: int, seed: int = 1, words: int = 60) -> list[str]:
    """So many passages of about `words` words (about 130 tokens)."""
    dice = random.Random(seed)
    return [" ".join(_sentences(dice, words)) for _ in range(count)]


def varied(text: str, dice: random.Random, share: float = 0.2) -> str:
    """The text with a share of its words replaced."""
    words = text.split(" ")
    for _ in range(int(len(words) * share)):
        words[dice.randrange(len(words))] = _name(dice)
    return " ".join(words)


def queries(
    texts: Sequence[str], count: int, words: int, among: Sequence[int] = (), seed: int = 2
) -> list[tuple[int, str]]:
    """Queries of so many words, each with the number of the passage that its words begin with: one `among` those."""
    dice = random.Random(seed)
    return [_query(texts, words, dice.choice(among or range(len(texts))), dice) for _ in range(count)]


def _query(texts: Sequence[str], words: int, at: int, dice: random.Random) -> tuple[int, str]:
    found = texts[at].split(" ")
    if words < len(found):
        return at, " ".join(dice.sample(found, words))
    while len(found) < words:
        found += texts[dice.randrange(len(texts))].split(" ")
    return at, " ".join(found[:words])


def _sentences(dice: random.Random, words: int) -> Iterator[str]:
    said = 0
    while said < words:
        sentence = (
            f"The {_name(dice)} {dice.choice(_WHO)} {dice.choice(_DID)} {_name(dice)} and the {dice.choice(_WHAT)} of"
            f" {_name(dice)} {dice.choice(_HOW)}, near {_name(dice)} {dice.choice(_WHERE)}."
        )
        said += len(sentence.split(" "))
        yield sentence


def _name(dice: random.Random) -> str:
    return NAMES[int(dice.random() ** 3 * len(NAMES))]
