"""Remade reviewers: what was learned from precedents that a case must not know is learned anew without them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from copilot.detectors.learned import LearnedDetector, learn
from copilot.detectors.levels import Levels
from copilot.drafters import precedents
from copilot.drafters.confidence import Calibration
from copilot.drafters.leaning_drafter import LeaningDrafter
from copilot.drafters.precedents import PrecedentDrafter
from copilot.review import Reviewer
from copilot.rules import rules_of
from evals.calibrating import Watched, calibrate
from evals.gold import GoldCase
from evals.gold_suite import systems_for
from evals.nearest import NearestDrafter
from evals.remaking import Remaker
from evals.systems import ReviewerSystem
from policy_corpus import Pack, Precedent, PrecedentFinding, Tier
from retrieval import HashingEmbedder
from tests.evals.small_pack import GOLD, PRECEDENTS, WordDetector, gold, precedent, reviewer, small_pack
from tests.evals.test_calibrating import drafted, suite

if TYPE_CHECKING:
    from copilot.drafters.leaning import Leaning

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


def test_nothing_is_learned_twice_and_duties_ask_for_their_own() -> None:
    pack = small_pack((*PRECEDENTS, *_planted()))
    other = Pack(**{**dict(pack), "duties": {}, "clauses": pack.clauses[:1]})
    for packs in ((pack, other), (other, pack)):
        remaker = Remaker.of(reviewer(pack))
        first, second = (remaker.learned_from(one) for one in packs)
        assert first.model is not None and first.model is second.model
        held = {id(one): learned for one, learned in zip(packs, (first, second), strict=True)}
        assert held[id(pack)].asked and not held[id(other)].asked, "whichever asks first"


def _levelled(pack: Pack) -> Levels:
    """Two fits; the families of `GOLD[1]` and `GOLD[3]` are ones that the second has not seen."""
    return Levels(
        pack=pack.id, rules="0", embedder="0", data_sha256="0", command="test", n=9,
        folds=({"advert: yes": (-20.0, 0.01)}, {"advert: yes": (20.0, 0.01)}),
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


def _dutiless(pack: Pack) -> Pack:
    return Pack(**{**{name: getattr(pack, name) for name in Pack.model_fields}, "duties": {}})


def _calibrated(*, told: float = 0.5) -> tuple[Reviewer, Calibration]:
    """The whole reviewer, its confidence fitted on made-up drafts."""
    whole = _with_levels().reviewer
    fitted = calibrate(drafted(40, told=told), 40, whole, suite())
    return replace(whole, drafters=(PrecedentDrafter(whole.pack, calibration=fitted),)), fitted


def test_an_ablation_of_the_policy_or_the_search_keeps_the_calibration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were it lost, the error budget would hold nothing back, and coverage compare two things at once."""
    whole, fitted = _calibrated()
    shipped = replace(whole, drafters=(PrecedentDrafter(whole.pack),))
    own = fitted.rules, fitted.embedder
    monkeypatch.setattr(
        precedents, "fitting", lambda pack, embedder: fitted if (rules_of(pack), embedder) == own else None
    )
    systems = {one.name: one for one in systems_for(shipped) if isinstance(one, ReviewerSystem)}
    hashed = Remaker.of(shipped).over(shipped, shipped.pack, HashingEmbedder(64))
    ablated = [systems[name].reviewer for name in ("without criteria", "without duties")]
    for made in (shipped, hashed, *ablated):
        (drafter,) = made.drafters
        assert isinstance(drafter, PrecedentDrafter) and drafter.fitted is fitted


def test_whoever_drafts_keeps_the_calibration_and_what_it_watches() -> None:
    whole, fitted = _calibrated()
    (plain,) = whole.drafters
    assert isinstance(plain, PrecedentDrafter)
    watched, other = Watched(plain.pack, calibration=fitted), _dutiless(whole.pack)
    leaning = LeaningDrafter(plain, cast("Leaning", None))
    made = Remaker.of(whole).over(replace(whole, drafters=(watched, NearestDrafter(plain), leaning)), other).drafters
    assert isinstance(made[0], Watched) and made[0].proposals is watched.proposals
    for one in made:
        inner = one.inner if isinstance(one, NearestDrafter | LeaningDrafter) else one
        assert isinstance(inner, PrecedentDrafter) and inner.fitted is fitted and inner.pack is other


def test_a_drafter_that_nothing_was_fitted_for_stays_so() -> None:
    whole = _with_levels().reviewer
    (drafter,) = Remaker.of(whole).over(whole, _dutiless(whole.pack)).drafters
    assert isinstance(drafter, PrecedentDrafter) and drafter.fitted is None


def test_another_fit_on_the_same_data_is_another_system() -> None:
    fits = [_calibrated(told=told) for told in (0.5, 0.9)]
    assert len({fitted.data_sha256 for _, fitted in fits}) == len({fitted.n for _, fitted in fits}) == 1
    assert len({ReviewerSystem("copilot", whole).fingerprint for whole, _ in fits}) == 2
