"""`reviewer-copilot policy lint`: everything that can be checked without a model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ui.commands.policy.arguments import JSON, ON

if TYPE_CHECKING:
    from policy_corpus import Pack, Problem
    from policy_corpus.checks import Issue, Report


@click.command("lint", short_help="Check packs without a model.")
@click.argument("pack", required=False)
@ON
@JSON
def command(pack: str | None, on: date, as_json: bool) -> None:
    """Check PACK (a folder or a shipped pack's name; default: all shipped).

    Errors would give wrong answers or none; warnings are for somebody to look at. Each comes with file, line and hint.
    Exits with 3 where there are errors.
    """
    from policy_corpus import shipped

    found = [_checked(name, on) for name in ([pack] if pack else shipped())]
    if as_json:
        click.echo(json.dumps([one.as_data() for one in found], indent=2, ensure_ascii=False))
    else:
        for one in found:
            one.tell()
    raise click.exceptions.Exit(3 if any(one.errors for one in found) else 0)


@dataclass(frozen=True)
class Checked:
    """What became of one pack: it doesn't load and has problems, or it does and has a report."""

    name: str
    pack: Pack | None
    problems: tuple[Problem, ...]
    report: Report | None

    @property
    def errors(self) -> int:
        return len(self.problems) + (self.report.errors if self.report else 0)

    def tell(self) -> None:
        from ui.commands.policy.overview import summary

        if self.pack is not None:
            click.echo(summary(self.pack))
        for problem in self.problems:
            click.echo(f"error: {problem}", err=True)
        click.echo(str(self.report) if self.report else f"{len(self.problems)} problem(s); nothing else was checked")

    def as_data(self) -> dict[str, Any]:
        from ui.commands.policy.overview import about

        issues = self.report.issues if self.report else ()
        aside = self.report.accepted if self.report else ()
        return {
            "name": self.name,
            "pack": about(self.pack) if self.pack else None,
            "problems": [_place(problem) for problem in self.problems],
            "issues": [_issue(issue) for issue in issues],
            "accepted": [{**_issue(issue), "reason": reason} for issue, reason in aside],
            "errors": self.errors,
            "warnings": sum(issue.severity == "warning" for issue in issues),
        }


def _checked(name: str, on: date) -> Checked:
    from policy_corpus import PackError, find, load
    from policy_corpus.checks import lint

    try:
        return Checked(name, load(find(name)), (), lint(find(name), on=on))
    except PackError as error:
        return Checked(name, None, error.problems, None)


def _place(found: Problem | Issue) -> dict[str, Any]:
    return {"path": found.path, "line": found.line, "message": found.message, "hint": found.hint}


def _issue(issue: Issue) -> dict[str, Any]:
    about = {"check": issue.check, "severity": str(issue.severity), "subjects": list(issue.subjects)}
    return {**_place(issue), **about}
