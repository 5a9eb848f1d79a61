"""The head of the page: which policy the drafts rest on, where it stands, and who is deciding."""

from __future__ import annotations

from policy_corpus import Pack
from ui.panel.markup import Html, tag
from ui.panel.terms import given


def header_view(pack: Pack, analyst: str) -> Html:
    adopted = pack.manifest.adoption is not None
    notice = pack.manifest.notice or None
    standing = tag("span", pack.standing, cls="chip" if adopted else "chip sample", title=notice)
    policy = [pack.manifest.title, " ", pack.manifest.version, " ", standing]
    return tag(
        "header",
        tag("h1", "Reviewer Copilot"),
        tag("p", *policy, cls="policy"),
        tag("p", "Drafts only: a person decides", cls="dim motto"),
        tag("p", tag("span", "analyst ", cls="dim"), given(analyst), cls="analyst"),
        tag("button", "Keys ", tag("kbd", "?"), type="button", cls="quiet", data_page="keys"),
        tag("button", "Light / dark", type="button", cls="quiet", data_page="theme"),
        cls="page-head",
    )
