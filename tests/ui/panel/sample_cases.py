"""Neutral cases for the panel's tests, in clinical words with placeholders."""

from __future__ import annotations

from typing import Any

from copilot.cases import Case, Span

CONTACT = "case-0412"
DISCLOSURE = "case-0398"
IMPERSONATION = "case-0405"
UNDRAFTED = "case-0420"
REFUSED = "case-0431"

MOVE = "[asks to go on in another app and to keep it between the two; wording withheld]"
WITHHELD = "[sexualised request about a person described as 14; text withheld]"
ARABIC = "أحتاج إلى مساعدة، من فضلكم 👩‍👧"
ACCOUNTS = [
    {"id": "acct-17", "kind": "account", "role": "subject", "age_evidence": "adult_stated"},
    {"id": "acct-88", "kind": "account", "role": "affected_child", "age_evidence": "minor_stated"},
]


def said(id: str, party: str, text: str, at: str | None = None, **more: Any) -> dict[str, Any]:
    """A message of an account."""
    return {"id": id, "role": "user", "party": party, "text": text, "at": at and f"2026-03-02T{at}:00Z"} | more


def contact() -> Case:
    match = {"list": "none", "distance": "no match"}
    parts: list[dict[str, Any]] = [
        said("bio", "acct-17", "Football coach ⚽, 34. Training every Tuesday.", role="profile"),
        said("m1", "acct-17", "Good save yesterday! How old are you?", "17:04"),
        said("m2", "acct-88", "thanks 🙂 I am 14", "17:05"),
        said("m3", "acct-17", f"Great, you will go far. {MOVE}", "17:09"),
        said("m4", "acct-17", WITHHELD, "17:31", exposure=3),
        {"id": "f1", "role": "user", "party": "acct-17", "at": "2026-03-02T17:33:00Z",
         "media": {"kind": "image", "hashes": {"sha256": "9f2c" * 16}, "match": match}},
    ]  # fmt: skip
    contact = {"kind": "contact_with_minor", "value": "yes", "source": "message graph", "basis": "classifier"}
    signals = [
        {**contact, "about": "acct-17"},
        {"kind": "user_report", "value": "unwanted contact", "source": "acct-88", "basis": "user_report"},
        {"kind": "stated_age", "value": 34, "source": "sign-up", "basis": "account_record", "about": "acct-17"},
    ]
    return Case.model_validate(
        {"id": CONTACT, "received_at": "2026-03-02T18:00:00Z", "conduct_at": "2026-03-02T17:31:00Z",
         "surface": "direct messages", "language": "en", "parties": ACCOUNTS, "parts": parts, "signals": signals,
         "report": {"category": "unwanted contact"}, "account": {"age_days": 412, "earlier_decisions": 0},
         "places": {"conduct": ["DE"], "party": {"acct-17": "DE"}, "service": ["IE"]}}
    )  # fmt: skip


def disclosure() -> Case:
    parts = [
        said("post", "acct-51", "Years ago something was done to me. Where can I find counselling near me?"),
        said("reply", "acct-51", ARABIC),
    ]
    return Case.model_validate(
        {"id": DISCLOSURE, "received_at": "2026-03-02T11:20:00Z", "surface": "public post", "language": "en, ar",
         "parties": [{"id": "acct-51", "role": "subject", "age_evidence": "adult_stated"}], "parts": parts}
    )  # fmt: skip


def impersonation() -> Case:
    asked = "Send us your \u202ecode to keep your account. <b>Now</b> <script>alert(1)</script>"
    text = f"We are the Supp\u200bort Team of your service. {asked}"
    return Case.model_validate(
        {"id": IMPERSONATION, "received_at": "2026-03-02T09:12:00Z", "surface": "direct messages",
         "parties": [{"id": "acct-30", "role": "subject"}],
         "parts": [{"id": "m1", "role": "user", "party": "acct-30", "text": text}]}
    )  # fmt: skip


def undrafted() -> Case:
    return Case.model_validate({"id": UNDRAFTED, "received_at": "2026-03-02T19:45:00Z", "surface": "profile",
                                "text": "New goalkeeper gloves for sale, nearly unused."})  # fmt: skip


def refused() -> Case:
    return Case.model_validate({"id": REFUSED, "received_at": "2026-03-02T19:02:00Z", "surface": "comment",
                                "text": "[comment that a translation is needed for; text withheld]"})  # fmt: skip


def cases() -> list[Case]:
    return [contact(), disclosure(), impersonation(), undrafted(), refused()]


def span(case: Case, part: str, words: str) -> Span:
    """Where words stand in a part."""
    held = case.part(part)
    assert held is not None
    assert held.text is not None
    start = held.text.index(words)
    return Span(part=part, start=start, end=start + len(words))
