"""Decisions of Meta's Oversight Board with the Community Standards that they apply.

Measures whether the standard that the Board applied, and the earlier decisions that it cited, come first. It says
nothing about outcomes: the Board selects errors, so nearly every decision overturns.
"""

from evals.datasets.oversight_board.evaluation import evaluate
from evals.datasets.oversight_board.packing import case_of, pack_of
from evals.datasets.oversight_board.reading import Board, BoardDecision, Paragraph, read
from evals.datasets.oversight_board.result import BoardResult

__all__ = ["Board", "BoardDecision", "BoardResult", "Paragraph", "case_of", "evaluate", "pack_of", "read"]
