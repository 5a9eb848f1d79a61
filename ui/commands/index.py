"""`reviewer-copilot index`: moves an index between this machine and a server, and shows where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from retrieval.indexes.chroma_place import Place
    from ui.settings import Settings

HOME = "home"


@click.group("index")
def command() -> None:
    """Move the index between this machine and a server."""


@command.command("move")
@click.argument("source")
@click.argument("target")
@click.option("--pack", help="A shipped pack's name, or a pack's folder.")
def move(source: str, target: str, pack: str | None) -> None:
    """Copy a pack's index from SOURCE to TARGET without embedding again, and prove that both are equal.

    Each is `home` or a Chroma server's address, such as http://host:8000. The source stays as it is. Cut off, the same
    command goes on. Set REVIEWER_COPILOT_INDEX to the target (empty for home) afterwards.
    """
    from policy_corpus import find, load
    from retrieval.indexes import ChromaIndex
    from retrieval.indexes import move as moved
    from ui import assembly, settings
    from ui.progress import Progress

    chosen = settings.read(pack=pack)
    id = load(find(chosen.pack)).id
    embedder = assembly.embedder(chosen)
    with (
        ChromaIndex(_place(source, chosen, id), embedder, pack=id) as origin,
        ChromaIndex(_place(target, chosen, id), embedder, pack=id) as goal,
    ):
        done = moved(origin, goal, Progress("moving"))
    click.echo(f"{done.entries} entries, {done.copied} copied, {done.removed} removed")
    click.echo(f"both hold {done.digest}; {done.asked} sample queries agree to {done.agreement:.0%}")


def _place(named: str, settings: Settings, pack: str) -> Place:
    from retrieval.indexes import Server
    from retrieval.indexes.chroma_place import Folder

    if named == HOME:
        return Folder(settings.home / "index" / pack)
    token = settings.index_token.get_secret_value() if settings.index_token else ""
    return Server.at(named, token=token)
