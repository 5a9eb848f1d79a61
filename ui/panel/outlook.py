"""What speaks against a draft, what would change it, and what it doesn't know."""

from __future__ import annotations

from copilot.drafts import Citation, Flip
from copilot.gate import CitationVerdict
from copilot.reviews import Checked
from policy_corpus import Pack
from ui.panel.claims import verdict_of
from ui.panel.invisible import shown
from ui.panel.markup import EMPTY, Html, join, tag
from ui.panel.naming import fact_name, value_name
from ui.panel.passages import Sources, citation_view
from ui.panel.terms import given


def outlook(checked: Checked, pack: Pack, sources: Sources) -> Html:
    draft = checked.draft
    parts = [
        opposing_view(checked, sources),
        _listed("What would change this", [_flip(flip, pack) for flip in draft.would_flip]),
        _listed("Missing", [fact_name(fact, pack) for fact in draft.missing], "nobody has established"),
        _listed("Not checked", [shown(item) for item in draft.not_checked]),
    ]
    return join(parts)


def opposing_view(checked: Checked, sources: Sources) -> Html:
    """The nearest precedent that went the other way, shown without asking."""
    citation = checked.draft.opposing
    if citation is None and checked.draft.abstained:
        return EMPTY
    heading = tag("h3", "Against this draft")
    if citation is None:
        none = tag("p", "No precedent that went the other way was found.", cls="dim")
        return tag("section", heading, none, cls="opposing")
    number = sum(len(claim.citations) for claim in checked.draft.claims) + 1
    verdict = verdict_of(checked, None, citation)
    in_short = _in_short(citation, sources) if verdict.verdict is CitationVerdict.VERBATIM else EMPTY
    return tag("section", heading, in_short, citation_view(number, verdict, sources), cls="opposing")


def _in_short(citation: Citation, sources: Sources) -> Html:
    """Two lines: what it decided, and what set it apart."""
    passage = sources.passage(citation.source)
    precedent = sources.pack.precedent(passage.source) if passage else None
    title = tag("strong", passage.title if passage else citation.source)
    decided = tag("p", title, ": ", tag("q", shown(citation.quote)))
    if precedent is None or not precedent.distinguishes:
        return decided
    return join([decided, tag("p", tag("span", "What set it apart: ", cls="dim"), shown(precedent.distinguishes))])


def _flip(flip: Flip, pack: Pack) -> Html:
    about = join([" of ", given(flip.about)]) if flip.about else EMPTY
    named = [tag("em", fact_name(flip.fact, pack)), about, " were ", tag("em", value_name(flip.fact, flip.value, pack))]
    return join(["If ", *named, ": ", shown(flip.would)])


def _listed(title: str, items: list[Html], note: str = "") -> Html:
    if not items:
        return EMPTY
    heading = tag("h3", title, " ", tag("span", note, cls="dim") if note else EMPTY)
    return tag("section", heading, tag("ul", join(tag("li", item) for item in items)), cls="outlook")
