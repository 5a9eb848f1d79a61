"""`reviewer-copilot review`: drafts for a file of cases, headless and resumable."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("review")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where reviews go; default FILE.reviews.jsonl."
)
@click.option("--pack", help="A shipped pack's name, or a pack's folder.")
@click.option("--fresh", is_flag=True, help="Begin again instead of going on where a former run stopped.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def command(file: Path, out: Path | None, pack: str | None, fresh: bool, as_json: bool) -> None:
    """Draft for every case of FILE (JSONL, one case a line; at least id and text).

    Writes one Review a line. A run that was stopped goes on where it stopped; a line that is no case is named with its
    place and doesn't stop the others.
    """
    from ui import assembly, batch, settings
    from ui.progress import Progress

    chosen = settings.read(pack=pack)
    target = out or file.with_name(f"{file.name}.reviews.jsonl")
    loaded = assembly.pack(chosen)
    cases = batch.read_all(file, loaded)
    reviewer = assembly.reviewer(chosen, Progress("indexing"), loaded)
    summary = batch.run(cases, reviewer, target, fresh=fresh, progress=Progress("drafting"))
    for problem in summary.problems:
        click.echo(f"error: {problem}", err=True)
    click.echo(summary.to_json() if as_json else summary.to_text(target))
    raise click.exceptions.Exit(3 if summary.problems else 0)
