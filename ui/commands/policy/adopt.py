"""`reviewer-copilot policy adopt`: a named owner makes a pack their policy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ui.commands.policy.arguments import Day


@click.command("adopt", short_help="Make a pack your policy, by name.")
@click.argument("pack")
@click.option("--owner", required=True, help="Who answers for the policy: a person or a role.")
@click.option("--date", "day", type=Day(), default=date.today, metavar="DATE", help="Since when; default: today.")
@click.option("--note", default="", help="Where the decision is written down.")
@click.option("--yes", is_flag=True, help="Don't ask.")
def command(pack: str, owner: str, day: date, note: str, yes: bool) -> None:
    """Adopt PACK, your own folder: from then on it names its owner wherever it shows.

    A pack with errors can't be adopted; neither can a shipped one, which is copied first (policy new --from).
    """
    from policy_corpus.exchange import adopt
    from ui.commands.policy.overview import summary
    from ui.commands.policy.staging import changed, own

    folder = own(pack)
    _tell(folder, day)
    if not yes and not _confirmed(f"Adopt it in the name of '{owner}'?"):
        click.echo("Not adopted; nothing was written. Answer y, or give --yes.", err=True)
        raise click.exceptions.Exit(1)
    click.echo(summary(changed(folder, lambda place: adopt(place, owner, day, note))))


def _tell(folder: Path, day: date) -> None:
    """What is about to be adopted, so that nobody adopts unread what doesn't hold."""
    from policy_corpus import load
    from policy_corpus.checks import lint
    from ui.commands.policy.overview import summary

    loaded, report = load(folder), lint(folder, on=day)
    click.echo(summary(loaded))
    if notice := loaded.manifest.notice.strip():
        click.echo(f"its notice reads: {notice}")
    click.echo(str(report).splitlines()[-1])
    if report.errors:
        hint = f"repair it, or accept with a reason in lint.yaml: reviewer-copilot policy lint {folder} --on {day}"
        click.echo(f"error: a pack with errors can't be adopted; {hint}", err=True)
        raise click.exceptions.Exit(3)


def _confirmed(question: str) -> bool:
    try:
        return click.confirm(question)
    except click.exceptions.Abort:
        return False
