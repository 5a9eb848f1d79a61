"""The bar of decisions: four verbs, one key each, and one reason box for all of them."""

from __future__ import annotations

from copilot.decisions import Verb
from ui.panel.markup import Html, join, tag

KEYS: dict[Verb, tuple[str, str]] = {
    "confirmed": ("Confirm", "C"),
    "changed": ("Change", "G"),
    "rejected": ("Reject", "R"),
    "escalated": ("Escalate", "E"),
}
HELP = {
    "J / K": "next / previous case",
    "C  G  R  E": "confirm, change, reject, escalate",
    "Enter": "in the reason box: complete the decision",
    "D": "switch between drafts",
    "O": "open or close all citations",
    "Esc": "leave the reason box or the editor",
    "?": "show or hide these keys",
}


def bar_view() -> Html:
    """The same for every case: it is drawn once, so that nothing typed in it is ever drawn over."""
    return tag(
        "form",
        tag("p", id="rc-problem", cls="problem", role="alert", hidden=True),
        tag("p", id="rc-said", cls="said", role="status", aria_live="polite"),
        _reason(),
        tag("div", join(_button(verb) for verb in KEYS), cls="verbs"),
        id="rc-decide",
        aria_label="Decide",
        autocomplete="off",
    )


def keys_view() -> Html:
    lines = join(tag("div", tag("dt", tag("kbd", key)), tag("dd", means)) for key, means in HELP.items())
    return tag("dialog", tag("h2", "Keys"), tag("dl", lines), tag("p", "Keys do nothing while you type."), id="rc-keys")


def _reason() -> Html:
    label = tag("label", "Reason", for_="rc-reason", id="rc-reason-label")
    hint = "Required to change, reject or escalate; welcome on confirm"
    box = tag("textarea", id="rc-reason", name="reason", rows="2", placeholder=hint, dir="auto")
    return tag("div", label, box, cls="reason")


def _button(verb: Verb) -> Html:
    name, key = KEYS[verb]
    kind = {"type": "button", "data_verb": verb, "aria_keyshortcuts": key}
    return tag("button", name, " ", tag("kbd", key), cls=f"verb {verb}", **kind)
