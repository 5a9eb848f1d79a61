"""A user's own policy: begin one, change it, adopt it, and exchange it with formats that others read."""

from policy_corpus.exchange.adoption import adopt
from policy_corpus.exchange.gathering import Imported
from policy_corpus.exchange.restating import reaffirm, restate
from policy_corpus.exchange.revising import revise
from policy_corpus.exchange.roost import export_roost, import_roost
from policy_corpus.exchange.safeguard import export_safeguard, import_safeguard
from policy_corpus.exchange.skeleton import new

__all__ = [
    "Imported",
    "adopt",
    "export_roost",
    "export_safeguard",
    "import_roost",
    "import_safeguard",
    "new",
    "reaffirm",
    "restate",
    "revise",
]
