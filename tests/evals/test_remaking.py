"""Remade reviewers: what was learned from precedents that a case must not know is learned anew without them."""

from __future__ import annotations

import asyncio

from copilot.detectors.learned import LearnedDetector, learn
from evals.gold_suite import systems_for
from evals.remaking import Remaker
from evals.systems import ReviewerSystem
from policy_corpus import Pack, Precedent, PrecedentFinding
from retrieval import HashingEmbedder
from tests.evals.small_pack import GOLD, PRECEDENTS, WordDetector, precedent, reviewer, small_pack

FAMILY = GOLD[1].family


def _planted() -> tuple[Precedent, ...]:
    """Precedents from which a classifier learns, three of them in words of the case's own family alone."""
    adverts = [
        precedent(f"A-{n}", f"An advert sells thing number {n} on the board.", "LB-1", [("take_down", "items")])
        for n in range(6)
    ]
    own = [
        precedent(f"F-{n}", "An advert sells quagga lamps.", "LB-1", [("take_down", "items")], FAMILY)
        for n in (1, 2, 3)
    ]
    shown = (PrecedentFinding(fact="advert", value="yes"),)
    return tuple(one.model_copy(update={"findings": shown}) for one in (*adverts, *own))


def test_a_classifier_never_learned_from_the_cases_own_family() -> None:
    pack = small_pack((*PRECEDENTS, *_planted()))
    embedder = HashingEmbedder(128)
    learned = learn(pack, embedder)
    assert learned.model is not None and "quag" in learned.model.hashed.grams.index
    whole = reviewer(pack, detectors=(WordDetector(), LearnedDetector(learned, embedder)))
    remaker = Remaker.of(whole)
    system = ReviewerSystem("copilot", whole, remaker=remaker)
    asyncio.run(system.answer(GOLD[1]))
    (made,) = system._without.values()
    less = remaker.learned_from(made.pack)
    assert less.model is not None and "quag" not in less.model.hashed.grams.index
    assert [type(one) for one in made.detectors] == [WordDetector, LearnedDetector]
    assert made.detectors[1] is not whole.detectors[1]


def test_what_was_learned_is_an_ablation_of_its_own() -> None:
    pack = small_pack((*PRECEDENTS, *_planted()))
    embedder = HashingEmbedder(128)
    whole = reviewer(pack, detectors=(WordDetector(), LearnedDetector(learn(pack, embedder), embedder)))
    systems = {one.name: one for one in systems_for(whole) if isinstance(one, ReviewerSystem)}
    left = {name: [detector.name for detector in one.reviewer.detectors] for name, one in systems.items()}
    assert left["copilot"] == ["words", "learned"] and left["without learned detector"] == ["words"]
    bare = systems["clauses without precedents"].reviewer
    found = [detector for detector in bare.detectors if isinstance(detector, LearnedDetector)]
    assert [one.find(GOLD[0].case) for one in found] == [()]


def test_nothing_is_learned_twice() -> None:
    pack = small_pack((*PRECEDENTS, *_planted()))
    remaker = Remaker.of(reviewer(pack))
    other = Pack(**{**dict(pack), "duties": {}, "clauses": pack.clauses[:1]})
    assert remaker.learned_from(pack) is remaker.learned_from(other)
