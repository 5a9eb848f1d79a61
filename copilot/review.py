"""One case, left to right: findings, duties, passages, drafts, floor, gate."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from importlib.metadata import version
from typing import Protocol, runtime_checkable

from copilot import duties, gate
from copilot.base import now
from copilot.cases import Case
from copilot.detectors import Detector
from copilot.detectors.rereading import Rereader
from copilot.detectors.second_reading import SecondReading
from copilot.drafting import Drafter
from copilot.drafts import Draft
from copilot.errors import DrafterError
from copilot.findings import Finding, gather
from copilot.implied import implied
from copilot.reviews import Checked, DutyStatus, Provenance, Review
from policy_corpus import Clause, Pack
from retrieval import Hit, Retriever
from retrieval.hits import Found

HITS = 16
"""How many passages a drafter is given."""


class Observer(Protocol):
    """Told what is being done, for progress on long work."""

    def __call__(self, stage: str) -> None: ...


@runtime_checkable
class Searched(Protocol):
    """A drafter whose judgement depends on the model that its hits were found by."""

    def searched_by(self, embedder: str) -> Drafter:
        """The same drafter over hits that a model with that fingerprint found."""
        ...


@dataclass(frozen=True)
class Reviewer:
    """Everything a review needs, put together once for many cases."""

    pack: Pack
    retriever: Retriever
    detectors: Sequence[Detector]
    drafters: Sequence[Drafter]
    """The most trusted first; each gives one draft."""
    service: Sequence[Finding] = ()
    """What holds of the service itself, such as where it is established."""
    corpus_revision: int = 0
    parameters: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        embedder = self.retriever.index.embedder.fingerprint
        told = (one.searched_by(embedder) if isinstance(one, Searched) else one for one in self.drafters)
        object.__setattr__(self, "drafters", tuple(told))

    async def review(self, case: Case, corrections: Sequence[Finding] = ()) -> Review:
        """The review of one case version; `corrections` are an analyst's own findings."""
        started, clock = now(), time.perf_counter()
        found, notices = await self._find(case)
        stated = (*self.service, *found, *corrections)
        findings, raised, hits = await asyncio.to_thread(self._weighed, case, stated)
        drafts = [await self._draft(drafter, case, findings, raised, hits, notices) for drafter in self.drafters]
        checked = tuple(
            Checked(draft=final, gate=gate.check(final, case, self.pack, (hit.passage for hit in hits)))
            for draft in drafts
            if draft is not None
            for final in (duties.raise_to_floor(self._protecting(draft, case), case, raised, self.pack),)
        )
        return Review(
            case_id=case.id,
            case_version=case.version,
            case_digest=case.digest,
            findings=findings,
            duties=raised,
            hits=hits,
            drafts=checked,
            recommended=recommend(checked),
            disagreement=disagreement(checked, self.pack),
            notices=tuple(notices),
            provenance=self._provenance(case, started, time.perf_counter() - clock),
        )

    async def _find(self, case: Case) -> tuple[list[Finding], list[str]]:
        """The union of what every detector and drafter found; one that fails is named and removes nothing."""
        notices: list[str] = []
        # One thread for all: each change between threads waits for whatever else runs.
        found = await asyncio.to_thread(self._detected, case)
        for drafter in self.drafters:
            try:
                found.extend(self._known(await drafter.find(case), drafter.name, notices))
            except DrafterError as error:
                notices.append(f"{drafter.name}: no findings: {error}")
        return list(dict.fromkeys(found)), notices

    def _detected(self, case: Case) -> list[Finding]:
        """What the detectors find in the words as written, and then in the second reading of them."""
        found: list[Finding] = []
        for detector in self.detectors:
            found.extend(detector.find(case, found))
        again = self._rereader.read(case)
        if again is None:
            return found
        added = (self._rereader.added(again, detector, found) for detector in self.detectors)
        return [*found, *(finding for of_one in added for finding in of_one)]

    @cached_property
    def _rereader(self) -> Rereader:
        return Rereader(SecondReading.of(self.pack, self.pack.patterns), self.pack.vocabulary)

    def _known(self, found: Iterable[Finding], name: str, notices: list[str]) -> Iterable[Finding]:
        """Findings in the pack's words; others are named and left out. A drafter's finding is never a confirmed one."""
        for finding in found:
            if self.pack.vocabulary.allows(finding.fact, finding.value):
                yield finding.model_copy(update={"confirmed": False, "kind": "drafter"})
            else:
                notices.append(f"{name}: '{finding.fact}: {finding.value}' is not in the vocabulary and was left out")

    def _weighed(
        self, case: Case, stated: Sequence[Finding]
    ) -> tuple[tuple[Finding, ...], tuple[DutyStatus, ...], Found]:
        """The findings with what follows from them, the duties that they raise, and the hits."""
        findings = (*stated, *implied(case, stated, self.pack.vocabulary))
        raised = duties.possible(case, findings, self.pack)
        return findings, raised, self._search(case, findings, raised)

    def _search(self, case: Case, findings: Sequence[Finding], raised: Sequence[DutyStatus]) -> Found:
        """The hits, with whether anything relevant was among them: drafters are given both."""
        held = self._held(case, findings)
        required = clauses_of(duties.owed(raised), self.pack.in_force(case.judged_on))
        return self.retriever.search(case.text, held, as_of=case.judged_on, must_include=required, limit=HITS)

    def _held(self, case: Case, findings: Sequence[Finding]) -> dict[str, frozenset[str]]:
        """What is held about any subject, for retrieval: whose it is matters only to the drafters."""
        merged: dict[str, frozenset[str]] = {}
        for party in case.judged():
            for fact, values in gather(findings, party, self.pack.vocabulary).items():
                merged[fact] = merged.get(fact, frozenset()) | values
        return merged

    async def _draft(
        self,
        drafter: Drafter,
        case: Case,
        findings: Sequence[Finding],
        raised: Sequence[DutyStatus],
        hits: Sequence[Hit],
        notices: list[str],
    ) -> Draft | None:
        try:
            return await drafter.draft(case, findings, raised, hits)
        except DrafterError as error:
            notices.append(f"{drafter.name}: no draft: {error}")
            return None

    def _protecting(self, draft: Draft, case: Case) -> Draft:
        """The draft without steps that may not be taken, such as a punitive one against an affected child."""
        plan, refused = draft.plan.allowed(case, self.pack)
        return draft.model_copy(update={"plan": plan, "refused": refused})

    def _provenance(self, case: Case, started: datetime, seconds: float) -> Provenance:
        settings = {
            f"{drafter.name}.{key}": value for drafter in self.drafters for key, value in drafter.settings.items()
        }
        sent = [one for drafter in self.drafters for one in drafter.sent(case)]
        return Provenance(
            pack=self.pack.id,
            pack_version=self.pack.manifest.version,
            pack_fingerprint=self.pack.fingerprint,
            standing=self.pack.standing,
            corpus_revision=self.corpus_revision,
            embedder=self.retriever.index.embedder.name,
            parameters={**self.parameters, **settings},
            sent=tuple(str(one) for one in sent),
            tokens_in=sum(one.tokens_in for one in sent),
            tokens_out=sum(one.tokens_out for one in sent),
            program=_program(),
            started_at=started,
            seconds=seconds,
        )


