"""Quoting: what a query and a passage say in the same words, which ranks can't tell from a mere likeness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from retrieval.fusion import share
from retrieval.words import words

_QUOTED = 0.5
"""Share of what a query says in words from which a passage counts as quoted by it. Of 131 cases none shared more than
.25 of its words, by rarity, with a clause; of 120 pieces of eight words from passages the least was .66."""
_HELD = 0.25
"""Share of a passage's runs of three words from which a long text counts as quoting it. Of 45 cases and scenarios of a
hundred words or more none held more than .10 of a passage's."""
_BELIEVED = 4.0
"""How many first places a passage is worth that holds all of the query's words, or stands in the query as a whole."""
_RUN = 3
_FEWEST_RUNS = 5
"""Runs that a passage must have: few words are soon said by chance."""

Runs = frozenset[tuple[str, ...]]


def quoting(worded: Mapping[str, float], whole: float) -> dict[str, float]:
    """What to add to the fused scores of passages that hold most of the query's words, as ranks can't tell how sure a
    ranking is of its first.

    Args:
        worded: BM25 scores.
        whole: the score of a passage of average length that holds each of the query's words once.
    """
    least = _QUOTED * whole
    first = _BELIEVED * share(0)
    return {id: first * (score - least) / (whole - least) for id, score in worded.items() if score > least > 0}


def quoted(held: Runs, passages: Iterable[tuple[str, str]]) -> dict[str, float]:
    """What to add to the fused scores of passages that stand word for word in a long text, by what they are named.

    Args:
        held: the text's runs.
        passages: names, which may come again, with texts.
    """
    first = _BELIEVED * share(0)
    found: dict[str, float] = {}
    for name, said in passages:
        in_order = _runs(said)
        # Most passages share none, which shows before a set is made of theirs.
        if held.isdisjoint(in_order):
            continue
        own = frozenset(in_order)
        part = len(own & held) / len(own)
        if part > _HELD and len(own) >= _FEWEST_RUNS:
            found[name] = max(found.get(name, 0.0), first * (part - _HELD) / (1 - _HELD))
    return found


def runs(text: str) -> Runs:
    """The runs of three words in the text; of a shorter one the whole, so that there is always one."""
    return frozenset(_runs(text))


def _runs(text: str) -> list[tuple[str, ...]]:
    found = words(text)
    return list(zip(found, found[1:], found[2:], strict=False)) if len(found) >= _RUN else [(*found,)]
