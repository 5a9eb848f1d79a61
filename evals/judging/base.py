"""Judges: who says whether a text supports a claim."""

from __future__ import annotations

from typing import Protocol

from evals.hashing import digest_of_text


class Entailment(Protocol):
    """Whether a text supports a claim."""

    @property
    def name(self) -> str:
        """What the figures' notes call it, with what it can't see."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes with anything that could change its verdicts."""
        ...

    @property
    def dear(self) -> bool:
        """Whether a verdict takes time or money, so that it is kept with the run."""
        ...

    async def supports(self, premise: str, claim: str) -> bool | None:
        """None where it can't say, which is unscored and not a no."""
        ...


class WordOverlap:
    """A stand-in without a model: enough of the claim's words stand in the premise.

    It knows nothing of meaning and can't see a negation: it finds claims that lean on words which no source has.
    """

    dear = False

    def __init__(self, share: float = 0.5) -> None:
        self._share = share

    @property
    def name(self) -> str:
        return f"word overlap ({self._share:.0%} of the claim's words stand in the source; blind to meaning)"

    @property
    def fingerprint(self) -> str:
        return digest_of_text(self.name)

    async def supports(self, premise: str, claim: str) -> bool | None:
        from retrieval.words import words

        wanted = set(words(claim))
        return bool(wanted) and len(wanted & set(words(premise))) / len(wanted) >= self._share
