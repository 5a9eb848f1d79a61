"""`reviewer-copilot search`: clauses and precedents for some words."""

from __future__ import annotations

import json

import click


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=8, show_default=True, type=click.IntRange(1, 100), help="How many to show.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge clauses by this day instead of today.")
@click.option("--pack", help="A shipped pack's name, or a pack's folder.")
@click.option("--json", "as_json", is_flag=True, help="Print hits as JSON, one a line.")
def command(words: tuple[str, ...], limit: int, as_of: object, pack: str | None, as_json: bool) -> None:
    """Find the clauses and precedents nearest to WORDS, and say why each came back."""
    from datetime import date, datetime

    from ui import assembly, settings
    from ui.progress import Progress

    chosen = settings.read(pack=pack)
    loaded = assembly.pack(chosen)
    found = assembly.retriever(chosen, loaded, Progress("indexing"))
    day = as_of.date() if isinstance(as_of, datetime) else date.today()
    hits = found.search(" ".join(words), {}, as_of=day, limit=limit)
    for hit in hits:
        if as_json:
            click.echo(json.dumps(hit.model_dump(mode="json"), ensure_ascii=False))
            continue
        click.echo(f"{hit.score:.3f}  {hit.passage.id}  {hit.passage.title}")
        click.echo(f"       {hit.passage.text[:160].replace(chr(10), ' ')}…")
        click.echo(f"       because: {'; '.join(reason.detail for reason in hit.reasons)}")
    if not hits:
        click.echo("Nothing relevant was found.", err=True)
    click.echo(f"{loaded.manifest.title} {loaded.manifest.version}: {loaded.standing}", err=True)
