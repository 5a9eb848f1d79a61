"""What was decided in the nearest precedents, weighed by nearness, authority and status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy_corpus import Pack, Precedent, Status, Tier
from retrieval.hits import Hit

STALE_WEIGHT = 0.5
"""What a precedent counts whose clause has changed since."""


@dataclass(frozen=True)
class Vote:
    """The precedents among the hits and how they decided."""

    ranked: tuple[Precedent, ...]
    """The nearest first."""
    tiers: Mapping[str, Tier]
    weights: Mapping[str, float]
    near: Mapping[str, float]
    """Cosine of each (0–1)."""
    support: float
    """Cosine of the nearest precedent (0–1)."""

    @property
    def total(self) -> float:
        return sum(self.weights.values())

    def share(self, tier: Tier) -> float:
        """The share of all weight (0–1) that went to a tier."""
        if not self.total:
            return 0.0
        return sum(weight for id, weight in self.weights.items() if self.tiers[id] is tier) / self.total

    def margin(self, tier: Tier) -> float:
        """How much nearer (cosine) the nearest precedent of that tier is than the nearest of another, -1 to 1."""
        same = max((near for id, near in self.near.items() if self.tiers[id] is tier), default=0.0)
        return same - max((near for id, near in self.near.items() if self.tiers[id] is not tier), default=0.0)

    @property
    def leader(self) -> Precedent | None:
        """The nearest precedent of the tier with the greatest share."""
        if not self.ranked:
            return None
        winner = max({self.tiers[one.id] for one in self.ranked}, key=lambda tier: (self.share(tier), tier.rank))
        return self.nearest(winner)

    @property
    def agreement(self) -> float:
        """The share of the leading tier (0–1)."""
        return self.share(self.tiers[self.leader.id]) if self.leader else 0.0

    def nearest(self, tier: Tier) -> Precedent | None:
        return next((one for one in self.ranked if self.tiers[one.id] is tier), None)

    def of(self, leader: Precedent, most: int) -> tuple[Precedent, ...]:
        """The nearest precedents that decided as the leader did."""
        return tuple(one for one in self.ranked if self.tiers[one.id] is self.tiers[leader.id])[:most]


def vote(hits: Sequence[Hit], pack: Pack) -> Vote:
    """The vote of the precedents among the hits."""
    nearness: dict[str, float] = defaultdict(float)
    for hit in hits:
        if hit.passage.kind == "precedent":
            cosine = max(
                (reason.score or 0.0 for reason in hit.reasons if reason.kind in ("similar", "opposing")), default=0.0
            )
            nearness[hit.passage.source] = max(nearness[hit.passage.source], min(max(cosine, 0.0), 1.0))
    known = [(precedent, near) for id, near in nearness.items() if (precedent := pack.precedent(id)) is not None]
    known.sort(key=lambda item: (-item[1], item[0].id))
    return Vote(
        ranked=tuple(precedent for precedent, _ in known),
        tiers={precedent.id: pack.tier(precedent.plan) for precedent, _ in known},
        weights={precedent.id: _weight(precedent, near) for precedent, near in known},
        near={precedent.id: near for precedent, near in known},
        support=known[0][1] if known else 0.0,
    )


def _weight(precedent: Precedent, nearness: float) -> float:
    """Nearness squared, so that far precedents don't outvote a near one by number."""
    standing = STALE_WEIGHT if precedent.status is Status.STALE else 1.0
    return nearness**2 * precedent.authority.weight * standing
