"""Which steps the shipped child-safety pack proposes on which facts, where its clauses make them conditional."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policy_corpus import Pack
from policy_corpus.plans import CASE_FACTS, proposed

Facts = Mapping[str, str]
FILE = {fact: "no" for fact in CASE_FACTS}
REAL = {"minor_contact": "real_minor", "user_role": "actor"}
BELIEVED = {"minor_contact": "believed_minor", "user_role": "actor"}


def _stands(pack: Pack, ref: str, action: str, facts: Facts) -> bool:
    clause = pack.clause(ref)
    assert clause is not None
    held = {fact: frozenset({value}) for fact, value in {**FILE, **facts}.items()}
    (one,) = [one for one in proposed(clause.default_plan, held, pack.actions) if one.step.action == action]
    return one.stands


@pytest.mark.parametrize(
    ("ref", "action", "facts", "stands"),
    [
        ("CS-PRO-15@1", "restore_content", {"restriction": "yes"}, True),
        ("CS-PRO-15@1", "restore_content", {}, False),
        ("CS-PRO-10@1", "safe_complete", {"generation_request": "non_sexual"}, True),
        ("CS-PRO-10@1", "safe_complete", {"case.system_answer": "yes"}, True),
        ("CS-PRO-10@1", "safe_complete", {"case.system_answer": "yes", "output_given": "complied"}, False),
        ("CS-PRO-10@1", "safe_complete", {}, False),
        ("CS-SOL-01@2", "suspend_account", REAL, True),
        ("CS-SOL-01@2", "suspend_account", {**REAL, "user_role": "unknown"}, False),
        ("CS-SOL-01@2", "suspend_account", BELIEVED, False),
        ("CS-SOL-01@2", "restrict_feature", BELIEVED, True),
        ("CS-SOL-01@2", "restrict_feature", REAL, False),
        ("CS-SXT-01@1", "suspend_account", {"user_role": "actor"}, True),
        ("CS-SXT-01@1", "suspend_account", {}, False),
        ("CS-ACC-01@1", "block_contact", {"minor_contact": "real_minor"}, True),
        ("CS-ACC-01@1", "block_contact", {"case.affected_child": "yes"}, True),
        ("CS-ACC-01@1", "block_contact", {"case.affected_child": "yes", "minor_contact": "none"}, False),
        ("CS-ACC-01@1", "block_contact", {}, False),
        ("CS-AGE-01@1", "refuse_generation", {"generation_request": "sexualised"}, True),
        ("CS-AGE-01@1", "refuse_generation", {}, False),
        ("CS-AGE-01@1", "escalate_specialist", {}, True),
        ("CS-AGE-01@1", "escalate_specialist", {"realness": "stylised"}, False),
        ("CS-MIN-06@1", "escalate_counsel", {"case.report_duty": "yes"}, True),
        ("CS-MIN-06@1", "escalate_counsel", {}, False),
        ("CS-PRO-13@1", "verify_hash_entry", {}, True),
        ("CS-PRO-13@1", "verify_hash_entry", {"hash_match": "none"}, False),
    ],
)
def test_a_conditional_step_stands_where_the_clause_says_so(
    ref: str, action: str, facts: Facts, stands: bool, child_safety: Pack
) -> None:
    assert _stands(child_safety, ref, action, facts) is stands


def test_keeping_evidence_and_supporting_a_child_never_hang_on_a_condition(child_safety: Pack) -> None:
    always = {"preserve_evidence", "support_victim", "minor_user_pathway", "escalate_imminent"}
    steps = [step for clause in child_safety.clauses for step in clause.default_plan]
    assert {step.action for step in steps if step.when is not None} & always == set()


def test_what_gives_something_back_is_not_proposed_on_a_guess(child_safety: Pack) -> None:
    lifting = {id for id, action in child_safety.actions.items() if action.lifts}
    assert lifting == {"reinstate_account", "restore_content"}
