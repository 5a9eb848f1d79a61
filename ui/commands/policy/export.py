"""`reviewer-copilot policy export`: a pack in a format that others read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ui.commands.policy.arguments import ON


@click.command("export", short_help="Write a pack in another format.")
@click.argument("format", type=click.Choice(["safeguard", "roost"]))
@click.argument("pack")
@click.argument("target", type=click.Path(path_type=Path))
@ON
def command(format: str, pack: str, target: Path, on: date) -> None:
    """Write PACK as it is in force to TARGET: a file for safeguard, a folder for roost. TARGET must be new.

    Duties, legal bases and priorities have no place in these formats and stay behind.
    """
    from policy_corpus import find, load
    from policy_corpus.exchange import export_roost, export_safeguard
    from ui.commands.policy.overview import summary
    from ui.commands.policy.staging import staged, write

    loaded = load(find(pack))
    if format == "safeguard":
        write(target, export_safeguard(loaded, on))
    else:
        with staged(target) as place:
            export_roost(loaded, place, on)
    click.echo(summary(loaded))
    click.echo(f"written: {target}, {len(loaded.in_force(on))} clauses in force on {on}")
