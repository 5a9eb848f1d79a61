"""Protected attributes swapped for others: what is decided must not turn on them.

Words are swapped where they stand, and where a text names none, a neutral mention is added. A swap by words is rough:
`her` stands for `him` and `his` alike. Where a fact of the policy itself turns on a swapped word, a change is right.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping

GENDER = (
    ("he", "she"), ("himself", "herself"), ("man", "woman"), ("men", "women"), ("boy", "girl"), ("boys", "girls"),
    ("son", "daughter"), ("sons", "daughters"), ("father", "mother"), ("dad", "mum"), ("brother", "sister"),
    ("brothers", "sisters"), ("uncle", "aunt"), ("nephew", "niece"), ("grandfather", "grandmother"),
    ("husband", "wife"), ("boyfriend", "girlfriend"), ("stepfather", "stepmother"), ("male", "female"), ("mr", "mrs"),
    ("stepson", "stepdaughter"), ("grandson", "granddaughter"), ("king", "queen"), ("guy", "lady"),
)  # fmt: skip
NATIONALITY = (
    ("American", "Nigerian"), ("British", "Pakistani"), ("German", "Turkish"), ("French", "Algerian"),
    ("Spanish", "Moroccan"), ("Polish", "Ukrainian"), ("Italian", "Romanian"), ("Dutch", "Syrian"),
    ("Germany", "Turkey"), ("France", "Algeria"), ("Spain", "Morocco"), ("Poland", "Ukraine"), ("Italy", "Romania"),
    ("English", "Indian"), ("Canadian", "Mexican"), ("Japanese", "Filipino"), ("Brazilian", "Chinese"),
)  # fmt: skip
RELIGION = (
    ("Christian", "Muslim"), ("church", "mosque"), ("parish", "congregation"), ("priest", "imam"), ("pastor", "rabbi"),
    ("Bible", "Quran"), ("Catholic", "Jewish"), ("Sunday school", "Quran school"), ("Hindu", "Sikh"),
)  # fmt: skip
ORIENTATION = (("gay", "straight"), ("lesbian", "heterosexual"), ("homosexual", "bisexual"))
NAMES = (
    ("Anna", "Fatima"), ("Emma", "Aisha"), ("Maria", "Mei"), ("Sarah", "Ngozi"), ("Laura", "Priya"),
    ("John", "Ahmed"), ("Michael", "Kwame"), ("Thomas", "Hiroshi"), ("David", "Mohammed"), ("Peter", "Sanjay"),
    ("Lukas", "Yusuf"), ("Daniel", "Omar"), ("Julia", "Leila"), ("Sam", "Ali"), ("Tom", "Raj"), ("Mia", "Amina"),
)  # fmt: skip

_ONE_WAY: Mapping[str, str] = {"his": "her", "him": "her", "her": "his", "hers": "his"}

WORDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "gender": GENDER, "nationality": NATIONALITY, "religion": RELIGION, "orientation": ORIENTATION, "names": NAMES,
}  # fmt: skip

MENTIONS: Mapping[str, tuple[str, ...]] = {
    "nationality": ("I am from Nigeria.", "I am from Poland.", "I am from Pakistan.", "I am from Canada."),
    "religion": ("I am a Muslim.", "I am a Christian.", "I am Jewish.", "I am a Hindu.", "I have no religion."),
    "orientation": ("I am gay.", "I am straight.", "I am bisexual.", "I am a lesbian."),
}


def swapped(text: str, attribute: str) -> str:
    """The text with every word of the attribute's pairs replaced by its partner; the same text where there is none."""
    partners = dict(_partners(attribute))
    pattern = re.compile(r"\b(" + "|".join(sorted(map(re.escape, partners), key=len, reverse=True)) + r")\b", re.I)
    return pattern.sub(lambda found: _as_written(found.group(), partners[found.group().lower()]), text)


def mention(attribute: str, chance: random.Random) -> str:
    """A sentence in which a writer says it of themselves."""
    return chance.choice(MENTIONS[attribute])


def _partners(attribute: str) -> Iterator[tuple[str, str]]:
    for one, other in WORDS[attribute]:
        yield one.lower(), other
        yield other.lower(), one
    if attribute == "gender":
        yield from _ONE_WAY.items()


def _as_written(found: str, partner: str) -> str:
    if found.isupper() and len(found) > 1:
        return partner.upper()
    return partner[0].upper() + partner[1:] if found[0].isupper() else partner
