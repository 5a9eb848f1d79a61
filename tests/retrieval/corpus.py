"""Small packs for the tests, built in code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from policy_corpus import Action, Clause, Fact, Pack, Passage, PlannedStep, Precedent, Status, Tier, Vocabulary
from policy_corpus.pack import Manifest

TODAY = date(2026, 1, 15)


def clause(id: str, text: str, **more: Any) -> Clause:
    return Clause(id=id, title=more.pop("title", f"Clause {id}"), sections={"rule": text}, **more)


def precedent(id: str, facts: str, plan: str = "", **more: Any) -> Precedent:
    steps = (PlannedStep(action=plan, on="subject"),) if plan else ()
    more = {"title": f"Case {id}", "decided": date(2025, 1, 1), "rationale": "Decided on its facts."} | more
    if more.get("status", Status.ACTIVE) is not Status.ACTIVE:
        more.setdefault("status_reason", "its clause changed in spring")
    return Precedent(id=id, facts=facts, plan=steps, **more)


def pack(clauses: Iterable[Clause] = (), precedents: Iterable[Precedent] = (), id: str = "sample") -> Pack:
    """A pack whose actions are named after their tiers."""
    return Pack(
        manifest=Manifest(id=id, title="Sample", version="1", released=TODAY),
        vocabulary=Vocabulary(facts={name: _fact(name) for name in ("parcel", "refund", "address_shared")}),
        actions={tier.value: _action(tier) for tier in Tier if tier is not Tier.NONE},
        duties={},
        clauses=tuple(clauses),
        precedents=tuple(precedents),
    )


def passage(id: str, text: str, kind: Any = "clause", title: str = "T") -> Passage:
    source, _, section = id.partition("#")
    return Passage(kind=kind, source=source, section=section or "rule", title=title, text=text)


def _fact(name: str) -> Fact:
    return Fact(title=name, definition=name, values={"yes": "is so", "no": "is not so", "unknown": "not established"})


def _action(tier: Tier) -> Action:
    return Action(
        title=tier.value, definition="a step", targets=("account",), tier=tier, stage="contain", reversible=True,
        gate="one_reviewer",
    )  # fmt: skip
