"""What can go wrong in a review.

CopilotError                    message and hint; `exit_code` is what the command line answers
 ├─ SettingsError               a setting has an impossible value
 ├─ CaseError                   a case file or case is wrong: file, line, field, hint
 ├─ DrafterError                a drafter gave no draft; the review goes on without it and says so
 │   ├─ ModelUnavailable        not reachable, timed out, or not authorised
 │   ├─ ModelRefused            the provider's safety check stopped the request: never a sign that a case is benign
 │   └─ ModelNonsense           the answer doesn't follow the schema or names what does not exist
 ├─ PlanRefused                 a plan breaks a rule that protects people
 └─ RecordError                 the record could not be read or written; nothing already saved is lost
     ├─ RecordLocked
     ├─ RecordReadOnly
     ├─ RecordFull
     └─ RecordDamaged           the chain doesn't verify
"""

from __future__ import annotations

from policy_corpus.errors import HintedError


class CopilotError(HintedError):
    """Base of every error that this package raises on purpose."""


class SettingsError(CopilotError):
    exit_code = 2


class CaseError(CopilotError):
    """A case that can't be read. Never carries the case's text."""

    exit_code = 3


class DrafterError(CopilotError):
    """A drafter gave no draft."""

    exit_code = 4


class ModelUnavailable(DrafterError):
    """The model could not be reached in time, or rejected the credentials."""


class ModelRefused(DrafterError):
    """The provider's safety check stopped the request."""


class ModelNonsense(DrafterError):
    """The answer could not be used."""


class PlanRefused(CopilotError):
    exit_code = 5


class RecordError(CopilotError):
    exit_code = 6


class RecordLocked(RecordError):
    """Another process holds the record for too long."""


class RecordReadOnly(RecordError):
    """The record's file or folder can't be written."""


class RecordFull(RecordError):
    """There is no space left for the record."""


class RecordDamaged(RecordError):
    """An entry was changed, removed or reordered."""
