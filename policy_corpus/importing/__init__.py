"""Brings a team's own decisions into a pack, so that the illustrative precedents can be replaced."""

from policy_corpus.importing.errors import ImportFailed, RowProblem
from policy_corpus.importing.identifiers import Mention, masked, mentions
from policy_corpus.importing.importer import Identifying, Imported, import_precedents
from policy_corpus.importing.installing import Installed, install, remaining
from policy_corpus.importing.mapping import Mapping, load_mapping

__all__ = [
    "Identifying",
    "ImportFailed",
    "Imported",
    "Installed",
    "Mapping",
    "Mention",
    "RowProblem",
    "import_precedents",
    "install",
    "load_mapping",
    "masked",
    "mentions",
    "remaining",
]
