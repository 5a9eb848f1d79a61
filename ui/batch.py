"""Reviews of many cases to a file, one a line, resumable."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from pydantic import ValidationError

from copilot.ahead import in_turn
from copilot.casefile import BadLine, read
from copilot.cases import Case
from copilot.errors import CaseError, CopilotError
from copilot.review import Reviewer
from copilot.reviews import Review
from policy_corpus import Pack


@dataclass
class Summary:
    """What a run did."""

    reviewed: int = 0
    kept: int = 0
    """Reviews of a former run that still hold."""
    tiers: Counter[str] = field(default_factory=Counter)
    citations: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def count(self, review: Review, pack: Pack) -> None:
        chosen = review.drafts[review.recommended] if review.recommended is not None else None
        self.tiers[str(chosen.draft.plan.tier(pack)) if chosen else "abstained"] += 1
        self.citations.update(str(one.verdict) for checked in review.drafts for one in checked.gate.citations)
        self.seconds.append(review.provenance.seconds)

    def to_json(self) -> str:
        return json.dumps(
            {
                "reviewed": self.reviewed,
                "kept": self.kept,
                "bad_lines": len(self.problems),
                "tiers": dict(self.tiers),
                "citations": dict(self.citations),
                "median_seconds": round(_median(self.seconds), 4),
            }
        )

    def to_text(self, target: Path) -> str:
        tiers = ", ".join(f"{tier} {count}" for tier, count in self.tiers.most_common()) or "none"
        cited = ", ".join(f"{verdict} {count}" for verdict, count in self.citations.most_common()) or "none"
        return (
            f"{self.reviewed} drafted, {self.kept} kept from before, {len(self.problems)} lines passed over\n"
            f"tiers: {tiers}\ncitations: {cited}\nmedian seconds a case: {_median(self.seconds):.3f}\n"
            f"reviews: {target}"
        )


def read_all(file: Path, pack: Pack) -> list[Case | BadLine]:
    """Every line of a case file, as case or as what is wrong with it."""
    lines = list(read(file, pack))
    if not lines:
        raise CaseError(f"'{file.name}' holds no case", "one JSON object a line, with at least id and text")
    return lines


def run(
    lines: Iterable[Case | BadLine],
    reviewer: Reviewer,
    target: Path,
    *,
    fresh: bool,
    progress: Callable[[int, int, str], None],
) -> Summary:
    """Reviews what isn't reviewed yet, appending each review as soon as it is there."""
    lines = list(lines)
    summary = Summary(problems=[str(line) for line in lines if isinstance(line, BadLine)])
    cases = [line for line in lines if isinstance(line, Case)]
    done = {} if fresh else finished(target, reviewer.pack)
    if fresh:
        target.unlink(missing_ok=True)
    asyncio.run(_review_all(cases, done, reviewer, target, summary, progress))
    return summary


async def _review_all(
    cases: list[Case],
    done: dict[str, Review],
    reviewer: Reviewer,
    target: Path,
    summary: Summary,
    progress: Callable[[int, int, str], None],
) -> None:
    waiting = [case for case in cases if case.digest not in done]
    for held in (done[case.digest] for case in cases if case.digest in done):
        summary.kept += 1
        summary.count(held, reviewer.pack)
    with _appending(target) as stream:
        progress(summary.kept, len(cases), "")
        number = summary.kept
        async with aclosing(in_turn(waiting, reviewer.retriever.index.embedder)) as ready:
            async for case in ready:
                if (review := await _review_one(case, reviewer, summary)) is not None:
                    stream.write(review.model_dump_json() + "\n")
                    stream.flush()
                    summary.reviewed += 1
                    summary.count(review, reviewer.pack)
                number += 1
                progress(number, len(cases), case.id)


async def _review_one(case: Case, reviewer: Reviewer, summary: Summary) -> Review | None:
    try:
        return await reviewer.review(case)
    except CopilotError as error:
        summary.problems.append(f"case '{case.id}': {error}")
        return None


def _appending(target: Path) -> TextIO:
    try:
        return target.open("a", encoding="utf-8")
    except OSError as error:
        raise CopilotError(f"can't write '{target}': {error.strerror}", "name another file with --out") from None


def finished(target: Path, pack: Pack) -> dict[str, Review]:
    """The reviews in a former run's file that were made with this pack, by case digest; a torn last line is cut off.

    Raises:
        CopilotError: the file holds something else; it is left as it is.
    """
    if not target.exists():
        return {}
    reviews = list(_reviews(target))
    _cut_torn_line(target)
    return {review.case_digest: review for review in reviews if review.provenance.pack_fingerprint == pack.fingerprint}


def _reviews(target: Path) -> Iterator[Review]:
    with target.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            if not line.endswith("\n"):
                return
            try:
                yield Review.model_validate_json(line)
            except ValidationError:
                hint = "name another file with --out, or begin again with --fresh"
                raise CopilotError(f"line {number} of '{target.name}' is no review", hint) from None


def _cut_torn_line(target: Path) -> None:
    """A process that was killed may leave half a line; the case it belongs to is reviewed again."""
    with target.open("rb+") as stream:
        data = stream.read()
        if data and not data.endswith(b"\n"):
            stream.truncate(data.rfind(b"\n") + 1)
            os.fsync(stream.fileno())


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0
