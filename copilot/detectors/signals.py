"""Findings from what other systems and the case's own metadata say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from copilot.cases import Case, Signal
from copilot.findings import Finding
from policy_corpus import Scope, Vocabulary

CONFIRMING = frozenset({"verified_list", "staff_review", "account_record", "identity_document", "authority", "counsel"})
"""Bases of a signal that establish a fact; a score, a user's word or an unverified list doesn't."""

SUSPECTING = frozenset({"classifier"})
"""Bases of a signal that are a reason to look, and show nothing that a person could check."""

METADATA = "case metadata"
"""The finder of what the case file itself records."""

MEDIA_ORDER = ("livestream", "video", "image", "audio")

SURFACES = {
    "image": "image",
    "photo": "image",
    "video": "video",
    "audio": "audio",
}
"""What is made or handed over there, by a word of the surface's name."""
MAKING = ("generat", "edit", "upload")
"""Words of surfaces on which something is made or handed over; a comment below a video is text."""
WHOLE_SURFACES = {"livestream": "livestream", "model hub": "model_or_dataset", "fine-tuning": "model_or_dataset"}


class SignalDetector:
    """Takes signals whose kind is a fact of the vocabulary, age evidence of parties, and media metadata."""

    name = "signals"

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def find(self, case: Case, before: Sequence[Finding] = ()) -> tuple[Finding, ...]:
        found = (*self._signals(case), *self._ages(case), *self._roles(case), *self._media(case))
        return tuple(finding for finding in found if self._vocabulary.allows(finding.fact, finding.value))

    def _signals(self, case: Case) -> Iterator[Finding]:
        for signal in case.signals:
            yield Finding(
                fact=signal.kind,
                value=str(signal.value),
                about=signal.about,
                kind="signal",
                finder=signal.source or "signal",
                confirmed=signal.basis in CONFIRMING,
                suspected=self._suspected(signal, case),
                note=f"basis: {signal.basis}" if signal.basis else "",
            )

    def _suspected(self, signal: Signal, case: Case) -> bool:
        """A verdict on words that anybody can read. On a file that nobody has viewed it is all there is; and a grave
        fact about the case, such as a danger to a child, is enough to act for the child."""
        fact = self._vocabulary.facts.get(signal.kind)
        unviewed = any(part.media is not None and part.media.viewed is None for part in case.parts)
        if signal.basis not in SUSPECTING or fact is None or not fact.from_words or unviewed:
            return False
        return fact.about is Scope.PARTY or signal.value not in fact.raises_severity

    def _ages(self, case: Case) -> Iterator[Finding]:
        for party in case.parties:
            if party.age_evidence is not None and party.role == "affected_child":
                yield self._finding(
                    "age_evidence", party.age_evidence, party.id, party.age_evidence.endswith("verified")
                )
            elif party.age_evidence is not None:
                yield self._finding("user_age", party.age_evidence, party.id, party.age_evidence.endswith("verified"))

    def _roles(self, case: Case) -> Iterator[Finding]:
        """What intake says of a party that is not the one under review, unless a signal says something else of it."""
        stated = {signal.about for signal in case.signals if signal.kind == "user_role"}
        for party in case.parties:
            if party.role not in ("subject", "unknown") and party.id not in stated:
                yield self._finding("user_role", party.role, party.id, False)

    def _media(self, case: Case) -> Iterator[Finding]:
        media = [part.media for part in case.parts if part.media is not None]
        if not media:
            yield self._finding("medium", _medium_of_surface(case.surface), None, False)
            yield self._finding("file_viewed", "no_media", None, True)
            return
        kinds = {"model_or_dataset" if item.kind == "model" else item.kind for item in media}
        medium = next((kind for kind in (*MEDIA_ORDER, "model_or_dataset") if kind in kinds), "unknown")
        yield self._finding("medium", medium, None, True)
        viewed = [item.viewed is not None for item in media]
        seen = "viewed_by_staff" if all(viewed) else "partly_viewed" if any(viewed) else "not_viewed"
        yield self._finding("file_viewed", seen, None, True)

    def _finding(self, fact: str, value: str, about: str | None, confirmed: bool) -> Finding:
        return Finding(fact=fact, value=value, about=about, kind="signal", finder=METADATA, confirmed=confirmed)


def _medium_of_surface(surface: str) -> str:
    """What a case without files is about: a request to an image generator is about an image."""
    folded = surface.casefold()
    named = SURFACES if any(word in folded for word in MAKING) else WHOLE_SURFACES
    return next((medium for word, medium in named.items() if word in folded), "text")
