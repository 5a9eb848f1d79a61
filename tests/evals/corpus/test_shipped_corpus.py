"""The shipped child-safety corpus is as large and as spread as it says, and no text of it repeats another."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from evals.corpus import Duplicates, Spread, duplicates, gold_of, spread
from evals.gold import GoldCase
from evals.metrics.intervals import Sampling
from policy_corpus import Authority, Outcome, Pack, Precedent, Reading, Status
from policy_corpus.deciding import Decider, judged
from retrieval import embedder_named


@pytest.fixture(scope="module")
def pack(child_safety: Pack) -> Pack:
    return child_safety


@pytest.fixture(scope="module")
def gold(pack: Pack) -> tuple[GoldCase, ...]:
    return gold_of(pack)


@pytest.fixture(scope="module")
def measured(pack: Pack, gold: tuple[GoldCase, ...]) -> Spread:
    return spread(pack, gold, sampling=Sampling(samples=10))


@pytest.fixture(scope="module")
def found(pack: Pack, gold: tuple[GoldCase, ...]) -> Duplicates:
    """Measured once with the packaged model, which reads each text once."""
    return duplicates(pack, gold, embedder_named())


@pytest.mark.parametrize(
    "part",
    ["between precedents", "between precedents and gold cases", "between gold cases", "between rationales"],
)
def test_no_two_texts_are_nearly_the_same(found: Duplicates, part: str) -> None:
    (likeness,) = (one for one in found.parts if one.name == part)
    assert likeness.overlap is not None, "nothing was measured"
    assert not likeness.pairs, "\n".join(str(pair) for pair in likeness.pairs)


def test_precedents_are_many_and_marked_as_illustrative(pack: Pack) -> None:
    assert len(pack.precedents) >= 220
    assert all(one.synthetic and one.authority is Authority.ILLUSTRATIVE for one in pack.precedents)


def test_two_fifths_of_the_precedents_end_without_enforcement(measured: Spread) -> None:
    assert (measured.precedents.protected.value or 0.0) >= 0.4


def test_forty_precedents_stand_in_minimal_pairs(measured: Spread) -> None:
    assert len({id for pair in measured.minimal_pairs for id in (pair.a, pair.b)}) >= 40


def test_minimal_pairs_turn_on_many_different_facts(measured: Spread) -> None:
    turns_on = Counter(fact for pair in measured.minimal_pairs for fact in pair.deciding)
    assert max(turns_on.values()) <= 3
    assert len(turns_on) >= 15


def test_the_policy_answers_both_sides_of_a_minimal_pair_differently(pack: Pack, measured: Spread) -> None:
    newest = max(clause.effective_from for clause in pack.clauses if clause.effective_from)
    decider = Decider(pack.in_force(newest), pack)
    says = {one.id: _answers(one, decider) for one in pack.precedents}
    alike = [pair.deciding for pair in measured.minimal_pairs if says[pair.a] == says[pair.b]]
    assert alike == []


def _answers(one: Precedent, decider: Decider) -> frozenset[object]:
    """The clauses that decide on those whose conduct is judged, and the duties that their facts raise."""
    pack, judged_on = decider.pack, judged(one, decider.pack.vocabulary)
    clauses = {clause.ref for held in judged_on for clause in decider.deciding(held)}
    duties = {
        (id, raised)
        for id, duty in pack.duties.items()
        for raised, tree in (("obliged", duty.criteria), ("possible", duty.possible_when or duty.criteria))
        for held in judged_on
        if tree.evaluate(held, Reading.MOST).outcome is Outcome.MEETS
    }
    return frozenset({*clauses, *duties})


def test_twenty_precedents_are_no_longer_good_law(pack: Pack) -> None:
    past = [one for one in pack.precedents if one.status is not Status.ACTIVE]
    assert len(past) >= 20
    assert all(one.status_reason for one in past)
    assert all(one.successor for one in past if one.status is Status.SUPERSEDED)


def test_twenty_five_precedents_are_not_english(pack: Pack) -> None:
    assert sum(one.language != "en" for one in pack.precedents) >= 25


def test_every_area_has_six_precedents(measured: Spread) -> None:
    assert {area: n for area, n in measured.precedents.counts["area"].items() if n < 6} == {}


def test_every_precedent_is_a_story_of_its_own_length(pack: Pack) -> None:
    told = {one.id: len(f"{one.facts} {one.rationale} {one.distinguishes}".split()) for one in pack.precedents}
    spaced = {one.id for one in pack.precedents if one.language not in ("ja", "zh", "th")}
    assert {id: n for id, n in told.items() if id in spaced and not 40 <= n <= 220} == {}


def test_gold_cases_are_many(gold: tuple[GoldCase, ...]) -> None:
    appeals = sum(one.area == "appeals" for one in gold)
    assert (len(gold) - appeals >= 220, appeals >= 40) == (True, True), (len(gold) - appeals, appeals)


def test_seventy_gold_cases_have_a_legal_duty(pack: Pack, gold: tuple[GoldCase, ...]) -> None:
    assert sum(any(pack.duties[id].law for id in one.expected.duties or ()) for one in gold) >= 70


def test_seventy_gold_cases_are_protected(gold: tuple[GoldCase, ...]) -> None:
    assert sum(one.expected.protected for one in gold) >= 70


def test_no_test_family_has_a_precedent(pack: Pack, gold: tuple[GoldCase, ...]) -> None:
    families = {one.family for one in pack.precedents}
    assert {one.family for one in gold if one.part == "test"} & families == set()


def test_a_family_never_spans_parts(gold: tuple[GoldCase, ...]) -> None:
    parts = defaultdict(set)
    for one in gold:
        parts[one.family].add(one.part)
    assert {family: held for family, held in parts.items() if len(held) > 1} == {}
    assert {part for held in parts.values() for part in held} == {"tune", "test"}
