"""What stands in a case without anybody having to find it, for the conditions of steps."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.cases import Case
from copilot.duties import owed
from copilot.reviews import DutyStatus
from policy_corpus import Pack


def case_facts(case: Case, duties: Iterable[DutyStatus], pack: Pack) -> dict[str, frozenset[str]]:
    """The facts of `policy_corpus.plans.CASE_FACTS` for a case, each with its one value.

    Args:
        duties: what each duty of the pack says about the case.
    """
    roles = {party.role for party in case.parties}
    said = {
        "case.system_answer": any(part.role == "assistant" for part in case.parts),
        "case.media": any(part.media is not None for part in case.parts),
        "case.affected_child": "affected_child" in roles,
        "case.reporter": "reporter" in roles,
        "case.report_duty": any(pack.duties[status.duty].kind == "report" for status in owed(duties)),
    }
    return {fact: frozenset({"yes" if holds else "no"}) for fact, holds in said.items()}
