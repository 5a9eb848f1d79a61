"""The steps that clauses propose and precedents took, before they are bound to a case's own parties."""

from __future__ import annotations

from policy_corpus.base import Strict

ROLE_TARGETS = ("case", "items", "subject", "affected_child", "reporter", "organisation")
"""What a clause's default plan may act on: a case's parties are known only when the plan is drafted."""


class PlannedStep(Strict):
    """One action and what it is done to: a role in a clause, a role or party id in a precedent."""

    action: str
    on: str
    note: str = ""
