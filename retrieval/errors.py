"""What can go wrong in retrieval.

RetrievalError                  message and hint; `exit_code` is what the command line answers
 ├─ EmptyQuery                  a search by text alone was given nothing that can be searched for
 ├─ UnknownClause               a clause was asked for by name that the pack does not have
 ├─ UnknownFilter               a search was limited to an area or jurisdiction that the pack does not have
 ├─ EmbedderUnavailable         the model's files are missing or not the pinned ones, or its library isn't installed
 └─ IndexFault                  the index can't be used; it holds no truth and can always be made again
     ├─ IndexMismatch           made by another model, index version or pack
     ├─ IndexOutdated           does not hold what the pack says; a sync mends it
     ├─ IndexDamaged            its files can't be read
     ├─ IndexLocked             another process is writing for too long
     ├─ IndexReadOnly           its folder can't be written
     ├─ IndexFull               no space left for it
     ├─ IndexUnreachable        its server doesn't answer, or what answers isn't one
     └─ IndexDenied             its server lets nobody in without the right token
"""

from __future__ import annotations

from policy_corpus.errors import HintedError


class RetrievalError(HintedError):
    """Base of every error that this package raises on purpose. Never carries a query's text."""

    exit_code = 7


class EmptyQuery(RetrievalError):
    exit_code = 2


class UnknownClause(RetrievalError):
    exit_code = 2


class UnknownFilter(RetrievalError):
    exit_code = 2


class EmbedderUnavailable(RetrievalError):
    """The model that turns text into vectors can't be used."""


class IndexFault(RetrievalError):
    """The index can't be used."""


class IndexMismatch(IndexFault):
    """The index was made by another model, index version or pack: its answers would mean nothing here."""


class IndexOutdated(IndexFault):
    """The index does not hold what the pack says."""


class IndexDamaged(IndexFault):
    """The index's files can't be read."""


class IndexLocked(IndexFault):
    """Another process is writing to the index."""


class IndexReadOnly(IndexFault):
    """The index's folder can't be written."""


class IndexFull(IndexFault):
    """There is no space left for the index."""


class IndexUnreachable(IndexFault):
    """The index's server can't be reached, or isn't one that can be used."""


class IndexDenied(IndexFault):
    """The index's server refused to let us in."""
