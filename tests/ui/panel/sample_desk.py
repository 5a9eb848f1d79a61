"""A real desk over a real record, with scripted drafters and a search that gives back every passage."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from copilot.cases import Case
from copilot.desk import Desk
from copilot.drafts import Draft
from copilot.errors import ModelRefused
from copilot.findings import Finding
from copilot.record import Record
from copilot.review import Reviewer
from copilot.reviews import DutyStatus
from policy_corpus import Pack
from retrieval.hits import Hit, Link, Reason
from tests.ui.panel import sample_cases, sample_drafts
from tests.ui.panel.sample_pack import pack


@dataclass
class EveryPassage:
    """A search that knows no better than to give everything back."""

    pack: Pack
    index: Any = field(
        default_factory=lambda: SimpleNamespace(embedder=SimpleNamespace(name="none", fingerprint="none"))
    )

    def search(
        self,
        query: str,
        findings: Mapping[str, frozenset[str]],
        *,
        as_of: date,
        must_include: Collection[str] = (),
        limit: int = 12,
    ) -> tuple[Hit, ...]:
        reasons = (Reason(kind="similar", detail="near the case's words", score=0.62),)
        met = Reason(kind="criteria_met", detail="its criteria are met: contact_with_minor")
        linked = (
            Link(kind="exception", name="CS-PRO-01@2", title="Education <b>"),
            Link(kind="duty", name="keep", title="Keep what may be reported"),
        )
        return tuple(
            Hit(passage=passage, score=1.0, reasons=(*reasons, met), links=linked)
            if passage.kind == "clause"
            else Hit(passage=passage, score=1.0, reasons=reasons, folded=("P-7", "P-9"))
            for passage in self.pack.passages()
        )


@dataclass
class Scripted:
    """A drafter that says what it was told to say."""

    name: str
    drafts: dict[str, Draft]
    found: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    refuses: frozenset[str] = frozenset()

    def sent(self, case: Case) -> tuple[object, ...]:
        return ()

    async def find(self, case: Case) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.found.get(case.id, ()) if finding.kind != "signal")

    async def draft(
        self, case: Case, findings: Sequence[Finding], duties: Sequence[DutyStatus], hits: Sequence[Hit]
    ) -> Draft:
        if case.id in self.refuses:
            raise ModelRefused("the provider's safety check stopped the request", "this says nothing about the case")
        return self.drafts.get(case.id) or sample_drafts.abstains(self.name)


@dataclass
class Signals:
    """A detector that hands on scripted findings."""

    name: str = "signals"

    def find(self, case: Case, before: Sequence[Finding] = ()) -> tuple[Finding, ...]:
        return sample_drafts.found() if case.id == sample_cases.CONTACT else ()


def drafters() -> list[Scripted]:
    model = Scripted(
        "model scripted",
        {
            sample_cases.CONTACT: sample_drafts.contact_by_model(),
            sample_cases.IMPERSONATION: sample_drafts.impersonation("model scripted", "remove_item", "m1"),
        },
        refuses=frozenset({sample_cases.REFUSED, sample_cases.DISCLOSURE}),
    )
    embedded = Scripted(
        "precedents",
        {
            sample_cases.CONTACT: sample_drafts.contact(),
            sample_cases.DISCLOSURE: sample_drafts.disclosure(),
            sample_cases.IMPERSONATION: sample_drafts.impersonation("precedents", "suspend_account", "acct-30"),
        },
    )
    return [embedded, model]


def reviewer() -> Reviewer:
    policy = pack()
    return Reviewer(pack=policy, retriever=cast(Any, EveryPassage(policy)), detectors=[Signals()], drafters=drafters())


def desk(folder: Path, *, undrafted: Collection[str] = (sample_cases.UNDRAFTED,)) -> Desk:
    """A desk with the sample cases, drafted but for those named."""
    made = Desk(Record.open(folder / "record.db"), reviewer())
    made.receive(sample_cases.cases())
    with ThreadPoolExecutor(1) as apart:  # a browser test has a running event loop of its own
        apart.submit(asyncio.run, _draft(made, undrafted)).result()
    return made


async def _draft(made: Desk, undrafted: Collection[str]) -> None:
    for case in sample_cases.cases():
        if case.id not in undrafted:
            await made.draft(case.id)
