"""What precedents together lean to, and the drafts that go by it where no clause is settled."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from copilot.cases import Case
from copilot.drafters.leaning import Leaning, cheapest, lean
from copilot.drafters.leaning_drafter import LeaningDrafter
from copilot.drafters.precedents import PrecedentDrafter
from copilot.findings import Finding
from copilot.review import Reviewer
from copilot.reviews import Review
from evals.datasets.labelled import Label, Labelled, Source, suite_of
from policy_corpus import Clause, Pack, Tier
from policy_corpus.vocabulary import Fact, Vocabulary
from retrieval import BruteForceIndex, HashingEmbedder, Retriever

LABELS = (
    Label("goods", "Goods", "Notices that offer goods for money."),
    Label("rooms", "Rooms", "Notices that offer rooms for money."),
    Label("lost", "Lost things", "Notices about things that were lost.", violates=False),
)
SAID = {
    "goods": "cheap lamp for sale at a good price number",
    "rooms": "room to let near the station price number",
    "lost": "lost a green umbrella in the hall on day",
}


def _pack(each: int = 30) -> Pack:
    rows = [
        Labelled(f"{label}-{n}", f"{said} {n} {'abcdefgh'[n % 8]}", (label,), f"{label}{n}", by_hash=False)
        for label, said in SAID.items()
        for n in range(each)
    ]
    return suite_of(Source("board", "Board", LABELS, "0" * 64), rows).pack


@pytest.fixture(scope="module")
def pack() -> Pack:
    return _pack()


@pytest.fixture(scope="module")
def leaning(pack: Pack) -> Leaning:
    found = lean(pack, HashingEmbedder())
    assert found is not None
    return found


def _review(pack: Pack, leaning: Leaning, text: str, *findings: Finding) -> Review:
    retriever = Retriever(pack, BruteForceIndex(HashingEmbedder()))
    retriever.sync()
    reviewer = Reviewer(pack, retriever, (), (LeaningDrafter(PrecedentDrafter(pack), leaning),), service=findings)
    return asyncio.run(reviewer.review(Case.model_validate({"id": "c", "text": text})))


def test_chances_are_shares_of_one_and_lean_the_right_way(leaning: Leaning) -> None:
    sale, lost = (leaning.chances(SAID[label]) for label in ("goods", "lost"))
    assert sum(sale.values()) == pytest.approx(1) and sum(lost.values()) == pytest.approx(1)
    assert sale[Tier.ENFORCE] > 0.8 and lost[Tier.NONE] > 0.8


def test_within_a_tier_the_likeliest_clause_comes_first(leaning: Leaning) -> None:
    assert leaning.clauses(SAID["goods"], Tier.ENFORCE) == ("goods@1", "rooms@1")
    assert leaning.clauses(SAID["rooms"], Tier.ENFORCE) == ("rooms@1", "goods@1")
    assert leaning.clauses(SAID["rooms"], Tier.NONE) == ("lost@1",)


def test_learning_twice_gives_the_same(pack: Pack, leaning: Leaning) -> None:
    again = lean(pack, HashingEmbedder())
    assert again is not None and np.array_equal(again.weights, leaning.weights)


def test_what_cannot_be_told_on_unseen_families_teaches_nothing() -> None:
    rows = [
        Labelled(f"n{n}", f"word{n} other{n * 7}", ("goods" if n % 2 else "lost",), f"f{n}", by_hash=False)
        for n in range(80)
    ]
    assert lean(suite_of(Source("noise", "Noise", LABELS, "0" * 64), rows).pack, HashingEmbedder()) is None


def test_too_few_precedents_teach_nothing() -> None:
    assert lean(_pack(each=5), HashingEmbedder()) is None


@pytest.mark.parametrize(
    ("chances", "said"),
    [
        ({Tier.NONE: 0.6, Tier.ENFORCE: 0.4}, Tier.ENFORCE),
        ({Tier.NONE: 0.7, Tier.ENFORCE: 0.3}, Tier.NONE),
        ({Tier.NONE: 0.4, Tier.PROTECT: 0.2, Tier.REPORT: 0.4}, Tier.REPORT),
    ],
)
def test_no_violation_needs_two_chances_in_three(chances: dict[Tier, float], said: Tier) -> None:
    assert cheapest(chances) is said


def test_a_draft_says_how_likely_its_tier_is_and_quotes_what_stands(pack: Pack, leaning: Leaning) -> None:
    review = _review(pack, leaning, SAID["rooms"])
    assert review.recommended == 0
    checked = review.drafts[0]
    assert checked.gate.passed and checked.draft.claims
    assert checked.draft.plan.tier(pack) is Tier.ENFORCE and checked.draft.clauses[:1] == ("rooms@1",)
    assert checked.draft.confidence == pytest.approx(leaning.chances(SAID["rooms"])[Tier.ENFORCE], abs=1e-3)
    opposing = checked.draft.opposing
    assert opposing is not None and opposing.source.startswith("lost")


def test_a_clause_that_is_met_decides_whatever_precedents_lean_to(pack: Pack, leaning: Leaning) -> None:
    vocabulary = Vocabulary(
        facts={"sold": Fact(title="Sold", definition="Money asked.", values={"yes": "", "no": "", "unknown": ""})}
    )
    goods = next(clause for clause in pack.clauses if clause.id == "goods")
    met = Clause(**{**dict(goods), "criteria": {"sold": ["yes"]}})
    clauses = (met, *(clause for clause in pack.clauses if clause.id != "goods"))
    settled = pack.model_copy(update={"vocabulary": vocabulary, "clauses": clauses})
    finding = Finding(fact="sold", value="yes", kind="service", finder="settings", confirmed=True)
    review = _review(settled, leaning, SAID["lost"], finding)
    assert review.drafts[0].draft.clauses[0] == "goods@1"
    assert review.drafts[0].draft.plan.tier(settled) is Tier.ENFORCE


def test_a_text_that_nothing_is_near_to_stays_undecided(pack: Pack, leaning: Leaning) -> None:
    review = _review(pack, leaning, "Quartz basalt.")
    assert review.recommended is None
    assert review.drafts[0].draft.abstained


def test_only_precedents_that_stand_are_learned_from(pack: Pack) -> None:
    from policy_corpus import Status

    gone = tuple(
        one.model_copy(update={"status": Status.OVERRULED, "status_reason": "by appeal"})
        if one.id.startswith("lost")
        else one
        for one in pack.precedents
    )
    assert lean(pack.with_precedents(gone), HashingEmbedder()) is None
