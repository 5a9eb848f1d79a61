"""A review: all that panel, record and evaluation need to know about one case version."""

from __future__ import annotations

from copilot.base import Moment, Strict
from copilot.drafts import Draft
from copilot.findings import Finding
from copilot.gate import GateReport
from policy_corpus import Reportability
from retrieval.hits import Hit


class DutyStatus(Strict):
    """What a duty says about this case."""

    duty: str
    title: str
    about: str | None
    """The party whose findings raise it, or none for the case."""
    reportability: Reportability
    law: bool
    suspected: bool = False
    """Whether it takes a detector's suspicion to raise it: it is to be looked at, and asks for no step yet."""
    missing: tuple[str, ...] = ()
    """Facts that would settle it."""
    rests_on: tuple[str, ...] = ()
    clock: str = ""
    owner: str = ""
    basis: tuple[str, ...] = ()


class Checked(Strict):
    """A draft together with its gate report."""

    draft: Draft
    gate: GateReport


class Provenance(Strict):
    """What is needed to replay the review."""

    pack: str
    pack_version: str
    pack_fingerprint: str
    standing: str
    corpus_revision: int = 0
    embedder: str = ""
    parameters: dict[str, str] = {}
    """By `drafter.name`: model id, prompt hashes, thresholds and whatever else a drafter needs to be run again."""
    sent: tuple[str, ...] = ()
    """What left the machine, by kind and size; empty where nothing did."""
    tokens_in: int = 0
    tokens_out: int = 0
    """Counted by the model's provider; 0 where no model was asked."""
    program: str = ""
    started_at: Moment
    seconds: float


class Review(Strict):
    """The outcome of `review(case)`."""

    format: int = 1
    case_id: str
    case_version: int
    case_digest: str
    findings: tuple[Finding, ...]
    duties: tuple[DutyStatus, ...]
    hits: tuple[Hit, ...]
    drafts: tuple[Checked, ...]
    recommended: int | None = None
    """Which draft the panel puts first; none where all abstained or failed."""
    disagreement: str = ""
    """What the drafters differ in, in plain words."""
    notices: tuple[str, ...] = ()
    """What the analyst must know: a model that failed or refused, a text in a language that wasn't measured."""
    provenance: Provenance
