"""`reviewer-copilot policy import`: a pack made of a policy that is written in another format."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ui.commands.policy.arguments import FOLDER, ID, ON, id_for


@click.command("import", short_help="Make a pack of a policy in another format.")
@click.argument("format", type=click.Choice(["safeguard", "roost"]))
@click.argument("source", type=click.Path(path_type=Path))
@FOLDER
@ID
@ON
def command(format: str, source: Path, folder: Path, id: str | None, on: date) -> None:
    """Make a pack in FOLDER of SOURCE: a gpt-oss-safeguard policy text, or a folder in ROOST's style.

    Nothing of the text is lost. Criteria can't be read off prose, so they are left to you, and a list says what to do.
    """
    from policy_corpus import exchange, load
    from ui.commands.policy.overview import summary
    from ui.commands.policy.staging import staged

    reader = exchange.import_safeguard if format == "safeguard" else exchange.import_roost
    with staged(folder) as place:
        made = reader(source, place, id or id_for(folder), on)
        pack = load(place)
    click.echo(summary(pack))
    click.echo(f"written: {folder}, {made.clauses} clauses and {made.examples} examples from {source.name}")
    click.echo("still to do:\n" + "\n".join(f"  - {step}" for step in made.to_do))
