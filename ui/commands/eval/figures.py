"""`reviewer-copilot eval figures`: figures in texts, from committed results."""

from __future__ import annotations

from pathlib import Path

import click

from ui.commands.eval import outputs

TEXTS = tuple(map(Path, ("README.md", "docs/confidence.md", "docs/evaluation.md", "docs/search.md")))


@click.command("figures")
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 where a text says something else.")
@click.option("--results", type=outputs.Folder(), help="The committed results. [default: evals/results]")
def command(files: tuple[Path, ...], check: bool, results: Path | None) -> None:
    """Put figures from committed results between the markers in FILES (default: README.md,
    docs/confidence.md, docs/evaluation.md, docs/search.md).

    Needs no data. A text without markers is fine.
    """
    from evals import figures

    held = results or figures.RESULTS
    changed = 0
    for file in files or tuple(file for file in TEXTS if file.is_file()):
        if check:
            stale = figures.check(file, held)
            for one in stale:
                click.echo(str(one), err=True)
            changed += len(stale)
        else:
            changed += figures.fill(file, held)
    click.echo(
        f"{changed} figures {'are out of date: run make figures' if check else 'changed'}" if changed else "up to date"
    )
    raise click.exceptions.Exit(1 if check and changed else 0)
