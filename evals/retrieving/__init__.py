"""Quality of search beside BM25, dense search and the stock chain, on the same questions."""

from evals.retrieving.measuring import RetrievalResult, measure
from evals.retrieving.questions import Question, Task
from evals.retrieving.sets import (
    board_citations,
    board_standards,
    gold_at_length,
    gold_clauses,
    gold_precedents,
    procedure_documents,
)
from evals.retrieving.table import table
from evals.retrieving.trec import beside, write_trec

__all__ = [
    "Question",
    "RetrievalResult",
    "Task",
    "beside",
    "board_citations",
    "board_standards",
    "gold_at_length",
    "gold_clauses",
    "gold_precedents",
    "measure",
    "procedure_documents",
    "table",
    "write_trec",
]
