"""What may be cited: vocabulary, clauses, criteria, precedents, actions, duties; and the packs that hold them."""

from policy_corpus.actions import Action, Stage, Tier
from policy_corpus.clauses import Clause
from policy_corpus.compiled import load_compiled
from policy_corpus.criteria import Criteria, Node, Outcome, Reading, Verdict
from policy_corpus.duties import Clock, Duty, Reportability
from policy_corpus.errors import CorpusError, PackError, Problem
from policy_corpus.examples import Example
from policy_corpus.legal import LegalBasis
from policy_corpus.loader import find, load, load_patterns, shipped
from policy_corpus.pack import Pack
from policy_corpus.passages import Passage
from policy_corpus.patterns import Pattern
from policy_corpus.plans import PlannedStep
from policy_corpus.precedents import Authority, Precedent, PrecedentFinding, Status
from policy_corpus.training_cases import TrainingCase
from policy_corpus.vocabulary import Constraint, Fact, Scope, Vocabulary

__all__ = [
    "Action",
    "Authority",
    "Clause",
    "Clock",
    "Constraint",
    "CorpusError",
    "Criteria",
    "Duty",
    "Example",
    "Fact",
    "LegalBasis",
    "Node",
    "Outcome",
    "Pack",
    "PackError",
    "Passage",
    "Pattern",
    "PlannedStep",
    "Precedent",
    "PrecedentFinding",
    "Problem",
    "Reading",
    "Reportability",
    "Scope",
    "Stage",
    "Status",
    "Tier",
    "TrainingCase",
    "Verdict",
    "Vocabulary",
    "find",
    "load",
    "load_compiled",
    "load_patterns",
    "shipped",
]
