"""Effects: what became of an answer when its case was told differently, and the figures over many of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evals.answers import Answer
from evals.base import Strict
from evals.metrics.figure import Better, Figure, mean_figure
from evals.metrics.intervals import Sampling


class Lost(Strict):
    """Something that was said of the plain case and is no longer said of a variant."""

    case_id: str
    """The plain case."""
    kind: str
    what: str
    missing: tuple[str, ...] = ()
    """Of a duty that is left open: the facts that are named as what would settle it. Empty where it is simply gone."""

    owed: bool = True
    """Of a duty: whether the case owes it. One that was raised without being owed protects nobody. True where nobody
    says."""

    def __str__(self) -> str:
        told = [
            "" if self.owed else "never owed",
            f"left open, asks for: {', '.join(self.missing)}" if self.missing else "",
        ]
        still = "; ".join(one for one in told if one)
        return f"{self.case_id} ({self.kind}): {self.what}{f' ({still})' if still else ''}"


@dataclass(frozen=True)
class Effect:
    """The answer to a case beside the answer to one of its variants."""

    kind: str
    case_id: str
    family: str
    before: Answer
    after: Answer
    added: frozenset[str] = frozenset()
    """Ids of parts that only the variant has; steps on them are no change."""
    open: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Duties that the answer to the variant leaves undecided, each with the facts that would settle it."""
    owed: frozenset[str] | None = None
    """Duties that the case owes or that counsel must look at; none where nobody says."""

    @property
    def both(self) -> bool:
        """Whether both were answered: plans can be compared only then."""
        return not self.before.abstained and not self.after.abstained

    @property
    def duties_lost(self) -> tuple[str, ...]:
        return tuple(duty for duty in self.before.duties if duty not in self.after.duties)

    @property
    def findings_lost(self) -> tuple[str, ...]:
        gone = set(self.before.findings) - set(self.after.findings)
        return tuple(sorted(f"{one.fact}: {one.value}" for one in gone))

    def tier_changed(self) -> float | None:
        return float(self.before.tier is not self.after.tier) if self.both else None

    def steps_changed(self) -> float | None:
        if not self.both:
            return None
        return float(set(self.before.steps) != {step for step in self.after.steps if step[1] not in self.added})

    def clause_changed(self) -> float | None:
        return float(self.before.clauses[:1] != self.after.clauses[:1]) if self.both else None

    def duty_lost(self) -> float | None:
        return float(bool(self.duties_lost)) if self.before.duties else None

    def owes(self, duty: str) -> bool:
        return self.owed is None or duty in self.owed

    def owed_lost(self) -> float | None:
        if not any(self.owes(duty) for duty in self.before.duties):
            return None
        return float(any(self.owes(duty) for duty in self.duties_lost))

    def duty_gained(self) -> float:
        return float(not set(self.after.duties) <= set(self.before.duties))

    def duty_gone(self) -> float | None:
        if not self.before.duties:
            return None
        return float(any(not self.open.get(duty) for duty in self.duties_lost))

    def finding_lost(self) -> float | None:
        return float(bool(self.findings_lost)) if self.before.findings else None

    def finding_gained(self) -> float:
        return float(not set(self.after.findings) <= set(self.before.findings))

    def abstained_now(self) -> float | None:
        return None if self.before.abstained else float(self.after.abstained)

    def confidence_change(self) -> float | None:
        if self.before.confidence is None or self.after.confidence is None:
            return None
        return self.after.confidence - self.before.confidence


MEASURES: tuple[tuple[str, Callable[[Effect], float | None], Better, str], ...] = (
    ("plan tier changed", Effect.tier_changed, "lower", "both answered"),
    ("plan steps changed", Effect.steps_changed, "lower", "both answered; steps on an added part are no change"),
    ("main clause changed", Effect.clause_changed, "lower", "both answered"),
    ("owed duty lost", Effect.owed_lost, "lower", "of the cases with a duty that they owe; must be 0"),
    ("duty lost", Effect.duty_lost, "lower", "of the cases with a duty, owed or raised without need"),
    ("duty gone", Effect.duty_gone, "lower", "lost, and not even left open with the missing fact named"),
    ("duty gained", Effect.duty_gained, "neither", ""),
    ("finding lost", Effect.finding_lost, "lower", "of the cases with a finding"),
    ("finding gained", Effect.finding_gained, "neither", ""),
    ("abstained now", Effect.abstained_now, "lower", "of the cases that were answered"),
)


def figures(effects: Sequence[Effect], kind: str, sampling: Sampling) -> Iterator[Figure]:
    """The figures of one kind; families are kept together in the intervals."""
    held = [one for one in effects if one.kind == kind]
    families = [one.family for one in held]
    for name, of, better, note in MEASURES:
        scores = [of(one) for one in held]
        yield mean_figure(name, scores, families, sampling=sampling, slice=kind, better=better, note=note)
    changes = [one.confidence_change() for one in held]
    yield mean_figure(
        "change of confidence", changes, families, sampling=sampling, slice=kind, better="neither", share=False,
        note="mean, after less before",
    )  # fmt: skip


def lost_duties(effects: Sequence[Effect]) -> Iterator[Lost]:
    """Every duty that was lost, in any kind."""
    for one in effects:
        for duty in one.duties_lost:
            missing = one.open.get(duty, ())
            yield Lost(case_id=one.case_id, kind=one.kind, what=duty, missing=missing, owed=one.owes(duty))


def lost_findings(effects: Sequence[Effect], kinds: frozenset[str]) -> Iterator[Lost]:
    """Every finding that was lost in the given kinds, such as those that only add text."""
    held = (one for one in effects if one.kind in kinds)
    yield from (Lost(case_id=e.case_id, kind=e.kind, what=finding) for e in held for finding in e.findings_lost)
