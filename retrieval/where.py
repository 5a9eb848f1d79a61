"""Where: what a search is limited to."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Literal

from pydantic import BaseModel, ConfigDict

from policy_corpus import Authority, Pack, Status
from retrieval.errors import UnknownFilter
from retrieval.jurisdictions import NAMES

CITABLE = frozenset({Status.ACTIVE, Status.STALE})
"""What a draft may rest on. Superseded and overruled precedents come back only to those who ask for them."""

Kind = Literal["clause", "precedent"]


class Where(BaseModel):
    """What may come back. An empty set limits nothing; several limits hold together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    authority: Authority | None = None
    """Precedents of this authority or a higher one. Clauses stand above every precedent and are not touched."""
    statuses: frozenset[Status] = CITABLE
    """Of precedents."""
    jurisdictions: frozenset[str] = frozenset()
    """Whose law a clause rests on (its own grounds and its duties'), or the clauses that a precedent cites."""
    kinds: frozenset[Kind] = frozenset()
    areas: frozenset[str] = frozenset()
    """Ids of the pack's areas."""

    def check(self, pack: Pack) -> None:
        """Raises UnknownFilter where an area or jurisdiction is named that can't be."""
        if not self.areas <= pack.manifest.areas.keys():
            areas = {*pack.manifest.areas, *(clause.area for clause in pack.clauses if clause.area)}
            _known("area", self.areas, areas, pack)
        _known("jurisdiction", self.jurisdictions, NAMES, pack)


EVERYWHERE = Where()


def _known(kind: str, named: Collection[str], known: Collection[str], pack: Pack) -> None:
    for name in sorted(set(named) - set(known)):
        close = get_close_matches(name, sorted(known), n=1)
        hint = f"did you mean '{close[0]}'? " if close else ""
        listed = ", ".join(sorted(known)) or "none"
        raise UnknownFilter(f"pack '{pack.id}' has no {kind} '{name}'", f"{hint}known: {listed}")
