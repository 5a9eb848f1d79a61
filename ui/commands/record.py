"""`reviewer-copilot record`: checks the record."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.group("record")
def command() -> None:
    """Check the record of cases, drafts and decisions."""


@command.command("verify")
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="Where the record is kept.")
@click.option("--head", help="The head that a former verify printed; finds entries that were cut off at the end since.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def verify(home: Path | None, head: str | None, as_json: bool) -> None:
    """Check that no entry was changed, removed or reordered. Exits with 6 where one was."""
    from ui import assembly, settings

    chosen = settings.read(home=home)
    with assembly.record(chosen) as record:
        outcome = record.verify(expected_head=head)
    if as_json:
        click.echo(json.dumps(outcome.model_dump(mode="json")))
    else:
        for problem in outcome.problems:
            click.echo(f"error: {problem}", err=True)
        click.echo(f"{outcome.entries} entries, head {outcome.head}: {'damaged' if outcome.problems else 'intact'}")
    raise click.exceptions.Exit(6 if outcome.problems else 0)
