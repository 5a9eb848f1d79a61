"""`reviewer-copilot search`: clauses and precedents for some words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from retrieval.hits import Found, Hit
    from retrieval.where import Where

AUTHORITIES = ("policy_council", "appeal", "reviewed", "single", "illustrative")
STATUSES = ("active", "stale", "superseded", "overruled")
KINDS = ("clause", "precedent")
_NEAR_MISSES = 3


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=8, show_default=True, type=click.IntRange(1, 100), help="How many to show.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge clauses by this day instead of today.")
@click.option("--authority", type=click.Choice(AUTHORITIES), help="Only precedents of this authority or a higher one.")
@click.option(
    "--status",
    multiple=True,
    type=click.Choice(STATUSES),
    help="Only precedents of this status; active and stale else.",
)
@click.option(
    "--jurisdiction", multiple=True, help="Only what rests on this law: us, eu, uk, other, or house for none."
)
@click.option("--kind", multiple=True, type=click.Choice(KINDS), help="Only clauses, or only precedents.")
@click.option("--area", multiple=True, help="Only this area of the policy, by its id.")
@click.option("--pack", help="A shipped pack's name, or a pack's folder.")
@click.option("--json", "as_json", is_flag=True, help="Print hits as JSON, one a line.")
def command(
    words: tuple[str, ...],
    limit: int,
    as_of: object,
    authority: str | None,
    status: tuple[str, ...],
    jurisdiction: tuple[str, ...],
    kind: tuple[str, ...],
    area: tuple[str, ...],
    pack: str | None,
    as_json: bool,
) -> None:
    """Find the clauses and precedents nearest to WORDS, and say why each came back.

    Options that may be given several times widen the search; different options narrow it together.
    """
    from datetime import date, datetime

    from ui import assembly, settings
    from ui.progress import Progress

    where = _where(authority=authority, statuses=status, jurisdictions=jurisdiction, kinds=kind, areas=area)
    chosen = settings.read(pack=pack)
    loaded = assembly.pack(chosen)
    where.check(loaded)
    retriever = assembly.retriever(chosen, loaded, Progress("indexing"))
    day = as_of.date() if isinstance(as_of, datetime) else date.today()
    _show(retriever.search(" ".join(words), {}, as_of=day, where=where, limit=limit), as_json)
    click.echo(f"{loaded.manifest.title} {loaded.manifest.version}: {loaded.standing}", err=True)


def _where(**limits: Any) -> Where:
    from retrieval.where import Where

    return Where(**{name: value for name, value in limits.items() if value})


def _show(found: Found, as_json: bool) -> None:
    if not found:
        click.echo("Nothing was found.", err=True)
    elif not found.relevant:
        click.echo("Nothing relevant was found. What came nearest, for orientation only:", err=True)
    for hit in found if found.relevant else found[:_NEAR_MISSES]:
        if as_json:
            line = {"relevant": found.relevant, **hit.model_dump(mode="json")}
            click.echo(json.dumps(line, ensure_ascii=False))
        else:
            click.echo("\n".join(_lines(hit)))


def _lines(hit: Hit) -> Iterable[str]:
    yield f"{hit.score:.3f}  {hit.passage.id}  {hit.passage.title}"
    yield f"       {hit.passage.text[:160].replace(chr(10), ' ')}…"
    yield f"       because: {'; '.join(reason.detail for reason in hit.reasons)}"
    for kind, said in (("exception", "exceptions"), ("duty", "duties")):
        if linked := [f"{link.name} {link.title}" for link in hit.links if link.kind == kind]:
            yield f"       {said}: {'; '.join(linked)}"
    if hit.folded:
        yield f"       {len(hit.folded)} more tell nearly the same and were decided alike: {', '.join(hit.folded)}"
