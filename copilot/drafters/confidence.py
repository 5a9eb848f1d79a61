"""How sure a draft is: a small logistic model over its signs, fitted on cases whose answer is known.

What was fitted holds for one policy and one embedder. For any other there is a score that rises with the same signs,
stays low, and is said to be uncalibrated.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from copilot.base import Strict
from copilot.drafters.error_budget import DEFAULT_BUDGET, Scored, Threshold, threshold
from copilot.drafters.signs import Signs
from policy_corpus import Pack, Tier

SHIPPED = Path(__file__).with_name("calibrations")
FORMAT = 1
MOST_UNCALIBRATED = 0.6
"""An uncalibrated confidence never says more than this."""


class Calibration(Strict):
    """What was fitted, on what, and how each measured draft came out."""

    format: int = FORMAT
    pack: str
    rules: str
    """Hash of what decides in the pack: precedents may change, vocabulary, clauses, duties and patterns may not."""
    embedder: str
    """The embedder's fingerprint."""
    data_sha256: str
    command: str
    n: int
    """Drafts it was fitted on."""
    families: int
    cases: int
    """Cases that were looked at; the others got no draft at all."""
    strength: float
    """Inverse regularisation (C) that the inner folds chose."""
    intercept: float
    weights: dict[str, float]
    """By sign, on standardised signs."""
    means: dict[str, float]
    spreads: dict[str, float]
    scored: tuple[Scored, ...]
    """The drafts, each with the confidence it had while its family was held out."""

    def confidence(self, signs: Signs) -> float:
        """The probability (0–1) that the draft's tier is right."""
        values = signs.values()
        logit = self.intercept + sum(
            weight * (values[name] - self.means[name]) / self.spreads[name] for name, weight in self.weights.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True)
class Sureness:
    """A draft's confidence and what may be made of it."""

    confidence: float
    threshold: Threshold | None = None
    """None where nothing was calibrated."""
    measured_on: int = 0
    """Drafts that the calibration was fitted on."""

    @property
    def enough(self) -> bool:
        """Whether the error budget lets it be recommended; always, where there is nothing to judge by."""
        return self.threshold is None or self.confidence >= self.threshold.least


def sureness(signs: Signs, pack: Pack, embedder: str, budget: float = DEFAULT_BUDGET) -> Sureness:
    """How sure a draft with such signs is, by what was fitted for this pack and embedder if anything was."""
    fitted = fitting(pack, embedder)
    if fitted is None:
        return Sureness(round(uncalibrated(signs), 2))
    needed = threshold(fitted.scored, budget, quiet=_acts_against_nobody(signs))
    return Sureness(round(fitted.confidence(signs), 4), needed, fitted.n)


def _acts_against_nobody(signs: Signs) -> bool:
    return signs.reach <= Tier.PROTECT.rank / (len(Tier) - 1)


def uncalibrated(signs: Signs) -> float:
    """A cautious score (0–0.6) that rises with the facts' sureness, the precedents' agreement and their nearness."""
    agreeing = signs.agreement * signs.support
    graver = signs.open_beside_action + signs.open_beside_quiet
    clauses = signs.by_clauses * (0.2 + 0.2 * signs.weakest)
    return MOST_UNCALIBRATED * min(1.0, 0.3 + clauses + 0.6 * agreeing) * (1 - 0.3 * min(1.0, graver))


def fitting(pack: Pack, embedder: str) -> Calibration | None:
    """The calibration that was fitted for this very policy and embedder."""
    return calibrations().get((rules_of(pack), embedder)) if embedder else None


@cache
def calibrations() -> dict[tuple[str, str], Calibration]:
    """All that come with the program, by rules and embedder."""
    read = [_read(file) for file in sorted(SHIPPED.glob("*.json"))]
    return {(one.rules, one.embedder): one for one in read if one is not None}


def _read(file: Path) -> Calibration | None:
    """None where the file is of another format: the draft then says that it isn't calibrated."""
    try:
        return Calibration.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None


_RULES: dict[str, str] = {}
"""By the pack's own fingerprint, which it keeps: working this out takes a while."""


def rules_of(pack: Pack) -> str:
    """SHA-256 over everything in the pack that decides: not its precedents, version or adoption."""
    if pack.fingerprint not in _RULES:
        content = pack.model_dump(mode="json", exclude={"precedents", "manifest"})
        content["id"] = pack.id
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        _RULES[pack.fingerprint] = hashlib.sha256(canonical.encode()).hexdigest()
    return _RULES[pack.fingerprint]
