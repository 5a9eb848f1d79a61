"""Changes: what separates two states of a pack, found without looking into what both share."""

from __future__ import annotations

from dataclasses import dataclass

from policy_corpus import Clause, Pack, Passage, Precedent


@dataclass(frozen=True, slots=True)
class Changes:
    """What an index over the old state has to take up."""

    put: tuple[Passage, ...]
    drop: frozenset[str]


def changes(old: Pack, new: Pack) -> Changes:
    """Passages that are new or say something else, and ids of those that are gone.

    Clauses and precedents that both packs share as the same objects, as after `Pack.with_precedents`, cost nothing.
    """
    before, after = _sources(old), _sources(new)
    touched = [name for name, source in after.items() if before.get(name) is not source]
    was = {one.id: one.digest for name in touched if (source := before.get(name)) for one in source.passages()}
    now = [one for name in touched for one in after[name].passages()]
    gone = {one.id for name in before.keys() - after.keys() for one in before[name].passages()}
    return Changes(
        tuple(one for one in now if was.get(one.id) != one.digest),
        frozenset(gone | (was.keys() - {one.id for one in now})),
    )


def _sources(pack: Pack) -> dict[str, Clause | Precedent]:
    found: dict[str, Clause | Precedent] = {clause.ref: clause for clause in pack.clauses}
    return found | {precedent.id: precedent for precedent in pack.precedents}
