"""Reference drafters: what one gets by always giving the same answer, so that no figure flatters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from copilot.cases import Case
from copilot.drafts import Draft
from copilot.findings import Finding
from copilot.plans import Plan, Step, target_kind
from copilot.reviews import DutyStatus
from policy_corpus import Action, Pack, Reportability, Tier
from retrieval import Hit


@dataclass(frozen=True)
class FixedDrafter:
    """Gives the same steps and reportability for every case, and cites nothing."""

    name: str
    actions: tuple[str, ...]
    reportability: Reportability
    pack: Pack

    @property
    def settings(self) -> dict[str, str]:
        return {"actions": " ".join(self.actions), "reportability": str(self.reportability)}

    def sent(self, case: Case) -> tuple[()]:
        """Nothing ever leaves."""
        return ()

    async def find(self, case: Case) -> tuple[Finding, ...]:
        return ()

    async def draft(
        self, case: Case, findings: Sequence[Finding], duties: Sequence[DutyStatus], hits: Sequence[Hit]
    ) -> Draft:
        steps = tuple(Step(action=action, on=on) for action in self.actions for on in self._targets(action, case))
        return Draft(
            drafter=self.name,
            summary="The same answer to every case.",
            plan=Plan(steps=steps).ordered(self.pack),
            reportability=self.reportability,
        )

    def _targets(self, action: str, case: Case) -> list[str]:
        """The case where the action can be done to it, otherwise everything it can be done to."""
        allowed = self.pack.actions[action].targets
        if "case" in allowed:
            return ["case"]
        places = [*(party.id for party in case.parties), *(part.id for part in case.parts)]
        return [place for place in places if target_kind(place, case) in allowed]


def always_escalate(pack: Pack) -> FixedDrafter | None:
    """Hands every case to a specialist; none where the pack has no such action."""
    action = _first(pack, lambda id, one: id.startswith("escalate") and one.tier in (Tier.NONE, Tier.PROTECT))
    return None if action is None else FixedDrafter("always escalate", (action,), Reportability.COUNSEL, pack)


def always_report(pack: Pack) -> FixedDrafter | None:
    """Reports every case; none where the pack knows no report."""
    action = _first(pack, lambda id, one: one.tier is Tier.REPORT and "case" in one.targets) or _first(
        pack, lambda id, one: one.tier is Tier.REPORT
    )
    return None if action is None else FixedDrafter("always report", (action,), Reportability.OBLIGED, pack)


def always_act(pack: Pack) -> FixedDrafter | None:
    """Acts against every case, for packs that know no report; none where the pack knows no such step either."""
    action = _first(pack, lambda id, one: one.tier is Tier.ENFORCE)
    return None if action is None else FixedDrafter("always act", (action,), Reportability.UNKNOWN, pack)


def _first(pack: Pack, fits: Callable[[str, Action], bool]) -> str | None:
    return next((id for id, action in pack.actions.items() if fits(id, action)), None)
