"""Paraphrase by rules: some neutral words replaced, short forms written out, subordinate clauses moved.

It shows whether drafts hang on a function word or on the order of clauses. It can't show what another writer's words,
another register or another language would do: the words that carry the case stay as they are. English only.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from copilot.text import sentences

SYNONYMS: Mapping[str, str] = {
    "about": "around", "afterwards": "later", "almost": "nearly", "also": "too", "although": "though",
    "answered": "replied", "asked": "enquired", "because": "since", "before": "prior to", "began": "started",
    "begins": "starts", "big": "large", "bought": "purchased", "but": "yet", "buy": "purchase", "entire": "whole",
    "everybody": "everyone", "fast": "quickly", "finally": "in the end", "got": "received", "help": "assist",
    "helped": "assisted", "however": "still", "last": "previous", "maybe": "perhaps", "nobody": "no one",
    "often": "frequently", "only": "merely", "perhaps": "maybe", "quickly": "fast", "rapidly": "fast",
    "replied": "answered", "shows": "displays", "small": "little", "somebody": "someone", "someone": "somebody",
    "start": "begin", "started": "began", "still": "even now", "tells": "says", "wants": "would like",
    "while": "as", "whole": "entire",
}  # fmt: skip
"""Words on which no fact of a policy rests."""

LONG: Mapping[str, str] = {
    "can't": "cannot", "couldn't": "could not", "didn't": "did not", "doesn't": "does not", "don't": "do not",
    "he's": "he is", "i'll": "I will", "i'm": "I am", "i've": "I have", "isn't": "is not", "it's": "it is",
    "she's": "she is", "that's": "that is", "there's": "there is", "they're": "they are", "wasn't": "was not",
    "we're": "we are", "weren't": "were not", "won't": "will not", "wouldn't": "would not", "you're": "you are",
}  # fmt: skip

_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_LEADING = re.compile(r"^(When|If|After|Before|Because|Although|While|Since) ([^,;:\[\]\"“]+), ([^,;:\[\]\"“]+)([.!])$")
_TRAILING = re.compile(r"^([^,;:\[\]\"“]+?),? (when|if|after|because|although|while) ([^,;:\[\]\"“]+)([.!])$")


def paraphrased(text: str, chance: random.Random) -> str:
    """The text in other words, as far as the rules go; the same text where none applies. Lines stay lines."""
    moved, end = [], 0
    for start, stop in sentences(text):
        moved += [text[end:start], _moved(text[start:stop])]
        end = stop
    return _WORD.sub(lambda found: _other(found.group(), chance), "".join([*moved, text[end:]]))


def _moved(sentence: str) -> str:
    """`When A, B.` becomes `B when A.`, and the other way about."""
    if found := _LEADING.match(sentence):
        word, first, second, stop = found.groups()
        return f"{second[0].upper()}{second[1:]} {word.lower()} {first}{stop}"
    if found := _TRAILING.match(sentence):
        first, word, second, stop = found.groups()
        said = first if first.startswith("I ") else first[0].lower() + first[1:]
        return f"{word.capitalize()} {second}, {said}{stop}"
    return sentence


def _other(word: str, chance: random.Random) -> str:
    key = word.lower().replace("’", "'")
    other = LONG.get(key) or (SYNONYMS.get(key) if chance.random() < 0.8 else None)
    if other is None:
        return word
    return other[0].upper() + other[1:] if word[0].isupper() else other
