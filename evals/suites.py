"""Suites: cases with what is expected of them, and the pack that they are judged by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from evals import gold
from evals.gold import GoldCase, Part
from evals.hashing import digest_of_files
from evals.labels.base import Labels
from policy_corpus import Pack


class Suite(Protocol):
    """Anything that can be measured on."""

    @property
    def name(self) -> str: ...

    @property
    def pack(self) -> Pack:
        """What may be cited. Its precedents come from the set's training part only."""
        ...

    @property
    def data_sha256(self) -> str:
        """Over the files it was read from."""
        ...

    @property
    def dated(self) -> bool:
        """Whether a case may only know precedents that are older than itself."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know: what was left out, and what the set can't show."""
        ...

    @property
    def twins(self) -> Mapping[str, str]:
        """Case id to the id of its plain twin, where the set changes texts without changing what they say."""
        ...

    def cases(self, part: Part) -> tuple[GoldCase, ...]:
        """The cases of a part; `evals.splits.open_part` also logs that `test` was read."""
        ...


@dataclass(frozen=True)
class HeldSuite:
    """A suite whose cases are in memory."""

    name: str
    pack: Pack
    held: tuple[GoldCase, ...]
    data_sha256: str = ""
    dated: bool = False
    notes: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    """What was counted while reading, such as rows that were withheld."""
    twins: Mapping[str, str] = field(default_factory=dict)
    labels: Labels | None = None
    """What its labels can be measured on beyond acting, where it has more to say."""

    def cases(self, part: Part) -> tuple[GoldCase, ...]:
        return tuple(one for one in self.held if one.part == part)


GOLD_NOTES = ("Gold cases are synthetic and written by few people: figures say nothing about real traffic.",)


def gold_suite(pack: Pack, path: Path | None = None) -> HeldSuite:
    """The gold cases of a pack: those that come with it, or those at `path`.

    Raises:
        DataError: something in them is wrong; all problems at once.
    """
    place = path or gold.SHIPPED / pack.id
    return HeldSuite(
        name=f"gold-{pack.id.replace('_', '-')}",
        pack=pack,
        held=gold.load(place, pack),
        data_sha256=digest_of_files([place]),
        dated=True,
        notes=(*GOLD_NOTES, *_about(pack)),
    )


def _about(pack: Pack) -> Iterable[str]:
    yield f"The pack is {pack.standing}."
    if pack.manifest.notice:
        yield pack.manifest.notice
