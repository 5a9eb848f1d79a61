"""Precedents that tell nearly the same story are shown as one, unless they were decided differently."""

from __future__ import annotations

from itertools import combinations

import pytest

from policy_corpus import Authority, Pack, Precedent, Reportability, Status, find, load
from retrieval import HashingEmbedder, Retriever
from retrieval.folding import NEARLY, Folding
from retrieval.indexes import BruteForceIndex
from tests.retrieval.corpus import TODAY, clause, pack, precedent

STORY = (
    "A buyer wrote that the parcel came nine days late, that the box was wet, and that the seller had answered none of "
    "three letters. The reviewer read the letters, rang the carrier and had the fee paid back on the same day."
)


def told(id: str, facts: str = STORY, plan: str = "limit", **more: object) -> Precedent:
    return precedent(id, facts, plan, **more)


DIFFERENT: dict[str, Precedent] = {
    "steps": told("B", plan="enforce"),
    "no step": told("B", plan=""),
    "reportability": told("B", reportability=Reportability.OBLIGED),
    "status": told("B", status=Status.STALE),
    "authority": told("B", authority=Authority.APPEAL),
    "clauses": told("B", clauses=("LATE@1",)),
    "story": told("B", "A seller asked why a listing was hidden, and was told that the picture showed another shop."),
}


@pytest.mark.parametrize("other", DIFFERENT.values(), ids=DIFFERENT)
def test_what_differs_is_never_folded(other: Precedent) -> None:
    assert not Folding().same(told("A"), other)


@pytest.mark.parametrize("facts", [STORY, STORY.replace("nine", "ten"), STORY.upper(), f"{STORY} Nothing more."])
def test_the_same_story_decided_alike_is_folded(facts: str) -> None:
    assert Folding().same(told("A"), told("B", facts))


def test_the_hit_counts_what_it_stands_for_and_their_places_go_to_others() -> None:
    alike = [told(f"A-{number}", STORY.replace("nine", str(number))) for number in range(5)]
    others = [
        told(f"B-{number}", f"A parcel was late for reason {number * 97} and {number * 31}.") for number in range(4)
    ]
    made = pack([clause("LATE", "Late parcels are refunded.")], [*alike, *others, told("C", plan="")])
    retriever = Retriever(made, BruteForceIndex(HashingEmbedder()))
    retriever.sync()
    for found in (
        retriever.search(STORY, {}, as_of=TODAY, limit=5),
        retriever.search_text(STORY, as_of=TODAY, limit=5),
    ):
        by_source = {hit.passage.source: hit for hit in found}
        kept = [source for source in by_source if source.startswith("A-")]
        assert len(kept) == 1
        assert len(by_source[kept[0]].folded) == 4
        assert "C" in by_source
        assert len(found) == 5


@pytest.mark.parametrize("name", ["child_safety", "acceptable_use"])
def test_no_two_shipped_precedents_are_folded(name: str, child_safety: Pack) -> None:
    """The packs are written without near-copies: even minimal pairs stay far below the line."""
    folding, shipped = Folding(), child_safety if name == child_safety.id else load(find(name))
    nearest = max(folding.overlap(one, other) for one, other in combinations(shipped.precedents, 2))
    assert nearest < NEARLY / 2
