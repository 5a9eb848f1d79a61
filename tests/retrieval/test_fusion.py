"""Meaning and words as one ranking: what is quoted comes first, whatever the model thinks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from policy_corpus import Passage
from retrieval import BruteForceIndex
from retrieval.embedders.base import Vectors
from retrieval.fusion import fused, share
from retrieval.lexical import LexicalIndex
from retrieval.nearness import Nearness
from retrieval.quoting import quoting
from tests.retrieval.corpus import passage

WANTED = passage(
    "wanted@1#rule", "A parcel that was left in the rain belongs to the sender until the courier has signed for it."
)
OTHERS = [
    passage(f"other-{at}@1#rule", f"The courier of street {at} was late, and the sender of the parcel waited in {at}.")
    for at in range(150)
]


class Misled:
    """A model that finds one passage far from everything that is asked, and all others near."""

    name = fingerprint = "misled"
    dimension, window = 2, 256

    def embed(self, texts: Sequence[str]) -> Vectors:
        far = [WANTED.text in text for text in texts]
        return np.array([(0.0, 1.0) if is_far else (1.0, 0.0) for is_far in far], dtype=np.float32)


@pytest.fixture(scope="module")
def nearness() -> Nearness:
    passages: list[Passage] = [WANTED, *OTHERS]
    index = BruteForceIndex(Misled())
    index.sync(passages)
    return Nearness(passages, index)


POOL = frozenset(one.id for one in [WANTED, *OTHERS])

QUOTED = {
    "a piece": "left in the rain belongs to the sender until",
    "words from all over": "parcel rain belongs courier signed",
    "with a foreign word": "Somebody wrote: belongs to the sender until the courier has signed",
    "in a longer text": "It was a fine day. " * 30 + "\nBelongs to the sender until the courier has signed for it.",
}


@pytest.mark.parametrize("text", QUOTED.values(), ids=QUOTED)
def test_a_quoted_passage_comes_first(nearness: Nearness, text: str) -> None:
    query = nearness.read(text)
    assert query is not None
    assert nearness.find(query, POOL)[0].passage == WANTED


def test_one_shared_word_does_not_outweigh_meaning(nearness: Nearness) -> None:
    query = nearness.read("who pays for damage by water, such as rain, on the road")
    assert query is not None
    assert nearness.find(query, POOL)[0].passage != WANTED


def test_a_long_text_counts_by_its_windows_and_as_a_whole(nearness: Nearness) -> None:
    short, long = (nearness.read("The parcel came late again. " * times) for times in (2, 200))
    assert short and long and short.parts == long.parts == 0
    told = [f"The parcel {at} came late again, and the courier did not sign for it." for at in range(60)]
    many = nearness.read(" ".join(told))
    assert many and many.parts == len(many.windows) > 5


def test_a_long_text_as_a_whole_scores_the_sum_of_its_parts() -> None:
    lexical = LexicalIndex.of([WANTED, *OTHERS])
    parts = ["courier rain parcel", "street 7 was late", "late parcel"]
    windowed, whole = lexical.ranked(lexical.asked(parts, 3), 200, [None], [1.0, 1.0, 1.0])
    assert windowed == lexical.search(parts, 200)
    each = [dict(lexical.search([part], 200)) for part in parts]
    assert dict(whole) == pytest.approx({id: sum(one.get(id, 0.0) for one in each) for id, _ in whole}, abs=1e-4)


def test_fusion_is_by_rank_and_weight() -> None:
    found = fused(((1.0, ["a", "b"]), (0.5, ["b", "c"])))
    assert found == {"a": share(0), "b": share(1) + share(0) / 2, "c": share(1) / 2}


def test_only_what_holds_most_of_the_words_counts_as_quoted() -> None:
    found = quoting({"all": 10.0, "more than half": 6.0, "half": 5.0}, 10.0)
    assert found == pytest.approx({"all": 4 * share(0), "more than half": 0.8 * share(0)})
    assert quoting({"any": 1.0}, 0.0) == {}
