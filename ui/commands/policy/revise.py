"""`reviewer-copilot policy revise`: the next version of a clause."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ui.commands.policy.arguments import Day


@click.command("revise", short_help="Begin the next version of a clause.")
@click.argument("pack")
@click.argument("clause")
@click.option("--reason", required=True, help="Why the clause changes.")
@click.option("--author", required=True, help="Who changes it: a person or a role.")
@click.option("--from", "day", type=Day(), required=True, metavar="DATE", help="First day of the new version.")
def command(pack: str, clause: str, reason: str, author: str, day: date) -> None:
    """Begin the next version of CLAUSE in PACK, your own folder; the version so far is kept and closed.

    Names the file in which the words are then changed. Precedents that cite the clause become stale until somebody
    reaffirms them (policy reaffirm).
    """
    from policy_corpus import load
    from policy_corpus.exchange import restate, revise
    from policy_corpus.versions import stale_precedents
    from ui.commands.policy.staging import changed, own

    folder = own(pack)
    before = load(folder)

    def change(place: Path) -> tuple[Path, list[str]]:
        file = revise(place, clause, reason=reason, author=author, effective_from=day).relative_to(place)
        stale = stale_precedents(before, load(place))
        restate(place, stale)
        return file, [one.id for one in stale]

    file, stale = changed(folder, change)
    after = load(folder)
    version = max(one.version for one in after.clauses if one.id == clause)
    click.echo(
        f"written: {folder / file}, version {version}, in force from {day}: change words, criteria or plan there"
    )
    click.echo(f"kept: {folder / file.with_name(f'{file.stem}.v{version - 1}.md')}, in force until the day before")
    if stale:
        click.echo(f"stale until reaffirmed under the new version: {', '.join(stale)}")
