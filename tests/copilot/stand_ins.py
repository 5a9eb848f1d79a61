"""Drafters that behave badly in a stated way, and a reviewer over the small pack that needs no model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from copilot.cases import Case
from copilot.detectors.lexical import LexicalDetector
from copilot.detectors.signals import SignalDetector
from copilot.drafters.forest import Forest
from copilot.drafters.precedents import PrecedentDrafter
from copilot.drafting import Drafter
from copilot.drafts import Claim, Draft
from copilot.errors import DrafterError
from copilot.findings import Finding
from copilot.plans import Plan, Step
from copilot.review import Reviewer
from copilot.reviews import DutyStatus
from policy_corpus import Pack, Reportability
from retrieval import BruteForceIndex, HashingEmbedder, Hit, Retriever


@dataclass(frozen=True)
class Request:
    """An exchange of which only the size is known."""

    tokens_in: int = 30
    tokens_out: int = 4

    def __str__(self) -> str:
        return "one request"


@dataclass
class Scripted:
    """Gives what it was told to give, and remembers what it was given."""

    gives: Draft | DrafterError
    finds: tuple[Finding, ...] | DrafterError = ()
    name: str = "scripted"
    settings: dict[str, str] = field(default_factory=dict)
    given: list[Sequence[Hit]] = field(default_factory=list)

    def sent(self, case: Case) -> tuple[Request, ...]:
        return (Request(),)

    async def find(self, case: Case) -> tuple[Finding, ...]:
        if isinstance(self.finds, DrafterError):
            raise self.finds
        return self.finds

    async def draft(
        self, case: Case, findings: Sequence[Finding], duties: Sequence[DutyStatus], hits: Sequence[Hit]
    ) -> Draft:
        self.given.append(hits)
        if isinstance(self.gives, DrafterError):
            raise self.gives
        return self.gives


def silent(**more: object) -> Draft:
    """A draft that sees nothing and asks for nothing."""
    return Draft.model_validate(
        {
            "drafter": "scripted",
            "summary": "Nothing to do.",
            "plan": Plan(steps=(Step(action="close", on="case"),)),
            "reportability": Reportability.NOT_INDICATED,
            "claims": (Claim(text="Nothing was found."),),
            **more,
        }
    )


def reviewer(pack: Pack, *drafters: Drafter, service: Sequence[Finding] = ()) -> Reviewer:
    """The real line with hashed vectors, and the embedded drafter unless others are given."""
    retriever = Retriever(pack, BruteForceIndex(HashingEmbedder()))
    retriever.sync()
    return Reviewer(
        pack=pack,
        retriever=retriever,
        detectors=(SignalDetector(pack.vocabulary), LexicalDetector(pack.patterns)),
        drafters=drafters or (PrecedentDrafter(pack),),
        service=service,
    )


def case(text: str, **more: object) -> Case:
    return Case.model_validate({"id": "c", "text": text, "received_at": "2026-03-01T00:00:00Z", **more})


def finding(fact: str, value: str, *, kind: str = "detector", about: str | None = None, **more: object) -> Finding:
    return Finding.model_validate({"fact": fact, "value": value, "kind": kind, "finder": kind, "about": about, **more})


def tree(nodes: Sequence[tuple[int, float, int, float]]) -> Forest:
    """A forest of one tree; each node with the sign it asks for, the limit, how far the other branch is, and a leaf's
    share."""
    signs, limits, others, shares = (list(column) for column in zip(*nodes, strict=True))
    return Forest(
        np.array(signs, dtype=np.int8),
        np.array(limits, dtype=np.float16),
        np.array(others, dtype=np.int16),
        np.array(shares, dtype=np.float16),
        np.zeros(1, dtype=np.int32),
    )
