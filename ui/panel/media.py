"""Files as metadata: hashes, what a matcher said, and who viewed them. Never the file."""

from __future__ import annotations

from copilot.cases import Attestation, Media
from ui.panel.markup import Html, join, tag
from ui.panel.terms import given, plain, when

HASH_SHOWN = 16


def media_view(media: Media) -> Html:
    """One file's metadata, with the line that says whether a person has viewed it."""
    facts = [*((name, _short(value)) for name, value in media.hashes.items()), *media.match.items()]
    listed = join(tag("div", tag("dt", plain(str(name))), tag("dd", given(value))) for name, value in facts)
    head = tag("p", tag("strong", media.kind), " – metadata only, the file is never shown here")
    return tag("div", head, tag("dl", listed) if facts else "", viewed_line(media.viewed), cls="media")


def viewed_line(viewed: Attestation | None) -> Html:
    if viewed is None:
        return tag("p", tag("strong", "Not viewed. "), "No person has attested what this file shows.", cls="warn-text")
    said = join([tag("strong", "Viewed"), " by ", given(viewed.person), ", ", when(viewed.at), ": ", given(viewed.saw)])
    return tag("p", said)


def _short(value: str) -> str:
    return value if len(value) <= HASH_SHOWN else f"{value[:HASH_SHOWN]}…"
