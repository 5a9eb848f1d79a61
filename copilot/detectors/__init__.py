"""Detectors: deterministic finders that always run, also beside a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from copilot.cases import Case
from copilot.findings import Finding


class Detector(Protocol):
    """Finds facts in a case without a model. Never raises for odd input: what it can't read gives no finding."""

    @property
    def name(self) -> str: ...

    def find(self, case: Case, before: Sequence[Finding] = ()) -> tuple[Finding, ...]:
        """What it finds, beside what the detectors before it found."""
        ...


__all__ = ["Detector"]
