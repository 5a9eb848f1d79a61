"""Agreement of two labels on the same gold cases: where they differ, a case is hard or the policy ambiguous."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evals.base import Strict
from evals.corpus.kappa import kappa
from evals.corpus.second_labels import SecondLabel
from evals.gold import Expected, GoldCase
from evals.metrics.figure import Figure, mean_figure, statistic_figure
from evals.metrics.intervals import Sampling
from evals.tables import aligned, interval, number
from policy_corpus import Pack, PlannedStep, Reportability, Scope, Tier
from policy_corpus.criteria import UNKNOWN


class Disagreement(Strict):
    """One thing on which the labels of a case differ."""

    case: str
    labeller: str
    what: str
    first: str
    second: str
    why: str = ""
    """What was settled, and why; empty while it is open."""
    clause: str | None = None


class Agreement(Strict):
    """How far two labels agree; intervals are by story family."""

    labels: int
    labellers: tuple[str, ...]
    figures: tuple[Figure, ...]
    """Raw agreement and kappa, a pair a question; then the same fact by fact."""
    disagreements: tuple[Disagreement, ...]

    def figure(self, name: str) -> Figure | None:
        return next((one for one in self.figures if one.name == name), None)

    def to_json(self) -> str:
        return self.model_dump_json()

    def to_text(self) -> str:
        rows = [[one.name, number(one.value), interval(one), str(one.n), one.note] for one in self.figures]
        differing = [
            f"{one.case}: {one.what}: {one.first} / {one.second}"
            + (f"; settled: {one.why}" if one.why else "; open")
            + (f" ({one.clause})" if one.clause else "")
            for one in self.disagreements
        ]
        lines = [f"second labels: {self.labels} by {', '.join(self.labellers) or 'nobody'}"]
        lines += aligned([["agreement", "value", "95 % interval", "n", ""], *rows]) if rows else []
        return "\n".join([*lines, f"{len(differing)} disagreements", *differing]) + "\n"


@dataclass(frozen=True)
class _Answers:
    """What both said to one question about one case; None is unscored."""

    gold: GoldCase
    label: SecondLabel
    first: str | None
    second: str | None


@dataclass(frozen=True)
class _Question:
    name: str
    of: Callable[[Expected], str | None]
    order: tuple[str, ...] = ()
    """Where answers have an order, a near miss counts for less than a far one."""
    note: str = ""


_QUESTIONS = (
    _Question("tier", lambda one: one.tier, tuple(Tier), "kappa is weighted"),
    _Question("reportability", lambda one: one.reportability, tuple(Reportability), "kappa is weighted"),
    _Question("protected", lambda one: "yes" if one.protected else "no"),
    _Question("main clause", lambda one: None if one.clauses is None else (*one.clauses, "none")[0]),
    _Question("duties", lambda one: None if one.duties is None else " ".join(sorted(one.duties)) or "none"),
)


def agreement(
    gold: Sequence[GoldCase], labels: Sequence[SecondLabel], pack: Pack, *, sampling: Sampling | None = None
) -> Agreement:
    """Raw agreement and Cohen's kappa with bootstrap intervals, question by question and fact by fact."""
    drawn = sampling or Sampling()
    by_id = {one.id: one for one in gold}
    pairs = [(_as_first_labelled(by_id[label.case], label), label) for label in labels]
    figures: list[Figure] = []
    disagreements: list[Disagreement] = []
    for question in _QUESTIONS:
        answers = [_Answers(g, label, question.of(g.expected), question.of(label.expected)) for g, label in pairs]
        figures.extend(_figures(question.name, answers, question.order, question.note, drawn))
        disagreements.extend(_differing(question.name, answers))
    figures.append(_plans(pairs, drawn))
    for fact in pack.vocabulary.facts:
        answers = [one for g, label in pairs for one in _fact_answers(fact, g, label, pack)]
        stated = sum(None not in (one.first, one.second) and {one.first, one.second} != {UNKNOWN} for one in answers)
        if stated:
            figures.extend(_figures(f"fact {fact}", answers, (), f"{stated} stated by either", drawn))
            disagreements.extend(_differing(f"fact {fact}", answers))
    return Agreement(
        labels=len(labels),
        labellers=tuple(sorted({label.labeller for label in labels})),
        figures=tuple(figures),
        disagreements=tuple(sorted(disagreements, key=lambda one: (one.case, one.what))),
    )


def _as_first_labelled(gold: GoldCase, label: SecondLabel) -> GoldCase:
    """Agreement is between the two labels as they were given, not with what was settled afterwards."""
    return gold if label.first is None else gold.model_copy(update={"expected": label.first})


def _figures(
    name: str, answers: Sequence[_Answers], order: Sequence[str], note: str, sampling: Sampling
) -> Iterator[Figure]:
    scored = [(one.first, one.second, one.gold.family) for one in answers if one.first and one.second]
    first, second = [one for one, _, _ in scored], [other for _, other, _ in scored]
    clusters = [family for _, _, family in scored]
    unscored = len(answers) - len(scored)
    same = [float(one == other) for one, other in zip(first, second, strict=True)]
    raw = mean_figure(f"{name}: raw", same, clusters, sampling=sampling, note=note)
    yield raw.model_copy(update={"unscored": unscored})

    def statistic(rows: list[int]) -> float | None:
        return kappa([first[row] for row in rows], [second[row] for row in rows], order)

    yield statistic_figure(f"{name}: kappa", statistic, clusters, sampling=sampling, unscored=unscored, note=note)


def _plans(pairs: Sequence[tuple[GoldCase, SecondLabel]], sampling: Sampling) -> Figure:
    """How often each one's best plan is acceptable to the other: plans have no chance level to correct for."""
    scores = [_plans_agree(gold.expected, label.expected) for gold, label in pairs]
    clusters = [gold.family for gold, _ in pairs]
    return mean_figure("best plan acceptable to the other: raw", scores, clusters, sampling=sampling)


def _plans_agree(one: Expected, other: Expected) -> float | None:
    if not one.acceptable_plans or not other.acceptable_plans:
        return None
    plans, others = _plan_sets(one.acceptable_plans), _plan_sets(other.acceptable_plans)
    return float(plans[0] in others and others[0] in plans)


def _plan_sets(plans: Sequence[Sequence[PlannedStep]]) -> list[frozenset[tuple[str, str]]]:
    return [frozenset((step.action, step.on) for step in plan) for plan in plans]


def _fact_answers(fact: str, gold: GoldCase, label: SecondLabel, pack: Pack) -> Iterator[_Answers]:
    """What both said of a fact, of each party where it is a party's; whoever is silent doesn't know."""
    about: Sequence[str | None] = (None,)
    if pack.vocabulary.scope(fact) is Scope.PARTY:
        about = [party.id for party in gold.case.parties] or (None,)
    for party in about:
        yield _Answers(gold, label, _said(gold.expected, fact, party), _said(label.expected, fact, party))


def _said(expected: Expected, fact: str, party: str | None) -> str | None:
    if expected.findings is None:
        return None
    held = {
        one.value for one in expected.findings if one.fact == fact and (party is None or one.about in (None, party))
    }
    return " or ".join(sorted(held)) or UNKNOWN


def _differing(what: str, answers: Sequence[_Answers]) -> Iterator[Disagreement]:
    for one in answers:
        if one.first is not None and one.second is not None and one.first != one.second:
            settled = one.label.adjudicated
            yield Disagreement(
                case=one.gold.id,
                labeller=one.label.labeller,
                what=what,
                first=one.first,
                second=one.second,
                why=settled.why if settled else "",
                clause=settled.clause if settled else None,
            )
