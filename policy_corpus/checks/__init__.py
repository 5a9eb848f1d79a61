"""Checks of a pack that need no model: what a policy team wants to know before it publishes.

`check` finds issues, `lint` reads a pack with its `lint.yaml` and sets aside what the team has accepted with a reason.
"""

from policy_corpus.checks.acceptance import Acceptance, Report, accept
from policy_corpus.checks.issues import Issue, Severity
from policy_corpus.checks.running import CHECKS, check, lint

__all__ = ["CHECKS", "Acceptance", "Issue", "Report", "Severity", "accept", "check", "lint"]
