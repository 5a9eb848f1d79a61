"""What the classifiers say of gold cases: read without levels, and measured without them, with them, and with what
circumstances add to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from copilot.detectors.circumstances import circumstances
from copilot.detectors.features import Floats
from copilot.detectors.learned import LearnedDetector
from copilot.detectors.lessons import Label
from copilot.detectors.levels import Levels, Yardstick
from copilot.detectors.thresholds import CLEARING
from copilot.findings import Finding
from copilot.review import Reviewer
from evals.base import Progress, silent
from evals.gold import GoldCase
from evals.metrics.figure import Better, Figure, mean_figure
from evals.metrics.intervals import Sampling
from evals.remaking import Remaker
from evals.splits import open_part
from evals.studies.base import Study
from evals.suites import Suite
from evals.systems import COPILOT, ReviewerSystem
from policy_corpus.criteria import UNKNOWN

WITHOUT, ALONE, WITH = "without levels", "with levels", "and circumstances"


@dataclass(frozen=True)
class Said:
    """What the classifiers say of one gold case before levels, by classifiers that don't know its family."""

    gold: GoldCase
    labels: tuple[Label, ...]
    chances: Floats
    """(labels,)."""
    thresholds: Floats
    """(labels,): from which chance on a value is proposed where there are no levels."""
    otherwise: frozenset[Label] = frozenset()
    """Values that other detectors find, and don't merely suspect."""
    beside: frozenset[str] = frozenset()
    """The case's circumstances."""

    @property
    def shown(self) -> frozenset[Label]:
        """Every value that gold expects, whoever shows it, suspected or not."""
        findings = self.gold.expected.findings or ()
        return frozenset((one.fact, one.value) for one in findings if one.value != UNKNOWN)

    @property
    def asked(self) -> frozenset[str]:
        """Every fact of which gold says anything, be it that it is unknown."""
        return frozenset(one.fact for one in self.gold.expected.findings or ())

    def proposed(self, levels: Levels | None, beside: Set[str] = frozenset()) -> frozenset[Label]:
        """What is proposed in such circumstances, with levels by the fit that has not seen the case's family."""
        yardstick = Yardstick.of(self.labels, self.thresholds, levels, self.gold.family)
        likely = yardstick.likeliest(yardstick.chances(self.chances, beside, self.otherwise))
        return frozenset(self.labels[column] for column in likely)


def chances_of(
    reviewer: Reviewer, suite: Suite, *, learned: Path | None = None, progress: Progress = silent
) -> list[Said]:
    """The classifiers' chances for every tune case of which gold names findings and of which they can read anything."""
    system = ReviewerSystem(COPILOT, reviewer, suite.dated, Remaker.of(reviewer, learned, progress))
    cases = [gold for gold in open_part(suite, "tune") if gold.expected.findings is not None]
    said: list[Said] = []
    for number, gold in enumerate(cases, 1):
        found: list[Finding] = []
        for detector in system.reviewer_for(gold).detectors:
            if isinstance(detector, LearnedDetector):
                said.extend(_said(detector, gold, found))
            else:
                found.extend(detector.find(gold.case, found))
        progress(number, len(cases), "reading")
    return said


def _said(detector: LearnedDetector, gold: GoldCase, found: Sequence[Finding]) -> Iterator[Said]:
    read, model = detector.read(gold.case), detector.learned.model
    if read is not None and model is not None:
        otherwise = frozenset((one.fact, one.value) for one in found if not one.suspected)
        beside = circumstances(gold.case, found)
        yield Said(gold, model.labels, read.chances, model.thresholds, otherwise, beside)


def measure(said: Sequence[Said], levels: Levels, sampling: Sampling | None = None) -> Study:
    """What classifiers propose that no other detector finds, each case by the fit that has not seen its family."""
    drawn = sampling or Sampling()
    proposed = {
        WITHOUT: [one.proposed(None) for one in said],
        ALONE: [one.proposed(levels) for one in said],
        WITH: [one.proposed(levels, one.beside) for one in said],
    }
    return Study(
        name="levels",
        title=f"Values that the classifiers find in {len(said)} gold cases of part tune",
        columns={name: tuple(_figures(said, held, drawn)) for name, held in proposed.items()},
        notes=(
            "Of values that no other detector finds. recall: of those that gold expects and classifiers know; "
            "precision: of those found of whose facts gold says anything; beyond gold: those found a case of whose "
            "facts gold says nothing.",
        ),
    )


def _figures(said: Sequence[Said], proposed: Sequence[frozenset[Label]], sampling: Sampling) -> Iterator[Figure]:
    known = {label for one in said for label in one.labels}
    for kind, clears in (("clearing values", True), ("other values", False)):
        recall, precision, beyond = [], [], []
        for one, found in zip(said, proposed, strict=True):
            family = one.gold.family
            own = {label for label in found - one.otherwise if (label[1] in CLEARING) is clears}
            expected = {label for label in one.shown & known - one.otherwise if (label[1] in CLEARING) is clears}
            recall += [(float(label in own), family) for label in sorted(expected)]
            precision += [(float(label in one.shown), family) for label in sorted(own) if label[0] in one.asked]
            beyond.append((float(sum(label[0] not in one.asked for label in own)), family))
        yield _mean(f"recall, {kind}", recall, sampling)
        yield _mean(f"precision, {kind}", precision, sampling)
        yield _mean(f"beyond gold, {kind}", beyond, sampling, share=False)


def _mean(name: str, held: Sequence[tuple[float, str]], sampling: Sampling, *, share: bool = True) -> Figure:
    values, families = [value for value, _ in held], [family for _, family in held]
    better: Better = "higher" if share else "lower"
    return mean_figure(name, values, families, sampling=sampling, better=better, share=share)
