"""The indexed decider says what the plain one says, and both follow the priorities."""

from __future__ import annotations

import random
from datetime import date

import pytest

from policy_corpus import Clause, Outcome, Pack, Verdict, find, load
from policy_corpus.criteria import parse
from policy_corpus.deciding import Decided, Decider, decide, decides
from policy_corpus.normal_form import failed, holds, met
from policy_corpus.priorities import displaces

PACK = load(find("acceptable_use"))
ON = date(2026, 6, 1)


def _findings(rng: random.Random) -> dict[str, frozenset[str]]:
    facts = rng.sample(sorted(PACK.vocabulary.facts), rng.randint(0, 12))
    return {
        fact: frozenset(rng.sample(sorted(PACK.vocabulary.facts[fact].values), rng.choice((1, 1, 1, 2))))
        for fact in facts
    }


def test_the_index_changes_nothing() -> None:
    rng = random.Random(3)
    clauses = PACK.in_force(ON)
    decider = Decider(clauses, PACK)
    answers = []
    for _ in range(2_000):
        held = _findings(rng)
        answers.append(decide(clauses, held, PACK)[1])
        assert decider.deciding(held) == answers[-1], held
    assert sum(len(answer) > 1 for answer in answers) > 100


def test_one_fact_otherwise_is_decided_as_if_it_had_been_found_so() -> None:
    rng = random.Random(7)
    clauses = PACK.in_force(ON)
    turned = 0
    for _ in range(300):
        held = _findings(rng)
        decided = Decided(clauses, held, PACK)
        assert (decided.verdicts, decided.deciding) == decide(clauses, held, PACK)
        fact = rng.choice(sorted(PACK.vocabulary.facts))
        for value in PACK.vocabulary.facts[fact].values:
            verdicts, expected = decide(clauses, {**held, fact: frozenset({value})}, PACK)
            found = decided.instead(fact, value)
            if found is None:
                assert _met(verdicts) == _met(decided.verdicts), (held, fact, value)
            else:
                turned += 1
                assert found == expected, (held, fact, value)
    assert turned > 100


def _met(verdicts: dict[str, Verdict]) -> set[str]:
    """Of the clauses that decide something."""
    known = {clause.ref for clause in PACK.clauses if decides(clause)}
    return {ref for ref, verdict in verdicts.items() if verdict.outcome is Outcome.MEETS and ref in known}


TREE = {
    "all": [{"any": [{"hate": ["none"]}, {"not": {"malware": ["none"]}}]}, {"not": {"all": [{"fraud": ["shown"]}]}}]
}


def test_normal_form_says_what_evaluation_says() -> None:
    rng = random.Random(5)
    tree = parse(TREE)
    yes, no = met(tree, PACK.vocabulary), failed(tree, PACK.vocabulary)
    for _ in range(1_000):
        held = {
            fact: frozenset(rng.sample(sorted(PACK.vocabulary.facts[fact].values), rng.choice((1, 2))))
            for fact in ("hate", "malware", "fraud")
        }
        outcome = tree.evaluate(held).outcome
        assert holds(yes, held) is (outcome is Outcome.MEETS), held
        assert holds(no, held) is (outcome is Outcome.FAILS), held


def _clause(id: str, outranks: tuple[str, ...] = (), exceptions: tuple[str, ...] = ()) -> Clause:
    return Clause(id=id, title=id, outranks=outranks, exceptions=exceptions, sections={"rule": "Text."})


@pytest.mark.parametrize(
    ("clauses", "winner", "losers"),
    [
        ([_clause("A", outranks=("B",)), _clause("B", outranks=("C",)), _clause("C")], "A", {"B", "C"}),
        ([_clause("A"), _clause("B", exceptions=("A",)), _clause("C", exceptions=("B",))], "A", {"B"}),
        ([_clause("A", outranks=("B",)), _clause("B"), _clause("C", exceptions=("A",))], "A", {"B", "C"}),
        ([_clause("A", outranks=("B",)), _clause("B", outranks=("A",))], "A", {"B"}),
    ],
)
def test_outranking_carries_on_and_exceptions_do_not(clauses: list[Clause], winner: str, losers: set[str]) -> None:
    assert displaces(clauses)[winner] == losers


def test_a_fallback_and_a_clause_without_criteria_never_decide() -> None:
    assert not decides(_clause("A"))
    assert [clause.id for clause in PACK.clauses if not decides(clause)] == ["AU-GEN-01"]


def test_of_clauses_that_go_equally_far_the_one_that_rests_on_more_facts_leads(child_safety: Pack) -> None:
    """A clause of many alternatives names more facts than it rests on; that doesn't make it the specific one."""
    facts = {"threat": "exposure", "age_evidence": "adult_verified", "minor_contact": "adult_only"}
    held = {fact: frozenset({value}) for fact, value in facts.items()}
    broad = Clause(
        id="A-BROAD", title="Broad", criteria=parse({"any": [{"threat": ["exposure"]}, {"payment_demand": ["yes"]}]}),
        sections={"Rule": "One or the other."},
    )  # fmt: skip
    narrow = Clause(
        id="B-NARROW", title="Narrow", criteria=parse({"threat": ["exposure"], "age_evidence": ["adult_verified"]}),
        sections={"Rule": "Both."},
    )  # fmt: skip
    assert [clause.id for clause in decide([broad, narrow], held, child_safety)[1]] == ["B-NARROW", "A-BROAD"]
    assert [clause.id for clause in Decider([broad, narrow], child_safety).deciding(held)] == ["B-NARROW", "A-BROAD"]