@cache
def _program() -> str:
    """Reading a distribution's metadata takes longer than checking a draft's quotes."""
    return version("reviewer-copilot")


def clauses_of(statuses: Iterable[DutyStatus], clauses: Iterable[Clause]) -> tuple[str, ...]:
    """The clauses that carry the duties, so that a draft can cite them."""
    wanted = {status.duty for status in statuses}
    return tuple(clause.ref for clause in clauses if wanted & set(clause.duties))


def recommend(drafts: Sequence[Checked]) -> int | None:
    """The first draft that gives a recommendation and whose citations all hold; otherwise the first that gives one."""
    giving = [number for number, checked in enumerate(drafts) if not checked.draft.abstained]
    sound = [number for number in giving if drafts[number].gate.passed]
    return next(iter(sound or giving), None)


def disagreement(drafts: Sequence[Checked], pack: Pack) -> str:
    """What the drafts that recommend something differ in."""
    giving = [checked.draft for checked in drafts if not checked.draft.abstained]
    if len({draft.plan.tier(pack) for draft in giving}) > 1:
        return "; ".join(f"{draft.drafter} proposes tier '{draft.plan.tier(pack)}'" for draft in giving)
    if len({draft.reportability for draft in giving}) > 1:
        return "; ".join(f"{draft.drafter} says reportability '{draft.reportability}'" for draft in giving)
    return ""
