"""Citations that open in place: the quote, the gate's verdict, and the whole passage with the quoted words marked."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property

from copilot.cases import Case
from copilot.drafts import Citation
from copilot.gate import CheckedCitation, CitationVerdict, find
from copilot.reviews import Review
from policy_corpus import Clause, Pack, Passage, Precedent
from retrieval.hits import Hit, Reason
from ui.panel.highlight import quoted
from ui.panel.invisible import shown
from ui.panel.markup import EMPTY, Html, join, tag
from ui.panel.terms import AUTHORITIES, REASONS, STATUSES, VERDICTS, plain

_CHANGE = re.compile(r"\[-(?P<out>.+?)-\]|\{\+(?P<put>.+?)\+\}")


class Sources:
    """Where citations are looked up: what the drafter was given first, then the pack."""

    def __init__(self, case: Case, review: Review, pack: Pack) -> None:
        self.on = case.judged_on
        self.review = review
        self.pack = pack

    @cached_property
    def hits(self) -> dict[str, Hit]:
        return {hit.passage.id: hit for hit in self.review.hits}

    def passage(self, id: str) -> Passage | None:
        hit = self.hits.get(id)
        return hit.passage if hit else self.pack.passage(id)

    def reasons(self, id: str) -> tuple[Reason, ...]:
        return self.hits[id].reasons if id in self.hits else ()

    def elsewhere(self, citation: Citation) -> tuple[Passage, int, int] | None:
        """The other passage that holds the quoted words."""
        for hit in self.review.hits:
            places = find(citation.quote, hit.passage.text) if hit.passage.id != citation.source else []
            if places:
                return (hit.passage, *places[0])
        return None


def citation_view(number: int, checked: CheckedCitation, sources: Sources) -> Html:
    """One citation; closed while it holds, open where the gate found fault."""
    failed = checked.verdict is not CitationVerdict.VERBATIM
    body = join([_fault(checked) if failed else EMPTY, _source(checked, sources), _other_source(checked, sources)])
    state = "failed" if failed else "holds"
    summary = _summary(number, checked, sources)
    return tag("details", summary, tag("div", body, cls="source"), cls=f"citation {state}", open=failed)


def verdict_mark(verdict: CitationVerdict) -> Html:
    sign, name, means = VERDICTS[verdict]
    return tag("span", tag("span", f"{sign} ", aria_hidden="true"), name, cls=f"verdict is-{verdict}", title=means)


def _summary(number: int, checked: CheckedCitation, sources: Sources) -> Html:
    passage = sources.passage(checked.citation.source)
    title = passage.title if passage else "unknown source"
    name = tag("span", _label(checked.citation.source), cls="ref")
    quote = tag("q", shown(checked.citation.quote), dir="auto")
    head = tag("span", tag("span", f"[{number}]", cls="cite-no"), " ", name, " ", title, cls="cite-head")
    return tag("summary", head, verdict_mark(checked.verdict), quote)


def _label(source: str) -> str:
    """`CS-GRM-01@1#rule` as people read it."""
    ref, _, section = source.partition("#")
    id, at, version = ref.rpartition("@")
    named = f"{id} v{version}" if at and version.isdigit() else ref
    return f"{named} · {plain(section)}" if section else named


def _fault(checked: CheckedCitation) -> Html:
    _, name, means = VERDICTS[checked.verdict]
    said = tag("p", tag("strong", f"{name}. "), means, cls="fault")
    if checked.verdict is CitationVerdict.ALTERED:
        legend = tag("span", "Struck out: what the source says. Underlined: what the draft made of it.", cls="dim")
        return join([said, tag("p", difference(checked.detail), cls="difference", dir="auto"), legend])
    return join([said, tag("p", shown(checked.detail), cls="fault-detail")]) if checked.detail else said


def difference(detail: str) -> Html:
    """The gate's `[-taken out-]` and `{+put in+}` as deletions and insertions."""
    pieces: list[str] = []
    at = 0
    for change in _CHANGE.finditer(detail):
        out, put = change["out"], change["put"]
        pieces += [shown(detail[at : change.start()]), tag("del", shown(out)) if out else tag("ins", shown(put))]
        at = change.end()
    return join([*pieces, shown(detail[at:])])


def _source(checked: CheckedCitation, sources: Sources) -> Html:
    passage = sources.passage(checked.citation.source)
    if passage is None:
        return EMPTY
    words = tag("blockquote", quoted(passage.text, checked.start, checked.end), dir="auto")
    hit = sources.hits.get(passage.id)
    return join([standing(passage, sources), words, _why(sources.reasons(passage.id)), _beside(hit) if hit else EMPTY])


def _other_source(checked: CheckedCitation, sources: Sources) -> Html:
    other = sources.elsewhere(checked.citation) if checked.verdict is CitationVerdict.MISATTRIBUTED else None
    if other is None:
        return EMPTY
    passage, start, end = other
    head = tag("p", "The words stand here instead: ", tag("strong", passage.title), f" ({_label(passage.id)})")
    return join([head, tag("blockquote", quoted(passage.text, start, end), dir="auto")])


def standing(passage: Passage, sources: Sources) -> Html:
    """Title and standing of a source: version and dates of a clause, authority and status of a precedent."""
    clause = sources.pack.clause(passage.source) if passage.kind == "clause" else None
    precedent = sources.pack.precedent(passage.source) if passage.kind == "precedent" else None
    if clause is not None:
        said = _clause(clause, sources.on)
    else:
        said = _precedent(precedent) if precedent else f"{passage.kind}, not in the loaded pack"
    return tag("p", tag("strong", passage.title), " – ", tag("span", said, cls="dim"), cls="standing")


def _clause(clause: Clause, on: date) -> str:
    if clause.undated and clause.effective_until is None:
        dates = "undated"
    else:
        since = f"in force from {clause.effective_from}" if clause.effective_from else "start undated"
        dates = f"{since} until {clause.effective_until}" if clause.effective_until else since
    applies = "applied" if clause.in_force(on) else "did not apply"
    return f"clause, version {clause.version}, {dates}; {applies} on {on}"


def _precedent(precedent: Precedent) -> str:
    authority = AUTHORITIES[precedent.authority] + (", synthetic" if precedent.synthetic else "")
    binding = ", never binding" if precedent.synthetic else ""
    return f"precedent of {precedent.decided}: {authority}{binding}; {STATUSES[precedent.status]}"


def _why(reasons: tuple[Reason, ...]) -> Html:
    if not reasons:
        return tag("p", "It did not come back from the search.", cls="why")
    said = join(tag("li", tag("strong", REASONS[reason.kind]), _detail(reason)) for reason in reasons)
    return tag("div", tag("p", "Why it came back", cls="why-head"), tag("ul", said), cls="why")


def _beside(hit: Hit) -> Html:
    """What must be read with the source: a clause's exceptions and duties, precedents that tell nearly the same."""
    lines = [
        (head, ", ".join(f"{link.title} ({_label(link.name)})" for link in hit.links if link.kind == kind))
        for kind, head in (("exception", "Exceptions"), ("duty", "Duties"))
    ]
    if hit.folded:
        lines.append(
            (f"{len(hit.folded)} more that tell nearly the same and were decided alike", ", ".join(hit.folded))
        )
    said = [tag("li", tag("strong", head), f": {names}") for head, names in lines if names]
    return tag("ul", join(said), cls="beside") if said else EMPTY


def _detail(reason: Reason) -> str:
    score = f" ({reason.score:.2f})" if reason.score is not None else ""
    return f": {reason.detail}{score}" if reason.detail else score
