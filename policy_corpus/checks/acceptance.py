"""What a policy team has looked at and accepts, with its reason, in the pack's `lint.yaml`.

    format: 1
    accepted:
      - check: gap
        subjects: [threat=harm]
        reason: Handled by the on-call desk, outside this policy.

Accepted issues are still counted and shown. An acceptance that fits nothing any more is an issue itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import field_validator

from policy_corpus.base import Strict
from policy_corpus.checks.issues import Issue, Severity
from policy_corpus.errors import expected_one_of
from policy_corpus.sources import Source

UNUSED = "unused-acceptance"


class Acceptance(Strict):
    """One issue that stays, and why. The subjects are those of the issue, in any order."""

    check: str
    subjects: tuple[str, ...]
    reason: str

    @field_validator("reason")
    @classmethod
    def _is_given(cls, reason: str) -> str:
        if not reason.strip():
            raise ValueError("an acceptance needs a reason; say why this may stay")
        return reason

    def fits(self, issue: Issue) -> bool:
        return self.check == issue.check and set(self.subjects) == set(issue.subjects)


class Acceptances(Strict):
    """`lint.yaml`, which a pack may have."""

    format: int = 1
    accepted: tuple[Acceptance, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, less what was accepted."""

    issues: tuple[Issue, ...]
    accepted: tuple[tuple[Issue, str], ...] = ()
    """Each with the reason for which it stays."""

    @property
    def clean(self) -> bool:
        return not self.issues

    @property
    def errors(self) -> int:
        return sum(issue.severity is Severity.ERROR for issue in self.issues)

    def __str__(self) -> str:
        lines = [str(issue) for issue in self.issues]
        lines += [
            f"{issue.path}:{issue.line}: accepted [{issue.check}] {issue.message}; {why}"
            for issue, why in self.accepted
        ]
        warnings = len(self.issues) - self.errors
        counts = (_count(self.errors, "error"), _count(warnings, "warning"), f"{len(self.accepted)} accepted")
        return "\n".join((*lines, ", ".join(counts)))


def accept(issues: Iterable[Issue], given: Acceptances, source: Source, checks: Iterable[str]) -> Report:
    """The issues with the accepted ones set aside, and an issue for each acceptance that fits none."""
    left: list[Issue] = []
    aside: list[tuple[Issue, str]] = []
    used: set[int] = set()
    for issue in issues:
        fitting = [number for number, acceptance in enumerate(given.accepted) if acceptance.fits(issue)]
        used.update(fitting)
        if fitting:
            aside.append((issue, given.accepted[fitting[0]].reason))
        else:
            left.append(issue)
    unused = (number for number in range(len(given.accepted)) if number not in used)
    left.extend(_unused(given.accepted[number], number, source, set(checks)) for number in unused)
    return Report(tuple(sorted(left)), tuple(aside))


def _unused(acceptance: Acceptance, number: int, source: Source, checks: set[str]) -> Issue:
    line = source.line(("accepted", number, "check"))
    subjects = (acceptance.check, *acceptance.subjects)
    about = f"'{acceptance.check}' about {', '.join(acceptance.subjects) or 'nothing'}"
    known = acceptance.check in checks
    hint = "take it out, or correct its subjects" if known else expected_one_of(acceptance.check, checks)
    message = f"the acceptance of {about} fits no issue"
    return Issue(source.path, line, UNUSED, Severity.WARNING, subjects, message, hint)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
