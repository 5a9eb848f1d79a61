"""`reviewer-copilot policy new`: the beginning of a policy of one's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ui.commands.policy.arguments import FOLDER, id_for


@click.command("new", short_help="Begin a policy of your own, empty or from a copy.")
@FOLDER
@click.option("--from", "source", metavar="PACK", help="Begin with a copy of this pack instead of an empty one.")
@click.option("--id", "id", help="The pack's id; default: made of FOLDER's name, or that of the copied pack.")
@click.option("--title", help="The policy's title.")
def command(folder: Path, source: str | None, id: str | None, title: str | None) -> None:
    """Begin a policy of your own in FOLDER: the fewest files that work, or a copy of another pack.

    A copy is nobody's policy until it is adopted, whoever adopted the original.
    """
    from policy_corpus import load
    from policy_corpus.exchange import new
    from ui.commands.policy.overview import summary
    from ui.commands.policy.staging import staged

    with staged(folder) as place:
        if source is None:
            name = id or id_for(folder)
            new(place, name, title or name.replace("_", " ").capitalize(), date.today())
        else:
            _copy(source, place, {"id": id, "title": title})
        made = load(place)
    click.echo(summary(made))
    click.echo(f"written: {folder}; next: reviewer-copilot policy lint {folder}")


def _copy(source: str, place: Path, given: dict[str, str | None]) -> None:
    from policy_corpus import find, load
    from policy_corpus.exchange.front_matter import changed_yaml
    from ui.commands.policy.staging import copy

    original = load(find(source))
    copy(find(source), place)
    changes: dict[str, str | None] = {name: value for name, value in given.items() if value is not None}
    if original.manifest.adoption is not None:
        changes["adoption"] = None
    if changes:
        text = changed_yaml(place / "pack.yaml", changes)
        (place / "pack.yaml").write_text(text, encoding="utf-8")
