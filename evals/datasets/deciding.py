"""How a labelled text is decided: taken down where a label is violated, left alone otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from policy_corpus import Action, Authority, PlannedStep, Precedent, Stage, Tier
from policy_corpus.actions import Target

REMOVE = PlannedStep(action="remove", on="items")
LEAVE = PlannedStep(action="leave", on="case")
TRAINED = date(2000, 1, 1)
"""The day that precedents of undated sets carry: before every case."""

ASKED = datetime(2001, 1, 1, tzinfo=UTC)


def _action(title: str, definition: str, target: Target, tier: Tier) -> Action:
    return Action(
        title=title,
        definition=definition,
        targets=(target,),
        tier=tier,
        stage=Stage.CONTAIN,
        reversible=True,
        gate="one_reviewer",
    )


ACTIONS = {
    "leave": _action("Leave alone", "Nothing is done.", "case", Tier.NONE),
    "escalate": _action("Escalate", "Another person decides.", "case", Tier.PROTECT),
    "remove": _action("Remove", "The text is taken down.", "item", Tier.ENFORCE),
}


def precedent(
    id: str, text: str, family: str, labels: Sequence[str], *, violates: bool, said: str = "none"
) -> Precedent:
    """A labelled text as an earlier decision under the labels' clauses; `said` is what they are called."""
    return Precedent(
        id=safe_id(id),
        title=f"Labelled: {said}",
        decided=TRAINED,
        authority=Authority.SINGLE,
        family=family or id,
        facts=text,
        plan=(REMOVE if violates else LEAVE,),
        clauses=tuple(f"{safe_id(label)}@1" for label in labels),
        rationale=f"The set's annotators labelled this text as {said}.",
    )


def safe_id(id: str) -> str:
    """A published id in the characters that ids may have."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", id).lstrip("._-") or "x"
