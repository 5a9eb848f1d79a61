"""Verdicts kept with a run, so that a run that is continued, scored again or opened later asks nobody twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from copilot.reviews import Review
from evals import storing
from evals.base import Progress, Strict, silent
from evals.hashing import digest_of_text
from evals.judging.alce import Support, support
from evals.judging.base import Entailment, WordOverlap

VERDICTS = "verdicts.jsonl"


class Verdict(Strict):
    """One line of a run's verdicts. Questions without an answer have none: they are asked again."""

    key: str
    """SHA-256 over the judge, the premise and the claim."""
    judge: str
    fingerprint: str
    supports: bool


@dataclass
class Judging:
    """One judge over the runs of a suite. What several systems claim alike is asked once."""

    judge: Entailment
    parallel: int = 1
    """Reviews that are judged at once; more than one helps with remote models only."""
    _known: dict[str, bool] = field(default_factory=dict, repr=False)
    _asked: dict[str, asyncio.Task[bool | None]] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        return self.judge.name

    async def supports_of(
        self, reviews: Sequence[Review | None], folder: Path | None = None, progress: Progress = silent
    ) -> list[Support]:
        """A run's reviews judged, in their order.

        Args:
            folder: the run's folder; what a dear judge says is kept there as soon as it is said.

        Raises:
            RunError: the verdicts there can't be read, or new ones can't be written.
        """
        shelf = _Shelf(self, folder / VERDICTS if folder is not None and self.judge.dear else None)
        gate = asyncio.Semaphore(max(1, self.parallel))
        done = 0

        async def one(review: Review | None) -> Support:
            nonlocal done
            async with gate:
                found = await support(review, shelf)
            done += 1
            if self.judge.dear:
                progress(done, len(reviews), "judging citations")
            return found

        return await asyncio.gather(*(one(review) for review in reviews))

    async def verdict(self, key: str, premise: str, claim: str) -> bool | None:
        """The verdict on a question, asked for at most once."""
        if key not in self._known and key not in self._asked:
            self._asked[key] = asyncio.create_task(self._ask(premise, claim))
        said = self._known[key] if key in self._known else await self._asked[key]
        if said is not None:
            self._known[key] = said
        return said

    async def _ask(self, premise: str, claim: str) -> bool | None:
        return await self.judge.supports(premise, claim)

    def know(self, one: Verdict) -> None:
        self._known.setdefault(one.key, one.supports)


class _Shelf:
    """The verdicts of one run: what is there is known, what is new is added."""

    def __init__(self, judging: Judging, file: Path | None) -> None:
        self._judging = judging
        self._file = file
        self._kept: set[str] = set()
        if file is not None:
            storing.mend(file)
            for one in read(file):
                self._kept.add(one.key)
                judging.know(one)

    async def supports(self, premise: str, claim: str) -> bool | None:
        judge = self._judging.judge
        key = digest_of_text("\x1f".join((judge.fingerprint, premise, claim)))
        said = await self._judging.verdict(key, premise, claim)
        if said is not None and self._file is not None and key not in self._kept:
            self._kept.add(key)
            one = Verdict(key=key, judge=judge.name, fingerprint=judge.fingerprint, supports=said)
            storing.append(self._file, one)
        return said


def read(file: Path) -> tuple[Verdict, ...]:
    """The verdicts of a file, none where there is no file.

    Raises:
        RunError: a line can't be read.
    """
    return tuple(storing.lines(file, Verdict, "a verdict", "delete the line, so that the question is asked again"))


@dataclass(frozen=True)
class Silent:
    """Stands for the judge whose verdicts are kept, and says nothing new."""

    name: str
    fingerprint: str
    dear: bool = True

    async def supports(self, premise: str, claim: str) -> bool | None:
        return None


def judging_of(folder: Path) -> Judging:
    """The judge of a stored run, from its verdicts alone; word overlap where none were kept.

    Raises:
        RunError: the verdicts can't be read.
    """
    last = next(reversed(read(folder / VERDICTS)), None)
    return Judging(WordOverlap() if last is None else Silent(last.judge, last.fingerprint))
