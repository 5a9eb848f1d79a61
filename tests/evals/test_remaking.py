"""Remade reviewers: what was learned from precedents that a case must not know is learned anew without them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from copilot.detectors.learned import LearnedDetector, learn
from copilot.detectors.levels import Levels
from evals.gold import GoldCase
from evals.gold_suite import systems_for
from evals.remaking import Remaker
from evals.systems import ReviewerSystem
from policy_corpus import Pack, Precedent, PrecedentFinding, Tier
from retrieval import HashingEmbedder
from tests.evals.small_pack import GOLD, PRECEDENTS, WordDetector, gold, precedent, reviewer, small_pack

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


def _levelled(pack: Pack) -> Levels:
    """Two fits; the families of `GOLD[1]` and `GOLD[3]` are ones that the second has not seen."""
    return Levels(
        pack=pack.id, rules="0", embedder="0", data_sha256="0", command="test", n=9,
        folds=({"advert: yes": (-20.0, 0.0)}, {"advert: yes": (20.0, 0.0)}),
        families={FAMILY: 1, GOLD[0].family: 0, GOLD[3].family: 1},
    )  # fmt: skip


def _with_levels() -> ReviewerSystem:
    pack, embedder = small_pack((*PRECEDENTS, *_planted())), HashingEmbedder(128)
    learned = replace(learn(pack, embedder), levels=_levelled(pack))
    return ReviewerSystem("copilot", reviewer(pack, detectors=(WordDetector(), LearnedDetector(learned, embedder))))


def _classifiers(system: ReviewerSystem, case: GoldCase) -> list[tuple[str, str]]:
    detectors = system.reviewer_for(case).detectors
    held = [one for one in detectors if isinstance(one, LearnedDetector)]
    return [(found.fact, found.value) for one in held for found in one.find(case.case)]


def test_a_case_is_judged_by_levels_that_have_not_seen_its_family() -> None:
    system = _with_levels()
    words = GOLD[1].case.parts[0].text
    assert words is not None
    unseen = gold("g-8", words, "LB-1", Tier.ENFORCE, family="another")
    seen = gold("g-9", words, "LB-1", Tier.ENFORCE, family=GOLD[0].family)
    assert _classifiers(system, GOLD[1]) == [("advert", "yes")], "by the second fit"
    assert _classifiers(system, seen) == [], "by the first"
    assert _classifiers(system, GOLD[3]) == [("advert", "yes")], "by the second, though nothing is hidden from either"
    assert system.reviewer_for(unseen) is system.reviewer, "by the mean of both"


def test_an_index_is_made_once_for_all_cases_that_must_not_know_the_same() -> None:
    system = _with_levels()
    assert system.reviewer_for(GOLD[1]).retriever is system.reviewer_for(GOLD[2]).retriever


def test_an_ablation_of_the_policy_keeps_the_levels() -> None:
    whole = _with_levels().reviewer
    systems = {one.name: one for one in systems_for(whole) if isinstance(one, ReviewerSystem)}
    for name in ("without criteria", "without duties", "search by hashed words"):
        if name in systems:
            (one,) = (one for one in systems[name].reviewer.detectors if isinstance(one, LearnedDetector))
            assert one.learned.levels == _levelled(whole.pack)
    assert {"without criteria", "without duties"} <= set(systems)


def test_other_levels_are_another_system() -> None:
    system = _with_levels()
    (words, learned) = system.reviewer.detectors
    assert isinstance(learned, LearnedDetector)
    bare = LearnedDetector(replace(learned.learned, levels=None), HashingEmbedder(128))
    other = replace(system, reviewer=replace(system.reviewer, detectors=(words, bare)))
    assert other.fingerprint != system.fingerprint
