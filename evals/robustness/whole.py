"""Whole cases told differently: the copilot's answer to each beside its answer to the plain case."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from copilot.review import Reviewer
from copilot.reviews import Review
from evals.base import Progress, silent
from evals.datasets.public import hatecheck
from evals.errors import RunError
from evals.gold import GoldCase
from evals.hashing import digest_of_text
from evals.measuring import sampled
from evals.metrics.intervals import Sampling
from evals.public import embedded_reviewer
from evals.remaking import Remaker, remembering
from evals.robustness.effects import Effect, figures, lost_duties, lost_findings
from evals.robustness.result import RobustnessResult
from evals.robustness.variants import DISGUISED, KINDS, PLANTED, SEED, Kind, Variant, variants
from evals.runs import Record, Run, execute
from evals.splits import open_part
from evals.suites import HeldSuite, Suite, gold_suite
from evals.systems import COPILOT, ReviewerSystem
from policy_corpus import Reportability
from policy_corpus.errors import expected_one_of
from retrieval import Embedder

CASES = 60
"""Cases that are told differently, so that a run takes minutes."""
PUBLISHED = "hatecheck: "
MOST_TWINS = 150

NOTES = (
    f"Disguises touch {DISGUISED:.0%} of the words of four letters and more.",
    "Paraphrase is by rules: it shows nothing about other writers, registers or languages.",
    "A change can be right: planted instructions are evidence of evasion, and a policy may turn on a swapped word.",
    "Only the part 'tune' is read.",
)


def run(
    reviewer: Reviewer,
    *,
    cases: Path | None = None,
    kinds: Sequence[str] = (),
    limit: int | None = CASES,
    data: Path | None = None,
    embedder: Embedder | None = None,
    folder: Path | None = None,
    learned: Path | None = None,
    sampling: Sampling | None = None,
    command: str = "",
    progress: Progress = silent,
) -> RobustnessResult:
    """Tells gold cases of `tune` differently and compares what the reviewer says.

    Args:
        cases: a file or folder of gold cases; those that come with the pack otherwise.
        kinds: names of `KINDS`; all of them otherwise.
        limit: only so many cases, whole families, always the same ones.
        data: the folder that holds HateCheck's, whose misspelt twins are then compared too, by `embedder`.
        folder: where the run is kept; one that was cut off is continued.

    Raises:
        RunError: a kind is not known, or the folder holds another run.
        DataError: something is wrong with the cases.
    """
    chosen = _chosen(kinds)
    suite = gold_suite(reviewer.pack, cases)
    held = sampled(open_part(suite, "tune"), limit)
    told = tuple(variants(held, chosen))
    remaker = Remaker.of(reviewer, learned, progress)
    system = ReviewerSystem(COPILOT, remaker.over(reviewer, reviewer.pack), suite.dated, remaker)
    asked = _asked(suite, held, told)
    done = _executed(asked, system, folder, command, progress)
    effects = [*_effects(done, told)]
    if data is not None and embedder is not None:
        place = folder / "hatecheck" if folder else None
        effects += _published(data, embedder, place, command, progress)
    adding = frozenset(kind.name for kind in chosen if kind.adds)
    drawn = sampling or Sampling()
    return RobustnessResult(
        manifest=done.manifest,
        name=asked.name,
        cases=len(held),
        families=len({gold.family for gold in held}),
        figures=tuple(one for kind in _told(effects, chosen) for one in figures(effects, kind, drawn)),
        lost=tuple(lost_duties(effects)),
        removed=tuple(lost_findings(effects, adding)),
        notes=(*suite.notes, *NOTES),
    )


def _told(effects: Iterable[Effect], chosen: Iterable[Kind]) -> list[str]:
    """The kinds that touched any case: the chosen ones in their order, then the published ones."""
    found = {one.kind for one in effects}
    ours = [kind.name for kind in chosen if kind.name in found]
    return [*ours, *sorted(found - {*ours})]


def _chosen(names: Sequence[str]) -> tuple[Kind, ...]:
    for name in names:
        if name not in KINDS:
            raise RunError(f"unknown kind '{name}'", expected_one_of(name, KINDS))
    return tuple(KINDS[name] for name in names) or tuple(KINDS.values())


def _asked(suite: Suite, held: Sequence[GoldCase], told: Sequence[Variant]) -> HeldSuite:
    """The plain cases and all variants as a suite of its own, so that runs are kept and continued as any other."""
    everything = (*held, *(variant.gold for variant in told))
    digest = digest_of_text("\x1f".join((suite.data_sha256, str(SEED), *(gold.case.digest for gold in everything))))
    name = f"robustness-{suite.pack.id.replace('_', '-')}"
    return HeldSuite(name, suite.pack, everything, digest, dated=suite.dated, notes=suite.notes)


def _executed(suite: Suite, system: ReviewerSystem, folder: Path | None, command: str, progress: Progress) -> Run:
    cases = suite.cases("tune")
    return asyncio.run(
        execute(suite, "tune", cases, system, folder=folder, seed=SEED, command=command, progress=progress)
    )


def _effects(done: Run, told: Iterable[Variant]) -> Iterator[Effect]:
    records = {record.case_id: record for record in done.records}
    for one in told:
        added = frozenset({PLANTED} & {part.id for part in one.gold.case.parts})
        yield _effect(one.kind, one.of, one.gold, records, added)


def _effect(
    kind: str, of: str, gold: GoldCase, records: Mapping[str, Record], added: frozenset[str] = frozenset()
) -> Effect:
    before, after = records[of], records[gold.id]
    owed = None if gold.expected.duties is None else frozenset(gold.expected.duties)
    return Effect(kind, of, gold.family, before.answer, after.answer, added, dict(_open(after.review)), owed)


def _open(review: Review | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    for status in review.duties if review else ():
        if status.reportability is Reportability.UNKNOWN:
            yield status.duty, status.missing


def _published(
    data: Path, embedder: Embedder, folder: Path | None, command: str, progress: Progress
) -> Iterator[Effect]:
    """HateCheck's cases in other letters beside the cases that say the same plainly, by the set's own small pack."""
    suite = hatecheck(data)
    held = {gold.id: gold for gold in suite.cases("tune")}
    twins = {id: plain for id, plain in suite.twins.items() if id in held}
    kept = dict(sorted(twins.items(), key=lambda pair: digest_of_text(pair[0]))[:MOST_TWINS])
    wanted = {*kept, *kept.values()}
    asked = HeldSuite(suite.name, suite.pack, tuple(g for id, g in held.items() if id in wanted), suite.data_sha256)
    system = ReviewerSystem(COPILOT, embedded_reviewer(suite.pack, remembering(embedder)))
    done = _executed(asked, system, folder, command, progress)
    records = {record.case_id: record for record in done.records}
    for id, plain in kept.items():
        yield _effect(PUBLISHED + next(iter(held[id].traps), "spelling"), plain, held[id], records)
