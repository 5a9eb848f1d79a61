"""By words: what a long text quotes is found though only all of its windows together, or only one, point to it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from policy_corpus import Passage
from retrieval.fusion import share
from retrieval.lexical import LexicalIndex
from retrieval.quoting import quoted, runs
from retrieval.worded import Begun, begun_at_length
from tests.retrieval.corpus import passage

WORDS = [f"word{at}" for at in range(24)]
WINDOWS = [" ".join(WORDS[start : start + 8]) for start in (0, 8, 16)]
DECOYS = [
    # The words of a window out of order: nearer to it than what holds all of them, and no quote.
    passage(f"X-{number}-{at}@1#rule", " ".join(reversed(window.split())))
    for number, window in enumerate(WINDOWS)
    for at in range(12)
]
WHOLE = 4 * share(0)
"""What is added for a passage that stands in the text from its first word to its last."""


def begun(passages: Sequence[Passage]) -> Begun:
    held = {one.id: one for one in passages}
    return begun_at_length(LexicalIndex.of(held.values()), WINDOWS, 100, [frozenset(held)], [1.0] * 3, held)


def test_a_quote_that_no_window_alone_points_to_is_found_by_all_together() -> None:
    found = begun([passage("QUOTE@1#rule", " ".join(WORDS)), *DECOYS])
    assert found.quoted == {}
    finished = found.finished()
    assert next(iter(finished.together)) == "QUOTE@1"
    assert finished.quoted == {"QUOTE@1": pytest.approx(WHOLE)}


def test_a_passage_that_is_quoted_in_part_takes_nothing_from_another_of_its_source_quoted_as_a_whole() -> None:
    part = passage("QUOTE@1#scope", " ".join([*WORDS[:16], *reversed(WORDS[16:])]))
    # In the place of a decoy, so that all windows' words are as rare.
    found = begun([passage("QUOTE@1#rule", WINDOWS[0]), part, *DECOYS[1:]])
    assert found.quoted == {"QUOTE@1": pytest.approx(WHOLE)}
    assert 0 < quoted(runs(" ".join(WINDOWS)), [("part", part.text)])["part"] < WHOLE
    finished = found.finished()
    assert finished.together["QUOTE@1"][0] == part.id
    assert finished.quoted == {"QUOTE@1": pytest.approx(WHOLE)}
