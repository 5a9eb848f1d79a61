"""`reviewer-copilot policy reaffirm`: a stale precedent that somebody has read anew."""

from __future__ import annotations

import click


@click.command("reaffirm", short_help="Make a stale precedent active again.")
@click.argument("pack")
@click.argument("precedent")
@click.option("--reason", required=True, help="Why it still holds under the clause as it is now.")
@click.option("--author", required=True, help="Who read it: a person or a role.")
def command(pack: str, precedent: str, reason: str, author: str) -> None:
    """Make PRECEDENT of PACK, your own folder, active again under the newest version of its clauses.

    A precedent goes stale when a clause that it cites gets a new version. Read it against the new words first; where
    it no longer holds, leave it stale, or supersede it by a decision of your own.
    """
    from policy_corpus.exchange import reaffirm
    from ui.commands.policy.staging import changed, own

    again = changed(own(pack), lambda place: reaffirm(place, precedent, reason=reason, author=author))
    click.echo(f"{again.id} is active: {again.status_reason}")
