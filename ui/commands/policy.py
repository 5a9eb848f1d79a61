"""`reviewer-copilot policy`: checks and shows packs."""

from __future__ import annotations

import json

import click


@click.group("policy")
def command() -> None:
    """Check and look at policy packs."""


@command.command("lint")
@click.argument("pack", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print problems as JSON.")
def lint(pack: str | None, as_json: bool) -> None:
    """Check PACK (a folder or a shipped pack's name; default: all shipped). Problems come with file, line and hint."""
    from policy_corpus import PackError, Problem, find, load, shipped

    problems: list[Problem] = []
    for name in [pack] if pack else shipped():
        try:
            loaded = load(find(name))
            if not as_json:
                counts = f"{len(loaded.clauses)} clauses, {len(loaded.precedents)} precedents"
                click.echo(
                    f"{loaded.id} {loaded.manifest.version} ({loaded.standing}): {counts}, {loaded.fingerprint[:12]}"
                )
        except PackError as error:
            problems.extend(error.problems)
    if as_json:
        fields = ("path", "line", "message", "hint")
        click.echo(json.dumps([{field: getattr(problem, field) for field in fields} for problem in problems], indent=2))
    else:
        for problem in problems:
            click.echo(str(problem), err=True)
        click.echo("no problems" if not problems else f"{len(problems)} problem(s)")
    raise click.exceptions.Exit(3 if problems else 0)
