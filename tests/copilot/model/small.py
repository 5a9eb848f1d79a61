"""A small pack, case and set of hits for the tests of the model drafter."""

from __future__ import annotations

from datetime import date

from copilot.cases import Case
from policy_corpus import Action, Clause, Duty, Fact, Pack, Precedent, Reportability, Scope, Stage, Tier, Vocabulary
from policy_corpus.criteria import parse
from policy_corpus.duties import Clock
from policy_corpus.pack import Manifest
from policy_corpus.plans import PlannedStep
from retrieval.hits import Hit, Reason

RULE = "Threats to publish a private image in order to obtain something are not allowed on the service."
EXCEPTION = "A person who tells of having been threatened is supported and is never sanctioned for telling."
RATIONALE = "The threat was stated twice and named a demand, so the account was suspended and the case reported."
MARKER = "zq-marker-7141"
"""Stands in the text of every case here, so that a leak can be looked for."""
SECRET_ID = "handle-of-somebody-0815"


def small_pack() -> Pack:
    return Pack(
        manifest=Manifest(id="small", title="Small", version="1", released=date(2024, 1, 1)),
        vocabulary=Vocabulary(
            facts={
                "threat": Fact(
                    title="Threat",
                    definition="A threat is made.",
                    about=Scope.PARTY,
                    values={"made": "It is made.", "none": "None is made.", "unknown": "Not established."},
                    shown_by="Words that announce harm.",
                ),
                "imminent_harm": Fact(
                    title="Imminent harm",
                    definition="Somebody is about to be harmed.",
                    values={"yes": "It is close.", "no": "It is not.", "unknown": "Not established."},
                ),
            }
        ),
        actions={
            "suspend": _action("Suspend", ("account",), Tier.ENFORCE, Stage.CONTAIN, punitive=True),
            "remove": _action("Remove", ("item",), Tier.ENFORCE, Stage.CONTAIN),
            "preserve": _action("Preserve", ("case",), Tier.PROTECT, Stage.PRESERVE),
            "alert": _action("Alert on call", ("case",), Tier.IMMINENT, Stage.REPORT),
        },
        duties={
            "emergency": Duty(
                title="Emergency escalation",
                definition="Somebody may be in danger.",
                kind="report",
                law=False,
                criteria=parse({"imminent_harm": ["yes"]}),
                floor=(PlannedStep(action="preserve", on="case"), PlannedStep(action="alert", on="case")),
                clock=Clock(starts="knowledge", words="at once"),
            )
        },
        clauses=(
            Clause(
                id="S-01",
                title="Threats",
                criteria=parse({"threat": ["made"]}),
                default_plan=(PlannedStep(action="suspend", on="subject"),),
                sections={"rule": RULE, "exceptions": EXCEPTION},
            ),
            Clause(
                id="S-02", title="Not given", sections={"rule": "Another rule which no search gave to the drafter."}
            ),
        ),
        precedents=(
            Precedent(
                id="P-1",
                title="A threat",
                decided=date(2024, 2, 1),
                synthetic=True,
                facts="An account threatened another.",
                plan=(PlannedStep(action="suspend", on="subject"),),
                reportability=Reportability.VOLUNTARY,
                rationale=RATIONALE,
            ),
        ),
    )


def _action(title: str, targets: tuple[str, ...], tier: Tier, stage: Stage, *, punitive: bool = False) -> Action:
    return Action.model_validate(
        {
            "title": title,
            "definition": f"{title}.",
            "targets": targets,
            "tier": tier,
            "stage": stage,
            "reversible": True,
            "gate": "one_reviewer",
            "punitive": punitive,
        }
    )


def small_case(text: str = f"Pay by Friday or the picture goes to your school {MARKER}.", **more: object) -> Case:
    return Case.model_validate(
        {
            "id": "case-1",
            "parties": [
                {"id": SECRET_ID, "role": "subject"},
                {"id": "other-person", "kind": "person", "role": "affected_child", "age_evidence": "minor_stated"},
            ],
            "parts": [
                {"id": "message/1", "role": "user", "party": SECRET_ID, "text": text},
                {"id": "reply/2", "role": "user", "party": "other-person", "text": f"Please stop, I beg you. {MARKER}"},
            ],
            **more,
        }
    )


def small_hits(pack: Pack) -> tuple[Hit, ...]:
    wanted = ("S-01@1#rule", "S-01@1#exceptions", "P-1#rationale")
    reason = Reason(kind="words", detail=f"shares words: {MARKER}")
    return tuple(
        Hit(passage=passage, score=1.0, reasons=(reason,)) for id in wanted if (passage := pack.passage(id)) is not None
    )


def good_findings() -> dict[str, object]:
    words = {"part": "part-1", "quote": "Pay by Friday or the picture goes to your school"}
    return {
        "findings": [
            {"fact": "threat", "value": "made", "about": "party-1", "evidence": [words], "why": "party-1 sets a date."}
        ]
    }


def good_draft(**changes: object) -> dict[str, object]:
    claim = {
        "text": "party-1 threatens to publish a picture.",
        "citations": [{"source": "S-01@1#rule", "quote": RULE}],
        "evidence": [{"part": "part-1", "quote": "the picture goes to your school"}],
    }
    return {
        "claims": [claim],
        "clauses": ["S-01@1"],
        "opposing": {"source": "S-01@1#exceptions", "quote": EXCEPTION},
        "would_flip": [{"fact": "threat", "value": "none", "about": "party-1", "would": "No step is indicated."}],
        "missing": ["imminent_harm"],
        "steps": [{"action": "suspend", "on": "party-1", "because": ["S-01@1"], "note": ""}],
        "reportability": "counsel",
        "reportability_basis": "A threat is stated.",
        "not_checked": [],
        "summary": "Suspend party-1: part-1 holds a threat.",
        "abstained": "",
        **changes,
    }
