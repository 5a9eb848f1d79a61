"""Figures about plans: whether the right thing is proposed, to the right party, and what mistakes cost."""

from __future__ import annotations

from dataclasses import dataclass

from evals.metrics.figure import Figure
from evals.rows import Row, Sheet
from policy_corpus import Tier

ACTED = Tier.LIMIT.rank
"""From this tier on a plan acts against somebody; below, it protects, asks or leaves alone."""

WEIGHTED = "severity-weighted cost"
"""Tiers are the steps of severity: two tiers off cost twice as much as one."""


@dataclass(frozen=True)
class Costs:
    """What mistakes cost, in units of one tier too far. A convention to compare by, not a measured harm."""

    over: float = 1.0
    """Each tier further than expected."""
    under: float = 2.0
    """Each tier less than expected."""
    abstained: float = 1.0
    """A person has to do all of it."""
    lost_report: float = 10.0

    def __str__(self) -> str:
        return (
            f"{self.over:g} a tier too far, {self.under:g} a tier too little, {self.abstained:g} an abstention, "
            f"{self.lost_report:g} a lost report"
        )


def plan_figures(sheet: Sheet, costs: Costs | None = None) -> list[Figure]:
    """Accuracy is over the cases that were answered; coverage says how many those are."""
    prices = costs or Costs()
    return [
        sheet.mean(
            "coverage", lambda row: float(not row.answer.abstained), better="neither", note="share not abstained"
        ),
        sheet.mean("plan tier accuracy", tier_right, note="abstentions are left out"),
        sheet.mean("plan tier accuracy, abstaining is wrong", _abstaining_wrong),
        sheet.mean("acceptable-plan accuracy", plan_acceptable, note="the same steps on the same targets"),
        sheet.mean("plan overlap", plan_overlap, note="Jaccard with the nearest acceptable plan"),
        sheet.mean("step against the wrong party", wrong_party, better="lower"),
        sheet.mean("protected case actioned", protected_actioned, better="lower"),
        sheet.mean("missed action", missed, better="lower", note="action was expected, the plan has none"),
        sheet.mean(WEIGHTED, lambda row: cost(row, prices), better="lower", note=f"{prices}", share=False),
    ]


def tier_right(row: Row) -> float | None:
    expected = row.gold.expected.tier
    if expected is None or row.answer.tier is None:
        return None
    return float(row.answer.tier is expected)


def _abstaining_wrong(row: Row) -> float | None:
    if row.gold.expected.tier is None:
        return None
    return 0.0 if row.answer.tier is None else tier_right(row)


def plan_acceptable(row: Row) -> float | None:
    plans = row.acceptable()
    if plans is None or row.answer.abstained:
        return None
    return float(_acting(row, frozenset(row.answer.steps)) in {_acting(row, plan) for plan in plans})


def plan_overlap(row: Row) -> float | None:
    plans = row.acceptable()
    if plans is None or row.answer.abstained:
        return None
    said = _acting(row, frozenset(row.answer.steps))
    return max((_jaccard(said, _acting(row, plan)) for plan in plans), default=None)


def wrong_party(row: Row) -> float | None:
    """Whether a step acts against a party that no acceptable plan acts against."""
    plans = row.acceptable()
    if plans is None or row.answer.abstained:
        return None
    meant = {on for plan in plans for action, on in plan if _acts(row, action)}
    said = {on for action, on in row.answer.steps if _acts(row, action) and row.gold.case.party(on) is not None}
    return float(bool(said - meant))


def protected_actioned(row: Row) -> float | None:
    if not row.gold.expected.protected:
        return None
    return float(row.answer.tier is not None and row.answer.tier.rank >= ACTED)


def missed(row: Row) -> float | None:
    """Action was expected and the plan holds none. An abstention is no miss: a person sees it as open."""
    expected = row.gold.expected.tier
    if expected is None or expected.rank < ACTED:
        return None
    return float(row.answer.tier is not None and row.answer.tier.rank < ACTED)


def cost(row: Row, costs: Costs) -> float | None:
    expected, said = row.gold.expected, row.answer
    if expected.tier is None:
        return None
    lost = costs.lost_report * len(lost_reports(row))
    if said.tier is None:
        return costs.abstained + lost
    further = said.tier.rank - expected.tier.rank
    return lost + (costs.over * further if further > 0 else costs.under * -further)


def lost_reports(row: Row) -> tuple[str, ...]:
    """Report duties that are expected and that the answer does not raise."""
    expected = row.gold.expected.duties or ()
    reports = [id for id in expected if id in row.pack.duties and row.pack.duties[id].kind == "report"]
    return tuple(id for id in reports if id not in row.answer.duties)


def _acts(row: Row, action: str) -> bool:
    held = row.pack.actions.get(action)
    return held is not None and held.tier.rank >= ACTED


def _acting(row: Row, steps: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Without steps that leave things as they are, so that 'no action' and an empty plan are the same."""
    return frozenset(step for step in steps if row.pack.actions.get(step[0]) is None or not _idle(row, step[0]))


def _idle(row: Row, action: str) -> bool:
    return row.pack.actions[action].tier is Tier.NONE


def _jaccard(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
