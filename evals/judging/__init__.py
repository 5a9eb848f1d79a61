"""Whether what is cited supports what is claimed: pluggable judges, and ALCE's figures from their verdicts."""

from evals.judging.alce import Support, alce_figures
from evals.judging.base import Entailment, WordOverlap
from evals.judging.verdicts import Judging, judging_of

__all__ = ["Entailment", "Judging", "Support", "WordOverlap", "alce_figures", "judging_of"]
