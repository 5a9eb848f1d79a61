"""Figures: each with n, an interval, and what could not be scored."""

from evals.metrics.figure import Figure
from evals.metrics.intervals import Sampling

__all__ = ["Figure", "Sampling"]
