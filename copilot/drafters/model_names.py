"""Stand-ins for a case's own ids, which may name a person: a model sees `party-1` and `part-1` instead."""

from __future__ import annotations

import re

from copilot.cases import Case
from copilot.drafters.model_words import visible

STAND_IN = re.compile(r"\bpart(?:y)?-\d+\b")


class Names:
    """The stand-ins of one case, in both directions."""

    def __init__(self, case: Case) -> None:
        self._parties = {party.id: f"party-{number}" for number, party in enumerate(case.parties, start=1)}
        self._parts = {part.id: f"part-{number}" for number, part in enumerate(case.parts, start=1)}
        self._party_ids = {name: id for id, name in self._parties.items()}
        self._part_ids = {name: id for id, name in self._parts.items()}

    def of_party(self, id: str | None) -> str | None:
        """What the model is told instead of a party's id; none for the case or someone unknown."""
        return None if id is None else self._parties.get(id)

    def of_part(self, id: str) -> str:
        return self._parts[id]

    def party(self, said: str | None) -> str | None:
        """The id of the party that the model means, or none where there is no such party."""
        return self._party_ids.get(visible(said or "").strip())

    def part(self, said: str) -> str | None:
        return self._part_ids.get(visible(said).strip())

    def target(self, said: str) -> str | None:
        """The id of what a step is done to, or none where the case has no such thing."""
        if visible(said).strip() == "case":
            return "case"
        return self.party(said) or self.part(said)

    def put_back(self, text: str) -> str:
        """The model's words with the case's own ids, for people."""
        return STAND_IN.sub(lambda match: self.target(match[0]) or match[0], text)
