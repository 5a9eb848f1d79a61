"""Scripted drafts for the sample cases: sound ones, ones with faults of every kind, one that abstains."""

from __future__ import annotations

from copilot.drafts import Citation, Claim, Draft, Flip
from copilot.findings import Finding
from copilot.plans import Plan, Step
from policy_corpus import Reportability
from tests.ui.panel import sample_cases as held

RULE = "CS-CON-02@3#rule"
CONTINUES = "continues private contact after the other person has stated an age under 18"
MOVES = (
    "A request to move to another service, or to keep the contact from parents or carers, is treated as an aggravating"
)

REQUEST = "A sexualised request to a person who is described as a minor is removed"
FAMILY = "because the family had set up the contact and took part in it"
ALTERED = "continues public contact after the other person has stated an age under 16"
TEAM = "An account that presents itself as a service's own support team is removed after one warning."


def cite(source: str, quote: str) -> Citation:
    return Citation(source=source, quote=quote)


def contact() -> Draft:
    case = held.contact()
    return Draft(
        drafter="precedents",
        summary="An adult account went on with private contact after the other person stated to be 14.",
        plan=Plan(steps=(
            Step(action="restrict_contact", on="acct-17", because=("CS-CON-02@3",)),
            Step(action="offer_support", on="acct-88", because=("CS-PRO-01@2",)),
        )),
        reportability=Reportability.UNKNOWN,
        reportability_basis="No confirmed finding yet obliges a report.",
        clauses=("CS-CON-02@3", "CS-REQ-01@1"),
        claims=(
            Claim(text="Contact went on after the age was stated.",
                  citations=(cite(RULE, CONTINUES),
                             cite("P-0031#rationale", "because contact went on after the age was known")),
                  evidence=(held.span(case, "m2", "I am 14"), held.span(case, "m3", held.MOVE))),
            Claim(text="Moving to another app and secrecy aggravate it.",
                  citations=(cite(RULE, MOVES),), evidence=(held.span(case, "m3", held.MOVE),)),
            Claim(text="A sexualised request would lead to removal and suspension.",
                  citations=(cite("CS-REQ-01@1#rule", REQUEST),),
                  evidence=(held.span(case, "m4", held.WITHHELD),)),
        ),
        opposing=cite("P-0044#rationale", FAMILY),
        would_flip=(Flip(fact="contact_with_minor", value="no", about="acct-17", would="no limit; support only"),),
        missing=("sexualised_request",),
        not_checked=("The image was not viewed.",),
        confidence=0.71,
    )  # fmt: skip


def contact_by_model() -> Draft:
    """Every fault that the gate knows."""
    case = held.contact()
    return Draft(
        drafter="model scripted",
        summary="The account asked a minor to move to another app; suspend it.",
        plan=Plan(steps=(Step(action="suspend_account", on="acct-17", because=("CS-REQ-01@1",)),)),
        reportability=Reportability.COUNSEL,
        reportability_basis="The masked message may be a request.",
        claims=(
            Claim(text="Contact went on.", evidence=(held.span(case, "m2", "I am 14"),),
                  citations=(cite(RULE, ALTERED),)),
            Claim(text="Such accounts are always suspended.",
                  citations=(cite("P-9999#rationale", "suspended on the first occasion without any warning"),)),
            Claim(text="Evidence is kept.",
                  citations=(cite(RULE, "The evidence is preserved before anything is removed."),
                             cite("CS-REQ-01@1#rule", "the account"))),
            Claim(text="A similar account was removed under the rule on impersonation.",
                  citations=(cite("ID-IMP-01@1#rule", "presents itself as a service's own support team is removed"),)),
            Claim(text="No source says otherwise."),
        ),
        confidence=0.9,
    )  # fmt: skip


def disclosure() -> Draft:
    case = held.disclosure()
    quote = "A person who tells what was done to them, or who asks for help, is not penalised for it."
    return Draft(
        drafter="precedents",
        summary="A survivor's disclosure with a request for help; the protection applies.",
        plan=Plan(steps=(Step(action="no_action", on="case", because=("CS-PRO-01@2",)),)),
        reportability=Reportability.NOT_INDICATED,
        reportability_basis="An adult tells of the past; no child is shown to be at risk now.",
        claims=(Claim(text="The post tells of earlier harm and asks for help.",
                      citations=(cite("CS-PRO-01@2#rule", quote),),
                      evidence=(held.span(case, "post", "something was done to me"),
                                held.span(case, "reply", "أحتاج إلى مساعدة"))),),
        missing=("sexualised_request",),
        not_checked=("Earlier posts of the account were not part of the case.", "Arabic was not measured."),
        confidence=0.64,
    )  # fmt: skip


def impersonation(drafter: str, action: str, target: str) -> Draft:
    case = held.impersonation()
    return Draft(
        drafter=drafter,
        summary="The account presents itself as the service's support team.",
        plan=Plan(steps=(Step(action=action, on=target, because=("ID-IMP-01@2",)),)),
        reportability=Reportability.NOT_INDICATED,
        claims=(Claim(text="It claims to be the support team.", citations=(cite("ID-IMP-01@2#rule", TEAM),),
                      evidence=(held.span(case, "m1", "Supp\u200bort Team"),)),),
        confidence=0.58,
    )  # fmt: skip


def abstains(drafter: str) -> Draft:
    return Draft(drafter=drafter, summary="", abstained="No clause or precedent comes near enough to this case.",
                 not_checked=("The text could not be read in its language.",))  # fmt: skip


def found() -> tuple[Finding, ...]:
    case = held.contact()
    return (
        Finding(fact="contact_with_minor", value="yes", about="acct-17", kind="signal", finder="graph"),
        Finding(fact="contact_with_minor", value="no", about="acct-17", kind="drafter", finder="model scripted"),
        Finding(fact="sexualised_request", value="yes", about="acct-17", kind="detector", finder="lexical",
                evidence=(held.span(case, "m4", held.WITHHELD),)),
    )  # fmt: skip
