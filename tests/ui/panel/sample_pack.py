"""A small policy pack for the panel's tests: neutral rules, illustrative precedents."""

from __future__ import annotations

from policy_corpus import Action, Clause, Duty, Fact, Pack, Precedent, Vocabulary
from policy_corpus.pack import Manifest

YES_NO = {"yes": "it holds", "no": "it does not hold", "unknown": "nobody has established it"}


def fact(title: str, about: str = "party", **more: str) -> Fact:
    return Fact.model_validate(
        {"title": title, "definition": f"{title}, as the case shows it.", "about": about, "values": YES_NO | more}
    )


def action(title: str, targets: list[str], tier: str, stage: str, gate: str, **more: object) -> Action:
    return Action.model_validate(
        {"title": title, "definition": f"{title}.", "targets": targets, "tier": tier, "stage": stage, "gate": gate}
        | {"reversible": True}
        | more
    )


FACTS = {
    "contact_with_minor": fact("Private contact with a minor"),
    "sexualised_request": fact("Sexualised request to a minor"),
    "survivor_disclosure": fact("Survivor's disclosure", about="case"),
    "impersonation": fact("Impersonation of a service"),
}
ACTIONS = {
    "preserve_evidence": action("Preserve evidence", ["case"], "protect", "preserve", "one_reviewer"),
    "restrict_contact": action("Restrict private contact", ["account"], "limit", "contain", "one_reviewer"),
    "remove_item": action("Remove item", ["item"], "limit", "contain", "one_reviewer"),
    "suspend_account": action("Suspend account", ["account"], "enforce", "contain", "two_reviewers", punitive=True),
    "report_to_authority": action(
        "Report to the authority", ["case"], "report", "report", "two_reviewers", reversible=False
    ),
    "offer_support": action("Offer support resources", ["account"], "protect", "notify", "one_reviewer"),
    "no_action": action("No action", ["case"], "none", "contain", "one_reviewer", closes=True),
    "refer_to_counsel": action("Refer to counsel", ["case"], "protect", "report", "lead"),
}
DUTIES = {
    "report_suspected": Duty.model_validate(
        {
            "title": "Report a suspected offence against a child",
            "definition": "A provider that gains knowledge reports.",
            "kind": "report",
            "law": True,
            "criteria": {"sexualised_request": ["yes"]},
            "floor": [{"action": "report_to_authority", "on": "case"}],
            "floor_if_possible": [{"action": "refer_to_counsel", "on": "case"}],
            "clock": {"starts": "knowledge", "words": "as soon as reasonably possible"},
            "owner": "child_safety_lead",
            "legal_basis": [{"basis": "Sample Act, section 3", "source": "sample", "confidence": "unverified"}],
        }
    ),
    "preserve_reported": Duty.model_validate(
        {
            "title": "Preserve what may be reported",
            "definition": "Evidence is kept before containment.",
            "kind": "preserve",
            "law": True,
            "criteria": {"sexualised_request": ["yes"]},
            "floor": [{"action": "preserve_evidence", "on": "case"}],
            "clock": {"starts": "decision", "hours": 24, "words": "within 24 hours"},
            "owner": "operations",
        }
    ),
}
CONTACT = (
    "An adult account that continues private contact after the other person has stated an age under 18 is limited "
    "to public replies.\nA request to move to another service, or to keep the contact from parents or carers, is "
    "treated as an aggravating circumstance."
)
REQUEST = (
    "A sexualised request to a person who is described as a minor is removed, and the account that made it is "
    "suspended.\nThe evidence is preserved before anything is removed."
)
PROTECTION = (
    "A person who tells what was done to them, or who asks for help, is not penalised for it.\n"
    "Support resources are offered; the account keeps its reach."
)
IMPERSONATION = "An account that presents itself as a service's own support team is removed after one warning."


def clause(id: str, title: str, rule: str, **more: object) -> Clause:
    return Clause.model_validate({"id": id, "title": title, "sections": {"rule": rule}} | more)


CLAUSES = (
    clause("CS-CON-02", "Private contact after an age is stated", CONTACT, version=3, effective_from="2025-02-01"),
    clause("CS-REQ-01", "Sexualised requests to minors", REQUEST, version=1, effective_from="2024-06-01"),
    clause("CS-PRO-01", "Disclosures and help-seeking", PROTECTION, version=2, protects=True),
    clause("ID-IMP-01", "Impersonating a service", IMPERSONATION, version=1, effective_from="2024-01-01",
           effective_until="2025-12-31"),
    clause("ID-IMP-01", "Impersonating a service", f"{IMPERSONATION}\nIts links are blocked meanwhile.", version=2,
           effective_from="2026-01-01"),
)  # fmt: skip


def precedent(id: str, title: str, facts: str, rationale: str, **more: object) -> Precedent:
    return Precedent.model_validate(
        {"id": id, "title": title, "decided": "2025-05-12", "facts": facts, "rationale": rationale, "synthetic": True}
        | more
    )


PRECEDENTS = (
    precedent(
        "P-0031",
        "Coach continued contact after an age was stated",
        "An adult account kept writing to a player who had stated to be 14, and asked to go on in another app.",
        "The account was limited to public replies because contact went on after the age was known.",
    ),
    precedent(
        "P-0044",
        "Relative arranged a pick-up after training",
        "An adult account wrote to a player who had stated to be 13 about times and places of training.",
        "No step was taken because the family had set up the contact and took part in it.",
        distinguishes="The parents were in the conversation, and nothing was asked to be kept from them.",
    ),
    precedent(
        "P-0052",
        "Adult survivor told of earlier abuse",
        "An adult wrote about what had been done to them years ago and asked where to find counselling.",
        "No step was taken against the account because it told its own history and sought help.",
    ),
)


def pack() -> Pack:
    """The pack, made anew."""
    manifest = Manifest.model_validate(
        {"id": "panel_sample", "title": "Child safety (sample)", "version": "0.3", "released": "2026-02-01",
         "notice": "Illustrative. Not legal advice."}
    )  # fmt: skip
    return Pack(
        manifest=manifest, vocabulary=Vocabulary(facts=FACTS), actions=ACTIONS, duties=DUTIES, clauses=CLAUSES,
        precedents=PRECEDENTS,
    )  # fmt: skip
