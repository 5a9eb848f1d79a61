"""`reviewer-copilot policy show`: a pack at a glance, or one clause with all that bears on it."""

from __future__ import annotations

import json
from datetime import date

import click

from ui.commands.policy.arguments import JSON, ON


@click.command("show", short_help="Show a pack by area, or one clause.")
@click.argument("pack")
@click.argument("clause", required=False)
@ON
@JSON
def command(pack: str, clause: str | None, on: date, as_json: bool) -> None:
    """Show PACK by area, or one CLAUSE of it (its id, or id@version) for reading."""
    from policy_corpus import find, load
    from ui.commands.policy import overview, page

    loaded = load(find(pack))
    if clause is None:
        data, lines = overview.as_data(loaded, on), overview.lines(loaded, on)
    else:
        found = page.clause_named(clause, loaded, on)
        data, lines = page.as_data(found, loaded), page.lines(found, loaded, on)
    click.echo(json.dumps(data, indent=2, ensure_ascii=False) if as_json else "\n".join(lines))
