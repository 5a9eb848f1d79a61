"""Actions: the enforcement and protection steps that a plan may hold."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from policy_corpus.base import Strict


class Tier(StrEnum):
    """How far a step goes, in rising order. A plan's tier is its highest step's; an empty plan's is `none`."""

    NONE = "none"
    PROTECT = "protect"
    LIMIT = "limit"
    ENFORCE = "enforce"
    REPORT = "report"
    IMMINENT = "imminent"

    @property
    def rank(self) -> int:
        return _TIERS[self]


class Stage(StrEnum):
    """Where a step stands in a plan: evidence is preserved before it can be lost, notice comes last."""

    PRESERVE = "preserve"
    CONTAIN = "contain"
    REPORT = "report"
    NOTIFY = "notify"

    @property
    def rank(self) -> int:
        return _STAGES[self]


_TIERS = {tier: rank for rank, tier in enumerate(Tier)}
_STAGES = {stage: rank for rank, stage in enumerate(Stage)}

Gate = Literal["automated", "one_reviewer", "two_reviewers", "lead", "specialist", "on_call"]
Target = Literal["case", "item", "account", "person", "organisation"]


class Action(Strict):
    """One enforcement or protection step."""

    title: str
    definition: str
    targets: tuple[Target, ...]
    """What it can be done to."""
    tier: Tier
    stage: Stage
    reversible: bool
    gate: Gate
    """Who must confirm it."""
    punitive: bool = False
    """Punitive steps against an affected child are refused."""
    closes: bool = False
    """It ends the case without action, so it can't stand while a duty is owed or possible."""
    lifts: bool = False
    """It takes back an earlier measure, so it isn't proposed while nobody knows whether there was one."""
    answers: bool = False
    """It answers or declines what was asked: it falls on words, since a file asks for nothing."""
    statement: str = ""
    """The DSA Transparency Database value that this step corresponds to, if any."""


class Actions(Strict):
    """All actions of a pack, by id."""

    format: int = 1
    actions: dict[str, Action]
